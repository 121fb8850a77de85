package org.bitquake.jobs.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.FSError;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.sql.SparkSession;
import org.bitquake.Text;
import org.bitquake.jobs.console.Timings;
import org.bitquake.jobs.store.LocalDisk;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * {@code bitquake <command>}.
 *
 * <p>Commands find their writers in {@code spec.commandLine().getOut()}, throw {@link
 * org.bitquake.InputException} for what the user got wrong, and return an {@link ExitCode}.
 */
@Command(
    name = "bitquake",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "How a quantised neural network behaves when the memory that holds its weights is faulty.",
      ""
    },
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:a bug, with a stack trace; replay: something differs; doctor: there is a problem",
      "2:the input is wrong: one line says what, where and what to do",
      "3:finished, with failed trials",
      "4:verify found something wrong: a line for each finding",
      "5:stopped as asked; the same command goes on",
      "6:protect: no protection was confirmed to keep the target for some network"
    },
    footerHeading = "%nExample:%n",
    footer = "  bitquake sql --results results/lenet5 \"SELECT * FROM cells ORDER BY rate\"")
public final class Main implements Runnable {
  /** Every command; each is a picocli {@code @Command} with a constructor without arguments. */
  private static final List<Class<?>> COMMANDS =
      List.of(
          InitCommand.class,
          TrainCommand.class,
          CampaignCommand.class,
          LandscapeCommand.class,
          ProtectCommand.class,
          PlanCommand.class,
          FaultsCommand.class,
          CnvlutinCommand.class,
          StopCommand.class,
          SqlCommand.class,
          ReplayCommand.class,
          VerifyCommand.class,
          InspectCommand.class,
          PredictCommand.class,
          ImportCommand.class,
          ExportCommand.class,
          ReportCommand.class,
          DoctorCommand.class,
          BenchCommand.class,
          DataCommand.class,
          CompletionCommand.class);

  /** Said when Ctrl-C or kill ends a command. */
  private static final String STOPPED =
      "bitquake: stopped; what is committed is kept, run the same command again to go on";

  private static final String DEPLOY_MODE = "spark.submit.deployMode";
  private static final String IN_CLUSTER = "cluster";

  @Spec private CommandSpec spec;

  @Option(
      names = "--timings",
      scope = ScopeType.INHERIT,
      description = "Print at the end, on standard error, how long each phase took.")
  private boolean timings;

  Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT); // for libraries: Spark and Hadoop number their files with it
    var notice = new Thread(Main::sayStopped);
    Runtime.getRuntime().addShutdownHook(notice);
    int code = run(args);
    // Inside spark-submit the session must end before the process does.
    var session = SparkSession.getDefaultSession();
    if (session.isDefined()) {
      session.get().stop();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(notice);
    } catch (IllegalStateException e) {
      return; // A signal ends the process, and decides its exit code.
    }
    if (code == ExitCode.DONE && IN_CLUSTER.equals(System.getProperty(DEPLOY_MODE))) {
      return; // YARN's application master counts as failed whoever ends its process.
    }
    System.exit(code);
  }

  /** One line is enough: what Spark reports while it is torn down is no news. */
  private static void sayStopped() {
    Configurator.setAllLevels(LogManager.ROOT_LOGGER_NAME, Level.OFF);
    System.err.println(STOPPED);
  }

  /** Runs a command on the standard streams; returns its {@link ExitCode}. */
  public static int run(String... args) {
    return run(
        new StandardOutput(new FileOutputStream(FileDescriptor.out)),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        args);
  }

  /** Runs a command on these streams; a standard output that is not whole is wrong input. */
  static int run(StandardOutput out, PrintWriter err, String... args) {
    int code = run(new PrintWriter(out, true, StandardCharsets.UTF_8), err, args);
    var obstacle = out.obstacle();
    if (code != ExitCode.DONE || obstacle.isEmpty()) {
      return code;
    }
    err.println(
        Text.of(
            "bitquake: standard output cannot be written: %s; make room there and run the same command again",
            obstacle.get()));
    return ExitCode.WRONG_INPUT;
  }

  /** Runs a command on these streams; returns its {@link ExitCode}. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    int code = commandLine(named(args)).setOut(out).setErr(err).execute(args);
    out.flush();
    err.flush();
    return code;
  }

  /** The root with all its commands, options and failures as users meet them. */
  static CommandLine commandLine() {
    return commandLine(List.of());
  }

  /**
   * The command that an argument list begins with: picocli need not read the annotations of the
   * others. None where another one must be found or suggested, or all listed.
   */
  private static List<Class<?>> named(String... args) {
    return args.length == 0
        ? List.of()
        : COMMANDS.stream()
            .filter(c -> c != CompletionCommand.class)
            .filter(c -> c.getAnnotation(Command.class).name().equals(args[0]))
            .toList();
  }

  private static CommandLine commandLine(List<Class<?>> named) {
    var main = new Main();
    var line = new CommandLine(main);
    (named.isEmpty() ? COMMANDS : named).forEach(line::addSubcommand);
    return line.setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setExecutionStrategy(main::execute)
        .setParameterExceptionHandler(Failures::parameters)
        .setExecutionExceptionHandler(Failures::execution);
  }

  private int execute(ParseResult parsed) {
    if (!timings) {
      return last(parsed);
    }
    Timings.begin();
    try {
      return last(parsed);
    } finally {
      Timings.end(spec.commandLine().getErr());
    }
  }

  /** What a local disk refuses, and want of memory, are errors in Java: failures like others. */
  private static int last(ParseResult parsed) {
    if (usesFiles(parsed)) {
      LocalDisk.use();
    }
    try {
      return new RunLast().execute(parsed);
    } catch (FSError e) {
      var command = parsed.commandSpec().commandLine();
      throw new ExecutionException(command, e.getMessage(), new IOException(e.getMessage(), e));
    } catch (OutOfMemoryError e) {
      var command = parsed.commandSpec().commandLine();
      throw new ExecutionException(command, e.getMessage(), new IllegalStateException(e));
    }
  }

  /** False for what is over sooner than Hadoop has begun: help, completion. */
  private static boolean usesFiles(ParseResult parsed) {
    var last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    return !last.isUsageHelpRequested()
        && !last.isVersionHelpRequested()
        && !(last.commandSpec().userObject() instanceof CompletionCommand);
  }

  /** Without a command there is nothing to do. */
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "a command is missing: one of " + String.join(", ", spec.subcommands().keySet()));
  }
}
