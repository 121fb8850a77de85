package org.bitquake.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a person waits for: whole commands, each a process of its own as its user starts it, in
 * turn, round after round.
 */
final class Commands {
  private static final String TIME = "LC_ALL=C TIMEFORMAT='%R %U %S'; time \"$@\" >/dev/null 2>&1";

  private Commands() {}

  /**
   * How long a command took.
   *
   * @param command its words, without paths
   * @param seconds by the clock on the wall, a value for each round
   * @param cpuSeconds processor time of all its threads, likewise
   */
  record Timing(String command, List<Double> seconds, List<Double> cpuSeconds) {}

  /**
   * Runs all of them, the campaign first: the others look at its results.
   *
   * @param home the source tree
   * @param processors as taskset knows them; empty to leave the commands where this process is
   */
  static List<Timing> run(Path home, int rounds, Optional<String> processors) throws IOException {
    Path folder = Files.createTempDirectory("bench-commands");
    try {
      Map<String, Timing> timings = new LinkedHashMap<>();
      for (int round = 0; round < rounds; round++) {
        for (var command : commands(home, folder.resolve("results-" + round)).entrySet()) {
          double[] times = time(home, command.getValue(), processors);
          var timing =
              timings.computeIfAbsent(
                  command.getKey(), c -> new Timing(c, new ArrayList<>(), new ArrayList<>()));
          timing.seconds().add(times[0]);
          timing.cpuSeconds().add(times[1] + times[2]);
        }
      }
      return List.copyOf(timings.values());
    } finally {
      delete(folder);
    }
  }

  private static Map<String, List<String>> commands(Path home, Path results) {
    String directory = results.toString();
    String conf = home.resolve("conf").toString();
    Map<String, List<String>> commands = new LinkedHashMap<>();
    commands.put(
        "campaign conf/lenet5.yaml",
        List.of("campaign", conf + "/lenet5.yaml", "--output", directory));
    commands.put("report of it, there already", List.of("report", directory));
    commands.put(
        "report of it, made anew",
        List.of("report", directory, "--output", directory + "/anew.html"));
    commands.put(
        "sql, a question",
        List.of("sql", "-r", directory, "-f", home.resolve("notebooks/accuracy.sql").toString()));
    commands.put("inspect lenet5-as", List.of("inspect", conf + "/networks/lenet5-as.qnn.npz"));
    commands.put("campaign --help", List.of("campaign", "--help"));
    return commands;
  }

  /** Seconds: on the wall, of the processor as user and as system. */
  private static double[] time(Path home, List<String> words, Optional<String> processors)
      throws IOException {
    List<String> command = new ArrayList<>();
    processors.ifPresent(list -> command.addAll(List.of("taskset", "-c", list)));
    command.addAll(List.of("bash", "-c", TIME, "bash", home.resolve("submit/bitquake").toString()));
    command.addAll(words);
    var result = Command.run(command);
    if (result.exit() != 0) {
      throw new IllegalStateException(words + " ended with exit code " + result.exit());
    }
    return Stream.of(result.complaint().split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
