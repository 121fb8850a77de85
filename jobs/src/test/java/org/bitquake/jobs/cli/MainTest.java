package org.bitquake.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.bitquake.jobs.FakeResults;
import org.bitquake.jobs.TestSpark;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {
  /** Takes no byte. */
  private static final String FULL = "/dev/full";

  private final Path directory = FakeResults.directory();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void results() {
    TestSpark.session();
  }

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  private void assertOneLine() {
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).startsWith("bitquake: ").doesNotContain("\tat ", "Exception");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void everyCommandHasHelpWithAnExample() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("Commands:", "Exit codes:", "Example");
    for (String name : Main.commandLine().getSubcommands().keySet()) {
      out.getBuffer().setLength(0);
      assertThat(run(name, "--help")).as(name).isZero();
      assertThat(out.toString()).as(name).contains("bitquake " + name);
      if (!name.equals("data")) { // its own commands have theirs
        assertThat(out.toString()).as(name).contains("Example");
      }
    }
  }

  @Test
  void saysItsVersion() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).matches("bitquake \\d+\\.\\d+\\.\\d+\\S* \\(Spark 3\\..*\\)\\R");
  }

  @Test
  void aMisspeltOptionIsOneLineWithASuggestion() {
    assertThat(run("sql", "--resluts", "x")).isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine();
    assertThat(err.toString()).contains("--resluts").contains("--results");
  }

  @Test
  void aMisspeltCommandIsOneLineWithASuggestion() {
    assertThat(run("inspct")).isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine();
    assertThat(err.toString()).contains("did you mean").contains("inspect");
  }

  @Test
  void aMissingCommandIsOneLineThatListsThem() {
    assertThat(run()).isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine();
    assertThat(err.toString()).contains("sql", "inspect", "report");
  }

  @Test
  void anUnknownFormatIsOneLine() {
    assertThat(run("sql", "--results", "x", "--format", "xml", "SELECT 1")).isEqualTo(2);
    assertOneLine();
    assertThat(err.toString()).containsIgnoringCase("csv");
  }

  @Test
  void sqlPrintsCsv() {
    int code =
        run(
            "sql",
            "-r",
            directory.toString(),
            "--format",
            "csv",
            "SELECT network, count(*) AS n FROM trials GROUP BY 1 ORDER BY 1; SELECT 'a' AS b");
    assertThat(code).isZero();
    assertThat(out.toString()).isEqualTo("network,n\nAS,600\nstandard,600\nb\na\n");
  }

  @Test
  void sqlRunsAFile(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("q.sql"), "-- a\nSELECT 2 AS two;\n");
    assertThat(run("sql", "-r", directory.toString(), "--file", file.toString())).isZero();
    assertThat(out.toString()).isEqualTo("two\n───\n  2\n");
  }

  @Test
  void wrongSqlIsOneLine() {
    assertThat(run("sql", "-r", directory.toString(), "SELECT acuracy FROM cells")).isEqualTo(2);
    assertOneLine();
  }

  @Test
  void aStatementThatFailsWhileItRunsIsOneLineToo() {
    String failing = "SELECT raise_error('too bad') FROM cells";
    assertThat(run("sql", "-r", directory.toString(), failing)).isEqualTo(2);
    assertOneLine();
    assertThat(err.toString()).contains("too bad");
  }

  @Test
  void aMissingResultDirectoryIsOneLine() {
    assertThat(run("sql", "-r", directory.resolve("none").toString(), "SELECT 1")).isEqualTo(2);
    assertOneLine();
  }

  @Test
  void aMissingQueryFileIsOneLine() {
    assertThat(run("sql", "-r", directory.toString(), "-f", "none.sql")).isEqualTo(2);
    assertOneLine();
    assertThat(err.toString()).contains("none.sql");
  }

  @Test
  void reportDrawsTheFiguresAndSaysWhereThePageIs(@TempDir Path folder) {
    Path page = folder.resolve("page.html");
    assertThat(run("report", directory.toString(), "-o", page.toString())).isZero();
    assertThat(directory.resolve("figures/accuracy.svg")).isNotEmptyFile();
    assertThat(directory.resolve("figures/accuracy.png")).isNotEmptyFile();
    assertThat(directory.resolve("figures/accuracy-and-sparsity.svg")).isNotEmptyFile();
    int ofThePage = 8; // the lines of the landscape are drawn for files of their own
    assertThat(out.toString().lines())
        .allMatch(line -> Files.exists(Path.of(line.replaceFirst("^(Figure|Report) ", ""))))
        .doesNotHaveDuplicates()
        .endsWith("Report " + page)
        .hasSize(2 + 4 + 2 * ofThePage + 1);
  }

  @Test
  void aReportOfNoResultsIsOneLine() {
    assertThat(run("report", directory.resolve("none").toString())).isEqualTo(2);
    assertOneLine();
  }

  @CommandLine.Command(name = "broken", description = "x")
  static final class Broken implements Runnable {
    Broken() {}

    @Override
    public void run() {
      throw new IllegalStateException("impossible");
    }
  }

  @CommandLine.Command(name = "full", description = "x")
  static final class FullDisk implements Callable<Integer> {
    FullDisk() {}

    @Override
    public Integer call() throws IOException {
      var disk = new RawLocalFileSystem();
      disk.initialize(URI.create("file:///"), new Configuration());
      try (var out = disk.create(new org.apache.hadoop.fs.Path(FULL), true)) {
        out.write(new byte[1 << 20]);
      }
      return 0;
    }
  }

  @Test
  void aFullDiskIsOneLine() {
    assumeTrue(Files.exists(Path.of(FULL)), "there is no " + FULL);
    var line = Main.commandLine().addSubcommand(new FullDisk()).setErr(new PrintWriter(err, true));
    assertThat(line.execute("full")).isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine();
    assertThat(err.toString()).contains("No space left on device; make room");
  }

  @Test
  void anOutputThatIsNotWholeIsSaid() throws IOException {
    assumeTrue(Files.exists(Path.of(FULL)), "there is no " + FULL);
    try (var full = new FileOutputStream(FULL)) {
      assertThat(Main.run(new StandardOutput(full), new PrintWriter(err, true), "--help"))
          .isEqualTo(ExitCode.WRONG_INPUT);
    }
    assertOneLine();
    assertThat(err.toString()).contains("standard output cannot be written: No space left on");
  }

  @Test
  void aReaderThatHasReadEnoughIsNoMistake() {
    var closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    assertThat(Main.run(new StandardOutput(closed), new PrintWriter(err, true), "--help")).isZero();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aBugShowsItsTraceAndAsksForAReport() {
    var line = Main.commandLine().addSubcommand(new Broken()).setErr(new PrintWriter(err, true));
    assertThat(line.execute("broken")).isEqualTo(ExitCode.BUG);
    assertThat(err.toString()).contains("impossible", "\tat ", "report it");
  }
}
