package org.bitquake.jobs.console;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** A terminal, or a log, where time passes as a test says. */
public final class FakeScreen {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private final boolean terminal;
  private long nanos;

  public FakeScreen(boolean terminal) {
    this.terminal = terminal;
  }

  public Progress progress(String what, long total) {
    return new Progress(what, total, new Progress.Screen(out, terminal, () -> nanos));
  }

  /** What writes between the lines of the progress, as standard output does on a terminal. */
  public PrintWriter writer() {
    return new PrintWriter(out, true, java.nio.charset.StandardCharsets.UTF_8);
  }

  public void pass(long millis) {
    nanos += millis * NANOS_PER_MILLI;
  }

  public String written() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** What a person sees: of each line what was drawn last, up to the longest that was there. */
  public List<String> seen() {
    String text = written().stripTrailing();
    return Stream.of(text.split("\n", -1)).map(FakeScreen::drawn).toList();
  }

  private static String drawn(String line) {
    var cells = new StringBuilder();
    for (String drawing : line.split("\r", -1)) {
      cells.replace(0, Math.min(drawing.length(), cells.length()), drawing);
    }
    return cells.toString().stripTrailing();
  }
}
