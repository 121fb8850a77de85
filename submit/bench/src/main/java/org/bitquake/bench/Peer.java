package org.bitquake.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Datasets;
import org.bitquake.jobs.cli.Benchmarks.Options;

/**
 * The same trials in a PyTorch loop, which is what one would write without bitquake. A script that
 * bitquake does not bring measures it and prints what {@link #LINES} reads.
 */
final class Peer {
  private static final String NUMBER = "([0-9]+(?:\\.[0-9]+)?)";

  /** What the script prints, and what a second of CPU time has to be divided by. */
  private static final Map<String, Pattern> LINES =
      Map.of(
          Figure.LENET5_10000,
              Pattern.compile("LeNet-5 +10,000 images a trial: " + NUMBER + " CPU-s,.*"),
          Figure.LENET5_30, Pattern.compile("LeNet-5 +30 images a trial: " + NUMBER + " CPU-ms.*"),
          Figure.RESNET18_RATE, Pattern.compile("ResNet-18 forward: " + NUMBER + " images/s.*"),
          Figure.RESNET18_PREPARE,
              Pattern.compile("ResNet-18 preparing a trial .*: " + NUMBER + " CPU-ms.*"));

  /** The names of its figures, which the JSON uses too. */
  static final class Figure {
    static final String LENET5_10000 = "lenet5.trial.10000.seconds";
    static final String LENET5_30 = "lenet5.trial.30.milliseconds";
    static final String RESNET18_RATE = "resnet18.imagesPerSecond";
    static final String RESNET18_PREPARE = "resnet18.prepare.milliseconds";

    private Figure() {}
  }

  /** Where it is and what runs it, or why not. */
  record Availability(Optional<Peer> peer, String obstacle) {}

  private final Path script;
  private final Path data;
  private final String python;
  private final Map<String, List<Double>> figures = new TreeMap<>();

  private Peer(Path script, Path data, String python) {
    this.script = script;
    this.data = data;
    this.python = python;
  }

  /**
   * @param home the source tree; the script is looked for beside it
   * @throws InputException if the user named a script and there is nothing to run it with
   */
  static Availability find(Options options, Path home, Settings settings) throws IOException {
    Path script =
        options
            .peer()
            .orElse(home.toAbsolutePath().resolveSibling("shared/reference/bench_peer.py"));
    if (options.peer().isEmpty() && !settings.peer()) {
      return new Availability(Optional.empty(), "not in a quick run unless --peer names it");
    }
    if (!Files.isRegularFile(script)) {
      return new Availability(Optional.empty(), "no script (--peer FILE names one)");
    }
    for (String python : List.of("python3", "/usr/bin/python3")) {
      if (works(python)) {
        Path data = options.peerData().orElseGet(Peer::builtIn);
        return new Availability(Optional.of(new Peer(script, data, python)), "");
      }
    }
    return new Availability(Optional.empty(), "no python3 that has torch");
  }

  private static boolean works(String python) {
    try {
      return Command.run(List.of(python, "-c", "import torch")).exit() == 0;
    } catch (IOException e) {
      return false; // there is no such program
    }
  }

  /** The test images in a folder of their own. */
  private static Path builtIn() {
    try {
      Path folder = Files.createTempDirectory("bench-data");
      folder.toFile().deleteOnExit();
      for (String name : List.of("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz")) {
        try (var in = Datasets.class.getResourceAsStream("fashion-mnist/" + name)) {
          Path file = folder.resolve(name);
          Files.copy(in, file);
          file.toFile().deleteOnExit();
        }
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs the script once more. */
  void run() {
    Command.Result result;
    try {
      result = Command.run(List.of(python, script.toString(), data.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (result.exit() != 0) {
      throw new InputException(Text.of("%s failed: %s", script, result.complaint()));
    }
    parse(result.out())
        .forEach((name, value) -> figures.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
  }

  /** The figures in what the script printed. */
  static Map<String, Double> parse(List<String> lines) {
    var found = new TreeMap<String, Double>();
    LINES.forEach(
        (name, pattern) ->
            lines.stream()
                .map(pattern::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .ifPresent(m -> found.put(name, Double.valueOf(m.group(1)))));
    if (found.size() < LINES.size()) {
      throw new InputException(
          Text.of(
              "the peer's output lacks %s; it was: %s",
              LINES.keySet().stream().filter(n -> !found.containsKey(n)).sorted().toList(),
              String.join(" | ", lines)));
    }
    return found;
  }

  /** By name, a value for each run. */
  Map<String, List<Double>> figures() {
    return figures;
  }
}
