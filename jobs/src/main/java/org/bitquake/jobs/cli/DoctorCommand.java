package org.bitquake.jobs.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;
import org.bitquake.jobs.doctor.Checkup;
import org.bitquake.jobs.doctor.Doctor;
import org.bitquake.jobs.doctor.Finding;
import org.bitquake.jobs.doctor.Finding.Mark;
import org.bitquake.jobs.doctor.FindingsFile;
import org.bitquake.jobs.session.SparkStart;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bitquake doctor}: whether this machine, and Spark's cluster, can do the work. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Looks over Java, memory, processors, native libraries, engines (and measures their speed), "
          + "data sets, networks, folders and Spark. A line each, marked ok, warning or problem; a fix "
          + "follows where something is amiss. Exit code 0 if nothing is a problem, 1 otherwise."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bitquake doctor",
      "  bitquake doctor --json doctor.json",
      "  bitquake doctor --output hdfs:///results -- --master spark://host:7077"
    })
final class DoctorCommand implements Callable<Integer> {
  /** Set by the launcher: the root of the source tree or of the installation. */
  private static final String HOME = "bitquake.home";

  private static final String SPARK_LOG = "org.apache.spark";

  private static final double MOST_SECONDS = 60;
  private static final long LONGEST_WAIT = 3600;

  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where data sets lie (default: data here, and beside conf).")
  private Optional<String> data;

  @Option(
      names = "--networks",
      paramLabel = "DIR",
      description = "Where network files lie (default: conf/networks).")
  private Optional<Path> networks;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "results",
      paramLabel = "DIR",
      description = "Where results will go, a local or Hadoop path (default: ${DEFAULT-VALUE}).")
  private String output;

  @Option(
      names = "--seconds",
      defaultValue = "1",
      paramLabel = "S",
      description = "CPU time to measure each engine for (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--wait",
      defaultValue = "90",
      paramLabel = "S",
      description = "How long to wait for Spark's master, and its executors (default: 90).")
  private long wait;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also write what was found to this file, for programs.")
  private Optional<Path> json;

  @Override
  public Integer call() throws IOException {
    require(seconds > 0 && seconds <= MOST_SECONDS, "--seconds", "above 0 and at most 60");
    require(wait > 0 && wait <= LONGEST_WAIT, "--wait", "1 to 3600");
    json.ifPresent(this::requireFolder);
    PrintWriter out = spec.commandLine().getOut();
    var checkup = new Checkup(places(), networks(), output, seconds, Duration.ofSeconds(wait));
    var findings = look(checkup, out);
    long problems = count(findings, Mark.PROBLEM);
    out.printf(
        Locale.ROOT, "%nproblems: %d, warnings: %d%n", problems, count(findings, Mark.WARNING));
    out.flush();
    if (json.isPresent()) {
      FindingsFile.write(findings, json.get());
    }
    return problems == 0 ? ExitCode.DONE : ExitCode.AMISS;
  }

  /** Spark's log is silent meanwhile: what is wrong is told in a line here. */
  private static List<Finding> look(Checkup checkup, PrintWriter out) {
    Level before = LogManager.getLogger(SPARK_LOG).getLevel();
    Configurator.setLevel(SPARK_LOG, Level.OFF);
    try {
      var checks = checkup.checks(() -> SparkStart.session("doctor"));
      return Doctor.look(checks, finding -> print(finding, out));
    } finally {
      Configurator.setLevel(SPARK_LOG, before);
    }
  }

  private static void print(Finding finding, PrintWriter out) {
    String mark = finding.mark().name().toLowerCase(Locale.ROOT);
    out.printf(Locale.ROOT, "%-8s %-17s %s%n", mark, finding.subject(), finding.found());
    finding.fix().ifPresent(fix -> out.printf(Locale.ROOT, "%26s → %s%n", "", fix));
    out.flush();
  }

  private List<String> places() {
    if (data.isPresent()) {
      return List.of(data.get());
    }
    Set<String> places = new LinkedHashSet<>(List.of(Path.of("data").toAbsolutePath().toString()));
    places.add(home().resolve("data").toString());
    return List.copyOf(places);
  }

  private Path networks() {
    return networks.orElse(home().resolve("conf").resolve("networks"));
  }

  private static Path home() {
    return Path.of(System.getProperty(HOME, "")).toAbsolutePath();
  }

  private static long count(List<Finding> findings, Mark mark) {
    return findings.stream().filter(finding -> finding.mark() == mark).count();
  }

  private void requireFolder(Path file) {
    var folder = file.toAbsolutePath().getParent();
    require(
        folder != null && Files.isDirectory(folder) && !Files.isDirectory(file),
        "--json " + file,
        "a file in an existing directory");
  }

  private void require(boolean sound, String option, String allowed) {
    if (!sound) {
      throw new ParameterException(spec.commandLine(), option + " must be " + allowed);
    }
  }
}
