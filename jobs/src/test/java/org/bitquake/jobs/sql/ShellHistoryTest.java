package org.bitquake.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.bitquake.jobs.FakeResults;
import org.bitquake.jobs.TestSpark;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is typed at the prompt is kept, privately and within bounds, or not at all. */
class ShellHistoryTest {
  private static final String UP = "\020"; // Ctrl-P

  private static SqlSession session;
  private final StringWriter text = new StringWriter();
  @TempDir private Path home;

  @BeforeAll
  static void open() {
    session = SqlSession.open(TestSpark.session(), FakeResults.directory().toString());
  }

  private void type(ShellHistory history, String keys) throws IOException {
    var in = new ByteArrayInputStream(keys.getBytes(StandardCharsets.UTF_8));
    var screen = new ByteArrayOutputStream();
    try (var terminal = new ExternalTerminal("test", "ansi", in, screen, StandardCharsets.UTF_8)) {
      new Shell(session, ResultFormat.CSV, new PrintWriter(text)).run(terminal, history);
    }
  }

  private ShellHistory history() {
    return ShellHistory.of(Optional.empty(), home);
  }

  private Path file() {
    return home.resolve(".bitquake_history");
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void aLaterSessionKnowsTheStatementsOfAnEarlierOne() throws IOException {
    type(history(), "SELECT 41 + 1 AS answer;\rquit\r");
    assertThat(text.toString()).contains("answer\n42\n");
    assertThat(file()).content().contains("SELECT 41 + 1 AS answer;");

    text.getBuffer().setLength(0);
    type(history(), UP + UP + "\rquit\r"); // quit, and what came before it
    assertThat(text.toString()).contains("answer\n42\n");
  }

  @Test
  void onlyItsOwnerCanReadTheFile() throws IOException {
    type(history(), "tables\rquit\r");
    assertThat(permissions(file())).isEqualTo("rw-------");

    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
    type(history(), "quit\r");
    assertThat(permissions(file())).isEqualTo("rw-------");
  }

  @Test
  void theFileIsBoundedAndStaysPrivateWhenItIsCut() throws IOException {
    var lines = new StringBuilder();
    for (int i = 0; i < 3 * ShellHistory.ENTRIES; i++) {
      lines.append("1700000000000:SELECT ").append(i).append(" AS n;\n");
    }
    Files.writeString(file(), lines);
    type(history(), "tables\rquit\r");
    try (var kept = Files.lines(file())) {
      assertThat(kept.toList())
          .hasSizeLessThanOrEqualTo(ShellHistory.ENTRIES + ShellHistory.ENTRIES / 4)
          .anyMatch(line -> line.endsWith("SELECT 2999 AS n;"))
          .anyMatch(line -> line.endsWith("tables"));
    }
    assertThat(permissions(file())).isEqualTo("rw-------");
  }

  @Test
  void nothingIsKeptWhereThatIsAskedFor() throws IOException {
    type(ShellHistory.of(Optional.of("off"), home), "tables\rquit\r");
    type(ShellHistory.none(), "tables\rquit\r");
    try (var files = Files.list(home)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void anotherFileMayBeNamed() throws IOException {
    Path other = home.resolve("mine");
    type(ShellHistory.of(Optional.of(other.toString()), home), "tables\rquit\r");
    assertThat(other).content().contains("tables");
    assertThat(file()).doesNotExist();
  }

  @Test
  void aFileThatCannotBeWrittenIsToldAndTheShellGoesOn() throws IOException {
    Files.createDirectory(file());
    type(history(), "SELECT 42 AS answer;\rquit\r");
    assertThat(text.toString()).contains("What you type is not kept", "answer\n42\n");
  }
}
