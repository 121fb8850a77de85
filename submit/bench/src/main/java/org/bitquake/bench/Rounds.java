package org.bitquake.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.bitquake.Text;
import org.bitquake.bench.Measurement.Quantity;
import org.bitquake.bench.Measurement.Sample;
import org.bitquake.engine.Engine;
import org.bitquake.engine.EngineProvider;
import org.bitquake.engine.Engines;
import org.bitquake.tflite.TensorFlowLite;

/**
 * Measures engines in turn: every measurement once, then all of them again. What else the machine
 * does then touches all alike and leaves their ratios; one JMH fork after the other, minutes apart,
 * would not, and JMH reads the clock on the wall, where this reads the thread's CPU time.
 */
final class Rounds implements AutoCloseable {
  /** In the place of an engine's name. */
  static final String TFLITE = "TensorFlow Lite";

  private static final long SEED = 1;

  private final Settings settings;
  private final List<Runnable> closing = new ArrayList<>();
  private final List<Measurement> measurements = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  Rounds(Settings settings) {
    this.settings = settings;
  }

  /** Prepares and warms up everything there is to measure about a workload. */
  void add(Workload w) {
    var memory = new TrialMemory(w.network(), SEED);
    if (w.trials()) {
      warm(new Measurement(Quantity.DRAW, w.title(), "", 0, memory::draw));
      warm(new Measurement(Quantity.APPLY, w.title(), "", 0, memory::apply));
      for (var model : TrialMemory.MODELS) {
        Runnable prepare = memory.preparation(model);
        warm(new Measurement(Quantity.FAULTS, w.title(), model.name(), 0, prepare));
      }
      for (var protection : TrialMemory.PROTECTIONS) {
        Runnable prepare = memory.preparation(protection);
        warm(new Measurement(Quantity.FAULTS, w.title(), protection.name(), 0, prepare));
      }
    }
    for (var provider : usable(w)) {
      var engine = provider.prepare(w.network());
      closing.add(engine::close);
      if (w.trials()) {
        String name = provider.name();
        warm(new Measurement(Quantity.LOAD, w.title(), name, 0, () -> engine.load(memory.codes())));
      }
      batches(w, engine, memory);
    }
    w.model().ifPresent(model -> peer(w, model));
  }

  /** TensorFlow Lite's interpreter on the same images. */
  private void peer(Workload w, byte[] model) {
    var peer = new TensorFlowLite(model);
    closing.add(peer::close);
    int n = w.batches().get(w.batches().size() - 1);
    int channels = w.network().inputShape().channels();
    Runnable predict = () -> peer.scores(w.pixels(), n, channels);
    warm(new Measurement(Quantity.PREDICT, w.title(), TFLITE, n, predict));
  }

  static List<EngineProvider> usable(Workload w) {
    return Engines.all().stream()
        .filter(Engines.Status::usable)
        .map(Engines.Status::provider)
        .filter(provider -> provider.unsupported(w.network()).isEmpty())
        .toList();
  }

  /** Batches as large as they are worth waiting for, judged by the one before. */
  private void batches(Workload w, Engine engine, TrialMemory memory) {
    int[] predictions = new int[w.batches().get(w.batches().size() - 1)];
    Measurement largest = null;
    double longest = settings.longest().toNanos() / 1e9;
    double perImage = 0;
    for (int n : w.batches()) {
      if (perImage * n > longest) {
        break;
      }
      Runnable predict = () -> engine.predict(w.pixels(), n, predictions);
      var measurement = new Measurement(Quantity.PREDICT, w.title(), engine.name(), n, predict);
      measurement.sample(settings.warmUp());
      perImage = measurement.sample(Duration.ZERO).cpuSeconds() / n;
      if (perImage * n > longest) {
        break;
      }
      largest = measurement;
      if (w.trials()) {
        Runnable trial = () -> trial(engine, memory, predict);
        measurements.add(new Measurement(Quantity.TRIAL, w.title(), engine.name(), n, trial));
      }
    }
    if (largest == null) {
      notes.add(Text.of("%s on %s: too slow for this run", engine.name(), w.title()));
    } else {
      measurements.add(largest);
    }
  }

  static void trial(Engine engine, TrialMemory memory, Runnable predict) {
    memory.draw();
    memory.apply();
    engine.load(memory.codes());
    predict.run();
  }

  private void warm(Measurement measurement) {
    measurement.sample(settings.warmUp());
    measurements.add(measurement);
  }

  /** What was left out and why. */
  List<String> notes() {
    return notes;
  }

  /**
   * Measures.
   *
   * @param progress is told each round before it begins
   */
  List<Series> run(Consumer<Integer> progress) {
    List<List<Sample>> samples =
        measurements.stream().map(m -> (List<Sample>) new ArrayList<Sample>()).toList();
    for (int round = 1; round <= settings.rounds(); round++) {
      progress.accept(round);
      for (int i = 0; i < measurements.size(); i++) {
        samples.get(i).add(measurements.get(i).sample(settings.slice()));
      }
    }
    List<Series> all = new ArrayList<>();
    for (int i = 0; i < measurements.size(); i++) {
      var m = measurements.get(i);
      all.add(new Series(m.quantity(), m.subject(), m.engine(), m.images(), samples.get(i)));
    }
    return all;
  }

  @Override
  public void close() {
    closing.forEach(Runnable::run);
  }
}
