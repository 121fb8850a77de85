package org.bitquake.jobs.sql;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.util.Locale;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.jobs.console.TextTable;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** Reads statements from a terminal or a pipe and prints their results. */
public final class Shell {
  private static final String PROMPT = "bitquake> ";
  private static final String HELP =
      """
      Statements end with a semicolon and may span lines; results are only read.
        tables            the tables of this directory, with their row counts
        describe TABLE    the columns of a table
        help              this text
        quit              leave (so does the end of the input)
      Example: SELECT network, rate, accuracy FROM cells WHERE kind = 'bit-flip' ORDER BY 1, 2;
      """;

  private final SqlSession session;
  private final ResultFormat format;
  private final PrintWriter out;

  public Shell(SqlSession session, ResultFormat format, PrintWriter out) {
    this.session = session;
    this.format = format;
    this.out = out;
  }

  /** Runs all statements of a text. */
  public void run(String text, int width) {
    for (String statement : Statements.split(text)) {
      try {
        var result = session.query(statement);
        QuietTasks.run(() -> format.print(result, out, width));
      } catch (Exception e) { // Scala does not declare exceptions
        throw SqlErrors.ofStatement(e);
      } finally {
        out.flush();
      }
    }
  }

  /**
   * Runs what comes through a pipe, each statement as soon as it is complete; the last needs no
   * semicolon. The first wrong statement ends it.
   *
   * @throws InputException if a statement is wrong
   */
  public void runScript(Reader in) throws IOException {
    var reader = new BufferedReader(in);
    var pending = new StringBuilder();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      pending.append(line).append('\n');
      if (isReady(pending.toString())) {
        if (!execute(pending.toString(), Integer.MAX_VALUE)) {
          return;
        }
        pending.setLength(0);
      }
    }
    execute(pending.toString(), Integer.MAX_VALUE);
  }

  /** Talks with a person until they leave; a wrong statement is told and forgotten. */
  public void runTerminal(ShellHistory history) throws IOException {
    try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
      run(terminal, history);
    }
  }

  /** Talks with whoever sits at this terminal. */
  void run(Terminal terminal, ShellHistory history) {
    LineReader reader = reader(terminal);
    keep(history, reader);
    out.printf(
        Locale.ROOT, "Tables: %s. Type help; or quit.%n", String.join(", ", session.tables()));
    out.flush();
    boolean more = true;
    while (more) {
      more = converse(reader, terminal.getWidth());
    }
  }

  private void keep(ShellHistory history, LineReader reader) {
    try {
      history.prepare().ifPresent(file -> reader.setVariable(LineReader.HISTORY_FILE, file));
    } catch (IOException e) {
      out.println("What you type is not kept: " + e.getMessage());
    }
  }

  private boolean converse(LineReader reader, int width) {
    try {
      return execute(reader.readLine(PROMPT), width > 0 ? width : Integer.MAX_VALUE);
    } catch (UserInterruptException e) {
      return true; // Ctrl-C forgets the line
    } catch (EndOfFileException e) {
      return false;
    } catch (Exception e) { // Scala does not declare exceptions
      InputException wrong = SqlErrors.userError(e).orElseThrow(() -> new IllegalStateException(e));
      out.println(wrong.getMessage());
      out.flush();
      return true;
    }
  }

  private static LineReader reader(Terminal terminal) {
    var parser = new UntilSemicolon();
    return LineReaderBuilder.builder()
        .terminal(terminal)
        .parser(parser)
        .variable(LineReader.SECONDARY_PROMPT_PATTERN, "%P      > ")
        .variable(LineReader.HISTORY_SIZE, ShellHistory.ENTRIES)
        .variable(LineReader.HISTORY_FILE_SIZE, ShellHistory.ENTRIES)
        .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
        .build();
  }

  /** JLine asks for more lines while the parser is not content. */
  private static final class UntilSemicolon extends DefaultParser {
    UntilSemicolon() {
      setQuoteChars(new char[0]);
      setEscapeChars(new char[0]);
    }

    @Override
    public ParsedLine parse(String line, int cursor, Parser.ParseContext context) {
      if (context == Parser.ParseContext.ACCEPT_LINE && !isReady(line)) {
        throw new EOFError(-1, -1, "a semicolon is missing", "");
      }
      return super.parse(line, cursor, context);
    }
  }

  private static boolean isReady(String text) {
    return Statements.isComplete(text) || Word.of(text) != Word.NONE;
  }

  /** What is understood besides SQL, with or without a semicolon. */
  private enum Word {
    HELP,
    TABLES,
    DESCRIBE,
    QUIT,
    NONE;

    static Word of(String text) {
      String words = text.strip().replaceFirst(";$", "").strip().toLowerCase(Locale.ROOT);
      return switch (words) {
        case "help" -> HELP;
        case "tables", "show tables" -> TABLES;
        case "quit", "exit" -> QUIT;
        default -> words.matches("desc(ribe)?\\s+\\w+") ? DESCRIBE : NONE;
      };
    }
  }

  /** Whether to go on. */
  private boolean execute(String text, int width) {
    switch (Word.of(text)) {
      case HELP -> out.print(HELP);
      case TABLES -> printTables();
      case QUIT -> {
        return false;
      }
      default -> run(text, width);
    }
    out.flush();
    return true;
  }

  private void printTables() {
    var table = new TextTable("table", "rows");
    for (String name : session.tables()) {
      table.add(name, Text.of("%,d", session.rows(name)));
    }
    out.print(table.render());
  }
}
