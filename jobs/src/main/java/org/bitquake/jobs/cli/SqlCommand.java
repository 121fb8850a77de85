package org.bitquake.jobs.cli;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.jobs.console.Terminals;
import org.bitquake.jobs.console.Timings;
import org.bitquake.jobs.session.SparkStart;
import org.bitquake.jobs.sql.ResultFormat;
import org.bitquake.jobs.sql.Shell;
import org.bitquake.jobs.sql.ShellHistory;
import org.bitquake.jobs.sql.SqlSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bitquake sql}: asks a result directory questions. */
@Command(
    name = "sql",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Runs SQL over the tables of a result directory; nothing is changed.",
      "Without a statement it reads them from a prompt, or from a pipe."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bitquake sql --results results/lenet5 --file notebooks/accuracy.sql",
      "  bitquake sql -r results/lenet5 --format csv \"TABLE trials\" > trials.csv",
      "  bitquake sql -r results/lenet5 --format markdown -f notebooks/ranking.sql"
    })
final class SqlCommand implements Callable<Integer> {
  private static final long LONGEST_FILE = 1 << 20;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-r", "--results"},
      required = true,
      paramLabel = "DIR",
      description = "Result directory of a campaign: a local or Hadoop path.")
  private String results;

  @Option(
      names = "--format",
      defaultValue = "table",
      paramLabel = "FORMAT",
      description = "table, csv, json or markdown (default: ${DEFAULT-VALUE}).")
  private ResultFormat format;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "Statements to run, separated by semicolons.")
  private Path file;

  @Option(
      names = "--no-history",
      description = {
        "Keep nothing of what is typed at the prompt. Otherwise it goes to ~/.bitquake_history, or "
            + "to the file in the environment variable BITQUAKE_HISTORY; off there keeps nothing either."
      })
  private boolean noHistory;

  @Parameters(
      arity = "0..1",
      paramLabel = "STATEMENT",
      description = "Statements to run, separated by semicolons.")
  private String statement;

  @Override
  public Integer call() throws IOException {
    if (file != null && statement != null) {
      throw new ParameterException(spec.commandLine(), "give --file or a statement, not both");
    }
    String text = file != null ? read(file) : statement;
    PrintWriter out = spec.commandLine().getOut();
    var spark = SparkStart.session("sql");
    var session = Timings.phase("tables", () -> SqlSession.open(spark, results));
    var shell = new Shell(session, format, out);
    if (text != null) {
      Timings.run("statements", () -> shell.run(text, width()));
    } else if (Terminals.isTerminal(Terminals.Stream.IN)) {
      shell.runTerminal(history());
    } else {
      shell.runScript(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    }
    return ExitCode.DONE;
  }

  private ShellHistory history() {
    var variable =
        Optional.ofNullable(System.getenv(ShellHistory.VARIABLE)).filter(v -> !v.isEmpty());
    return noHistory
        ? ShellHistory.none()
        : ShellHistory.of(variable, Path.of(System.getProperty("user.home")));
  }

  private static String read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new InputException(Text.of("%s: no such file; --file names a file with SQL", file));
    }
    if (Files.size(file) > LONGEST_FILE) {
      throw new InputException(Text.of("%s: longer than 1 MiB, which is no SQL", file));
    }
    try {
      return Files.readString(file);
    } catch (java.nio.charset.CharacterCodingException e) {
      throw new InputException(Text.of("%s: not UTF-8 text", file), e);
    }
  }

  /** What the caller says about its terminal; a pipe gets lines of any length. */
  private static int width() {
    String columns = System.getenv("COLUMNS");
    return columns != null && columns.matches("[1-9]\\d{1,4}")
        ? Integer.parseInt(columns)
        : Integer.MAX_VALUE;
  }
}
