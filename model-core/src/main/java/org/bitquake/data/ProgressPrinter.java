package org.bitquake.data;

import java.io.PrintWriter;
import java.util.function.LongSupplier;
import org.bitquake.Text;

/**
 * Prints progress: on a terminal one line that is written over, elsewhere a line every 10 seconds
 * or 10 %, whichever comes later, and one at the end.
 */
public final class ProgressPrinter implements Progress {
  private static final long TERMINAL_NANOS = 200_000_000L;
  private static final long LOG_NANOS = 10_000_000_000L;
  private static final double LOG_FRACTION = 0.1;

  private final PrintWriter out;
  private final boolean terminal;
  private final LongSupplier nanoTime;
  private String file = "";
  private long printedAt;
  private double printedFraction;
  private int width;

  public ProgressPrinter(PrintWriter out, boolean terminal) {
    this(out, terminal, System::nanoTime);
  }

  ProgressPrinter(PrintWriter out, boolean terminal, LongSupplier nanoTime) {
    this.out = out;
    this.terminal = terminal;
    this.nanoTime = nanoTime;
  }

  @Override
  public void on(Step step) {
    long now = nanoTime.getAsLong();
    if (!step.file().equals(file)) {
      file = step.file();
      printedAt = now;
      printedFraction = step.fraction();
    }
    if (step.isComplete() || isDue(step, now)) {
      printedAt = now;
      printedFraction = step.fraction();
      print(step);
    }
  }

  private boolean isDue(Step step, long now) {
    return terminal
        ? now - printedAt >= TERMINAL_NANOS
        : now - printedAt >= LOG_NANOS && step.fraction() - printedFraction >= LOG_FRACTION;
  }

  private void print(Step step) {
    String line = line(step);
    if (!terminal) {
      out.println(line);
    } else {
      // Blanks cover what is left of a longer line before.
      out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
      width = line.length();
      if (step.isComplete()) {
        out.println();
        width = 0;
      }
    }
    out.flush();
  }

  /** Such as {@code x.gz 12.3 of 26.4 MB 46 % 5.1 MB/s 3 s left}. */
  static String line(Step step) {
    String line =
        Text.of(
            "%s  %.1f of %.1f MB  %d %%",
            step.file(), step.done() / 1e6, step.total() / 1e6, (int) (100 * step.fraction()));
    if (step.bytesPerSecond() > 0) {
      line += Text.of("  %.1f MB/s", step.bytesPerSecond() / 1e6);
    }
    if (step.isComplete()) {
      return line;
    }
    return line + step.left().map(t -> "  " + t.toSeconds() + " s left").orElse("");
  }
}
