package org.bitquake.singlefault;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.engine.Engine;
import org.bitquake.engine.Prediction;
import org.bitquake.engine.incremental.ImageTrace;
import org.bitquake.engine.incremental.WeightChange;
import org.bitquake.engine.incremental.WeightChange.Effect;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.SingleFault;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.singlefault.FaultReads.ChangedWeight;
import org.bitquake.singlefault.FaultReads.Reading;

/**
 * Injects single faults into a network, one at a time, and runs the same images with each.
 *
 * <p>A fault is followed from its own channel onwards through traces of the golden run ({@link
 * WeightChange}); an image that it changes so much that this would cost more than a whole run is
 * left to an engine. Both give the same logits to the bit, so what does which never changes a
 * result. Not thread-safe.
 */
public final class SingleFaultRunner implements AutoCloseable {
  /** An engine's multiply-accumulates in the time of one addition here, about. */
  private static final int MACS_PER_ADDITION = 64;

  /** With fewer faults than this, traces of the golden run are not worth their making. */
  private static final int LEAST_FAULTS_TO_TRACE = 128;

  /** Bytes of traces at a time: what the nearest caches hold. */
  private static final long TRACE_BYTES = 1 << 20;

  private static final int BATCH = 256;

  private final QuantizedNetwork network;
  private final FaultReads reads;
  private final byte[] pixels;
  private final int[] labels;
  private final Supplier<Engine> engines;
  private final byte[][] pristine;
  private final byte[][] faulty;
  private final int imageSize;
  private final int classes;
  private Engine engine;
  private float[] goldenLogits;
  private int leastToTrace = LEAST_FAULTS_TO_TRACE;
  private long budget;

  /**
   * The result of one fault: what it did, or why it is not known.
   *
   * @param reading of the weights under it
   * @param effect empty if the run failed
   * @param failure what was thrown
   */
  public record Result(
      SingleFault fault,
      Reading reading,
      Optional<FaultEffect> effect,
      Optional<RuntimeException> failure) {}

  /**
   * @param pixels of the images, {@code [n, C, H, W]}
   * @param labels their classes, {@code [n]}, in the form of {@link Dataset#labels()}
   * @param engines makes an engine for the network
   */
  public SingleFaultRunner(
      QuantizedNetwork network,
      FaultKind kind,
      Encoding encoding,
      byte[] pixels,
      byte[] labels,
      Supplier<Engine> engines) {
    this(network, FaultReads.plain(network, kind, encoding, List::of), pixels, labels, engines);
  }

  /**
   * Injects what fails in a memory, each fault named by a cell.
   *
   * @param reads what is read of the weights then
   * @param pixels of the images, {@code [n, C, H, W]}
   * @param labels their classes, {@code [n]}, in the form of {@link Dataset#labels()}
   * @param engines makes an engine for the network
   */
  public SingleFaultRunner(
      QuantizedNetwork network,
      FaultReads reads,
      byte[] pixels,
      byte[] labels,
      Supplier<Engine> engines) {
    this.network = network;
    this.reads = reads;
    this.imageSize = network.inputShape().size();
    int[] values = Dataset.values(labels, network.classes());
    if (values.length == 0 || pixels.length != Math.multiplyExact(values.length, imageSize)) {
      throw new IllegalArgumentException(
          Text.of(
              "%d bytes are not %d images of %s",
              pixels.length, values.length, network.inputShape()));
    }
    this.pixels = pixels.clone();
    this.labels = values;
    this.engines = engines;
    this.pristine = network.copyCodes();
    this.faulty = network.copyCodes();
    this.classes = network.classes();
    this.budget = network.macs() / MACS_PER_ADDITION;
  }

  /** Traces from so many faults on, and gives up an image after so many additions; for tests. */
  SingleFaultRunner with(int leastFaultsToTrace, long additions) {
    leastToTrace = leastFaultsToTrace;
    budget = additions;
    return this;
  }

  /** Images that the network classifies correctly without a fault. */
  public int goldenCorrect() {
    float[] golden = golden();
    int correct = 0;
    for (int i = 0; i < labels.length; i++) {
      correct += Prediction.of(golden, i * classes, classes) == labels[i] ? 1 : 0;
    }
    return correct;
  }

  /** Runs faults, and gives their results in the same order. */
  public List<Result> run(List<SingleFault> faults) {
    return run(faults, pairs -> {});
  }

  /**
   * Runs faults, and gives their results in the same order.
   *
   * @param known told again and again, by this thread, of how many more pairs of a fault and an
   *     image it is known what the image becomes: in the end all, but for those of faults that fail
   */
  public List<Result> run(List<SingleFault> faults, IntConsumer known) {
    golden();
    var tallies = faults.stream().map(this::tally).toList();
    var single = tallies.stream().filter(tally -> tally.changed.size() == 1).toList();
    if (single.size() >= leastToTrace) {
      follow(single, known);
    } else {
      single.forEach(Tally::leaveAll);
    }
    Map<List<ChangedWeight>, Tally> firsts = new HashMap<>();
    for (Tally tally : tallies) {
      if (tally.changed.size() > 1) {
        tally.leaveAll();
        tally.first = firsts.putIfAbsent(tally.changed, tally);
      }
    }
    List<Result> results = new ArrayList<>();
    for (Tally tally : tallies) {
      try {
        if (!tally.changes() || tally.isAsFirst()) {
          known.accept(labels.length);
        } else if (!tally.left.isEmpty()) {
          runWhole(tally, known);
        }
        tally.isKnown = true;
        results.add(tally.result(Optional.of(tally.effect()), Optional.empty()));
      } catch (RuntimeException e) {
        close(); // the next engine is a new one
        results.add(tally.result(Optional.empty(), Optional.of(e)));
      }
    }
    return results;
  }

  /** Counts of one fault, and the images still to be run. */
  private final class Tally {
    final SingleFault fault;

    final Reading reading;

    /** The weights that read as another code. */
    final List<ChangedWeight> changed;

    /** An earlier one that changes the same weights in the same way; null if there is none. */
    Tally first;

    boolean isKnown;
    BitSet left = new BitSet(0);
    int changedLogits;
    int changedPredictions;
    int lost;
    int gained;

    Tally(SingleFault fault) {
      this.fault = fault;
      reading = reads.read(fault);
      changed = reading.changed();
    }

    Result result(Optional<FaultEffect> effect, Optional<RuntimeException> failure) {
      return new Result(fault, reading, effect, failure);
    }

    /** Takes over what an earlier one did, if that is known. */
    boolean isAsFirst() {
      if (first == null || !first.isKnown) {
        return false;
      }
      changedLogits = first.changedLogits;
      changedPredictions = first.changedPredictions;
      lost = first.lost;
      gained = first.gained;
      return true;
    }

    boolean changes() {
      return !changed.isEmpty();
    }

    void leaveAll() {
      left.set(0, labels.length);
    }

    void count(int image, int golden, int prediction) {
      changedLogits++;
      if (prediction != golden) {
        changedPredictions++;
        lost += golden == labels[image] ? 1 : 0;
        gained += prediction == labels[image] ? 1 : 0;
      }
    }

    FaultEffect effect() {
      byte own = pristine[fault.layer()][fault.weight()];
      return new FaultEffect(
          changes() ? changed.get(0).before() : own,
          changes() ? changed.get(0).after() : own,
          labels.length,
          changedLogits,
          changedPredictions,
          lost,
          gained);
    }
  }

  private Tally tally(SingleFault fault) {
    return new Tally(fault);
  }

  /** Follows each fault of one changed weight through each image, block by block of images. */
  private void follow(List<Tally> tallies, IntConsumer known) {
    var change = new WeightChange(network);
    int block = (int) Math.max(1, Math.min(labels.length, TRACE_BYTES / change.traceBytes()));
    for (int first = 0; first < labels.length; first += block) {
      int count = Math.min(block, labels.length - first);
      var traces = new ImageTrace[count];
      for (int i = 0; i < count; i++) {
        traces[i] = change.trace(pixels, first + i);
      }
      for (Tally tally : tallies) {
        known.accept(follow(tally, change, traces, first));
      }
    }
  }

  /** Follows a fault through a block of images, and says of how many its effect is known now. */
  private int follow(Tally tally, WeightChange change, ImageTrace[] traces, int first) {
    var its = tally.changed.get(0);
    int difference = its.after() - its.before();
    int known = traces.length;
    for (int i = 0; i < traces.length; i++) {
      var effect = change.run(traces[i], its.layer(), its.weight(), difference, budget);
      if (effect == Effect.UNKNOWN) {
        tally.left.set(first + i);
        known--;
      } else if (effect == Effect.OTHER_LOGITS) {
        tally.count(first + i, traces[i].prediction(), change.prediction());
      }
    }
    return known;
  }

  private void runWhole(Tally tally, IntConsumer known) {
    int[] images = tally.left.stream().toArray();
    byte[] batch = new byte[Math.min(BATCH, images.length) * imageSize];
    float[] logits = new float[Math.min(BATCH, images.length) * classes];
    tally.changed.forEach(its -> faulty[its.layer()][its.weight()] = its.after());
    try {
      engine().load(faulty);
      for (int from = 0; from < images.length; from += BATCH) {
        int count = Math.min(BATCH, images.length - from);
        for (int i = 0; i < count; i++) {
          System.arraycopy(pixels, images[from + i] * imageSize, batch, i * imageSize, imageSize);
        }
        engine().logits(batch, count, logits);
        for (int i = 0; i < count; i++) {
          compare(tally, images[from + i], logits, i * classes);
        }
        known.accept(count);
      }
    } finally {
      tally.changed.forEach(its -> faulty[its.layer()][its.weight()] = its.before());
    }
  }

  private void compare(Tally tally, int image, float[] logits, int row) {
    int golden = image * classes;
    boolean same =
        Arrays.equals(goldenLogits, golden, golden + classes, logits, row, row + classes);
    if (!same) {
      int before = Prediction.of(goldenLogits, golden, classes);
      tally.count(image, before, Prediction.of(logits, row, classes));
    }
  }

  private float[] golden() {
    if (goldenLogits == null) {
      float[] logits = new float[labels.length * classes];
      engine().load(pristine);
      engine().logits(pixels, labels.length, logits);
      goldenLogits = logits;
    }
    return goldenLogits;
  }

  private Engine engine() {
    if (engine == null) {
      engine = engines.get();
    }
    return engine;
  }

  @Override
  public void close() {
    if (engine != null) {
      Engine closing = engine;
      engine = null;
      closing.close();
    }
  }
}
