package org.bitquake.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.engine.Engines;
import org.bitquake.jobs.cli.Benchmarks;
import org.bitquake.tflite.TensorFlowLite;

/** {@code bitquake bench}: everything in one go. */
public final class Suite implements Benchmarks {
  /** Set by the launcher: the source tree. */
  private static final String HOME = "bitquake.home";

  private static final String RESNET8 = "data/mlperf-tiny/pretrainedResnet_quant.tflite";

  private static final int COMMAND_ROUNDS = 3;
  private static final String NO_INT8 = "the int8 limit: ";

  private final Map<String, List<Double>> peaks = new TreeMap<>();
  private final List<String> notes = new ArrayList<>();
  private PrintWriter err;

  @Override
  public void run(Options options, PrintWriter out, PrintWriter progress) throws IOException {
    run(options, out, progress, Path.of(System.getProperty(HOME, "")).toAbsolutePath());
  }

  void run(Options options, PrintWriter out, PrintWriter progress, Path home) throws IOException {
    var settings = options.quick() ? Settings.QUICK : Settings.FULL;
    Optional<Earlier> before = Optional.empty();
    if (options.against().isPresent()) {
      before = Optional.of(Earlier.read(options.against().get()));
    }
    List<Workload> workloads = new ArrayList<>();
    if (options.parts().contains(Part.ENGINES)) {
      workloads.add(Workload.lenet5(home));
      workloads.add(Workload.resnet18(Workload.WIDTH));
      workloads.add(Workload.wider(Workload.WIDER_WIDTH));
      workloads.add(Workload.convolutions(256));
    }
    tflite(options, home).ifPresent(workloads::add);
    Results results = run(options, home, settings, workloads, progress);
    out.print(Report.of(results));
    before.ifPresent(b -> out.print(b.beside(results)));
    if (options.json().isPresent()) {
      var file = options.json().get().toFile();
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file, results);
    }
  }

  /**
   * What shares a core goes first and last, so that a change of its speed shows in their spread.
   */
  Results run(
      Options options, Path home, Settings settings, List<Workload> workloads, PrintWriter progress)
      throws IOException {
    this.err = progress;
    var machine = Machine.here();
    Optional<Peer> peer = peer(options, home, settings);
    peaks(options, settings);
    peer = peer.filter(p -> ran(p, options));
    List<Series> series = engines(settings, workloads);
    peer = peer.filter(p -> ran(p, options));
    if (!options.quick()) {
      peaks(options, settings);
    }
    return new Results(
        machine,
        states(workloads),
        macs(workloads),
        peaks,
        series,
        threads(options, home),
        commands(options, home),
        peer.map(Peer::figures).orElse(Map.of()),
        notes);
  }

  /** The model that TensorFlow Lite runs, too; what nobody asked for may be missing. */
  private Optional<Workload> tflite(Options options, Path home) throws IOException {
    if (!options.parts().contains(Part.TFLITE)) {
      return Optional.empty();
    }
    Path file = options.tflite().orElse(home.resolveSibling("shared").resolve(RESNET8));
    var obstacle =
        Files.isRegularFile(file)
            ? TensorFlowLite.unavailable()
            : Optional.of("no model (--tflite FILE names one)");
    obstacle.ifPresent(why -> notes.add("TensorFlow Lite: " + why));
    return obstacle.isEmpty() ? Optional.of(Workload.tflite(file)) : Optional.empty();
  }

  private void peaks(Options options, Settings settings) {
    if (options.parts().contains(Part.LIMITS)) {
      say("the processor's limit");
      Peaks.run(settings).forEach(this::peak);
      try {
        peak("int8", Int8Peak.run());
      } catch (InputException e) {
        notes.remove(NO_INT8 + e.getMessage()); // once is enough
        notes.add(NO_INT8 + e.getMessage());
      }
    }
  }

  private void peak(String lanes, List<Double> rates) {
    peaks.computeIfAbsent(lanes, l -> new ArrayList<>()).addAll(rates);
  }

  private Optional<Peer> peer(Options options, Path home, Settings settings) throws IOException {
    if (!options.parts().contains(Part.PEER)) {
      return Optional.empty();
    }
    var found = Peer.find(options, home, settings);
    if (found.peer().isEmpty()) {
      notes.add("the PyTorch loop: " + found.obstacle());
    }
    return found.peer();
  }

  /** A peer that nobody asked for may fail; what was asked for may not. */
  private boolean ran(Peer peer, Options options) {
    say("the PyTorch loop");
    try {
      peer.run();
      return true;
    } catch (InputException e) {
      if (options.peer().isPresent()) {
        throw e;
      }
      notes.add("the PyTorch loop: " + e.getMessage());
      return false;
    }
  }

  private List<Series> engines(Settings settings, List<Workload> workloads) {
    try (var rounds = new Rounds(settings)) {
      for (var workload : workloads) {
        say("warming up on " + workload.title());
        rounds.add(workload);
      }
      notes.addAll(rounds.notes());
      return rounds.run(round -> say(Text.of("round %d of %d", round, settings.rounds())));
    }
  }

  private List<Threads.Scaling> threads(Options options, Path home) throws IOException {
    if (!options.parts().contains(Part.THREADS)) {
      return List.of();
    }
    if (!Machine.hasTwo()) {
      notes.add("two threads: this process may use one processor only");
      return List.of();
    }
    say("two threads");
    return Threads.start(home, options.quick(), Machine.pinnedFrom());
  }

  private List<Commands.Timing> commands(Options options, Path home) throws IOException {
    if (!options.parts().contains(Part.COMMANDS)) {
      return List.of();
    }
    say("commands");
    return Commands.run(home, options.quick() ? 1 : COMMAND_ROUNDS, Machine.pinnedFrom());
  }

  private static Map<String, String> states(List<Workload> workloads) {
    Map<String, String> states = new LinkedHashMap<>();
    for (var status : Engines.all()) {
      var why = new ArrayList<String>();
      status.obstacle().ifPresent(why::add);
      for (var w : workloads) {
        if (status.usable()) {
          status.provider().unsupported(w.network()).ifPresent(s -> why.add(w.title() + ": " + s));
        }
      }
      states.put(status.provider().name(), String.join("; ", why));
    }
    return states;
  }

  private static Map<String, Long> macs(List<Workload> workloads) {
    Map<String, Long> macs = new LinkedHashMap<>();
    workloads.forEach(w -> macs.put(w.title(), w.network().macs()));
    return macs;
  }

  private void say(String what) {
    err.println("bench: " + what);
  }
}
