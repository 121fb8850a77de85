package org.bitquake.jobs.console;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bitquake.Text;

/**
 * How long the phases of a command took, for {@code --timings}. Until {@link #begin} nothing is
 * kept. Thread-safe: parts of a phase may run side by side, so that they add up to more than it.
 */
public final class Timings {
  private static final Timings CURRENT = new Timings();

  private final List<Entry> entries = new ArrayList<>();
  private boolean on;

  private Timings() {}

  private record Entry(String name, int depth, long from, long to) {}

  /** Something that takes time. */
  @FunctionalInterface
  public interface Work<E extends Exception> {
    void run() throws E;
  }

  /** Something that takes time and has a result. */
  @FunctionalInterface
  public interface Source<T, E extends Exception> {
    T get() throws E;
  }

  /** Keeps phases from now on, and forgets earlier ones. */
  public static void begin() {
    synchronized (CURRENT) {
      CURRENT.entries.clear();
      CURRENT.on = true;
    }
  }

  /** Does a phase of the command, such as {@code trials}. */
  public static <E extends Exception> void run(String name, Work<E> work) throws E {
    phase(
        name,
        () -> {
          work.run();
          return null;
        });
  }

  /** Does a phase of the command that has a result. */
  public static <T, E extends Exception> T phase(String name, Source<T, E> work) throws E {
    return CURRENT.measure(name, 0, work);
  }

  /** Does a part of a phase, such as a question of the page. */
  public static <T, E extends Exception> T part(String name, Source<T, E> work) throws E {
    return CURRENT.measure(name, 1, work);
  }

  private <T, E extends Exception> T measure(String name, int depth, Source<T, E> work) throws E {
    long from = System.nanoTime();
    try {
      return work.get();
    } finally {
      add(new Entry(name, depth, from, System.nanoTime()));
    }
  }

  private synchronized void add(Entry entry) {
    if (on) {
      entries.add(entry);
    }
  }

  /** Prints phases in the order of their beginnings and keeps nothing more. */
  public static void end(PrintWriter out) {
    List<Entry> entries;
    synchronized (CURRENT) {
      entries = new ArrayList<>(CURRENT.entries);
      CURRENT.entries.clear();
      CURRENT.on = false;
    }
    var process = ProcessHandle.current().info();
    Instant now = Instant.now();
    double age = seconds(Duration.between(process.startInstant().orElse(now), now));
    double cpu = process.totalCpuDuration().map(Timings::seconds).orElse(Double.NaN);
    out.print(text(entries, System.nanoTime(), age, cpu));
    out.flush();
  }

  /**
   * The table.
   *
   * @param now on the clock of the entries
   * @param age of the process, seconds; it began before there were entries
   * @param cpu processor time of the process, seconds
   */
  private static String text(List<Entry> entries, long now, double age, double cpu) {
    var table = new TextTable("phase", "from s", "seconds");
    entries.sort(Comparator.comparingLong(Entry::from));
    for (var entry : entries) {
      table.add(
          "  ".repeat(entry.depth()) + entry.name(),
          number(age - (now - entry.from()) / 1e9),
          number((entry.to() - entry.from()) / 1e9));
    }
    table.add("all", number(0), number(age));
    table.add("processor time", "", number(cpu));
    return table.render();
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }

  private static String number(double value) {
    return Text.of("%.2f", value);
  }
}
