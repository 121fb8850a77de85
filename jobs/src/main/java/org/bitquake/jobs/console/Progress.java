package org.bitquake.jobs.console;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.bitquake.Text;

/**
 * How far a long step is, on standard error.
 *
 * <p>On a terminal one line is redrawn, at most ten times a second. Elsewhere (a log file, a CI
 * page) whole lines are written: at each tenth of the way, but at most one a second, and after ten
 * silent seconds. Thread-safe: Spark's listeners may call {@link #update}.
 */
public final class Progress implements AutoCloseable {
  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int BAR = 24;
  private static final int STEPS = 10;

  /** Where to write, how, and what time it is; tests give their own. */
  record Screen(PrintStream out, boolean terminal, LongSupplier nanos) {}

  private static final class Standard {
    static final Screen SCREEN =
        new Screen(System.err, Terminals.isTerminal(Terminals.Stream.ERR), System::nanoTime);
  }

  private final String what;
  private long total;
  private final Screen screen;
  private final long started;
  private long done;
  private long lastShown;
  private long lastStep;
  private int lastWidth;
  private boolean closed;
  private String note = "";

  Progress(String what, long total, Screen screen) {
    if (total < 0) {
      throw new IllegalArgumentException("total must not be negative: " + total);
    }
    this.what = what;
    this.total = total;
    this.screen = screen;
    this.started = screen.nanos().getAsLong();
    this.lastShown = started;
    if (screen.terminal()) {
      draw();
    }
  }

  /**
   * Begins to report.
   *
   * @param what what is counted, such as {@code trials}
   * @param total how many there will be
   */
  public static Progress start(String what, long total) {
    return new Progress(what, total, Standard.SCREEN);
  }

  /** As {@link #update(long)}, where the total has turned out to be another one. */
  public synchronized void update(long done, long newTotal) {
    total = newTotal;
    update(done);
  }

  /** Says that {@code done} of the total are done; a smaller number than before is ignored. */
  public synchronized void update(long done) {
    if (closed || done <= this.done) {
      return;
    }
    this.done = done;
    long now = screen.nanos().getAsLong();
    if (screen.terminal()) {
      if (now - lastShown >= REDRAW_NANOS) {
        lastShown = now;
        draw();
      }
      return;
    }
    boolean newStep = step() > lastStep && now - lastShown >= LINE_NANOS;
    if (newStep || now - lastShown >= SILENCE_NANOS) {
      lastShown = now;
      lastStep = step();
      screen.out().println(what + ": " + status());
    }
  }

  /** Words for the end of the last line. */
  public synchronized void note(String words) {
    note = words;
  }

  /** Leaves one last line that says how many were done and how long it took. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    String line = Text.of("%s: %s", what, summary());
    if (screen.terminal()) {
      overwrite(line);
      screen.out().println();
    } else {
      screen.out().println(line);
    }
  }

  private void draw() {
    int filled = (int) (BAR * fraction());
    overwrite(
        Text.of("%s [%s%s] %s", what, "#".repeat(filled), "-".repeat(BAR - filled), status()));
  }

  private void overwrite(String line) {
    screen.out().print("\r" + line + " ".repeat(Math.max(0, lastWidth - line.length())));
    screen.out().flush();
    lastWidth = line.length();
  }

  private String status() {
    double seconds = seconds();
    String left = done == 0 ? "–" : clock(seconds * Math.max(0, total - done) / done);
    return Text.of(
        "%3d %%  %,d/%,d  %s  %s elapsed, %s left",
        (int) (100 * fraction()), done, total, rate(seconds), clock(seconds), left);
  }

  private String summary() {
    double seconds = seconds();
    String count = done == total ? Text.of("%,d", done) : Text.of("%,d of %,d", done, total);
    String more = note.isEmpty() ? "" : ", " + note;
    return Text.of("%s in %s (%s)%s", count, clock(seconds), rate(seconds), more);
  }

  private double fraction() {
    return total == 0 ? 1 : Math.min(1, (double) done / total);
  }

  private long step() {
    return (long) (STEPS * fraction());
  }

  private double seconds() {
    return (screen.nanos().getAsLong() - started) / 1e9;
  }

  private String rate(double seconds) {
    double rate = seconds > 0 ? done / seconds : 0;
    return rate > 0 && rate < 0.5
        ? Text.of("%.1f/min", 60 * rate)
        : String.format(Locale.ROOT, rate >= 100 ? "%,.0f/s" : "%.1f/s", rate);
  }

  /** {@code m:ss} or {@code h:mm:ss}. */
  static String clock(double seconds) {
    long s = Math.round(seconds);
    return s < 3600
        ? Text.of("%d:%02d", s / 60, s % 60)
        : Text.of("%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
  }
}
