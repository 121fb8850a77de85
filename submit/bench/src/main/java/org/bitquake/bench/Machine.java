package org.bitquake.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the numbers come from.
 *
 * @param processor its model, as the operating system names it
 * @param processors those this process may use before it is pinned
 * @param load the load average of the last minute when it began; negative where there is none
 */
record Machine(String processor, String processors, String os, String java, double load) {
  /** Set by the launcher: the processors that may be used, such as {@code 0-3}. */
  private static final String PROCESSORS = "bitquake.bench.processors";

  static Machine here() {
    return new Machine(
        model().orElse(System.getProperty("os.arch")),
        pinnedFrom().orElseGet(() -> Integer.toString(Runtime.getRuntime().availableProcessors())),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  /** The processors that the launcher took this process from; empty if it is not pinned. */
  static Optional<String> pinnedFrom() {
    return Optional.ofNullable(System.getProperty(PROCESSORS));
  }

  /** Whether two threads can run at once. */
  static boolean hasTwo() {
    return pinnedFrom()
        .map(list -> list.contains(",") || list.contains("-"))
        .orElseGet(() -> Runtime.getRuntime().availableProcessors() > 1);
  }

  private static Optional<String> model() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.replaceFirst("[^:]*:\\s*", ""))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty(); // not a Linux
    }
  }
}
