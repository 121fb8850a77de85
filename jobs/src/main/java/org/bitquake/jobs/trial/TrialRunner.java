package org.bitquake.jobs.trial;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.bitquake.engine.Engine;
import org.bitquake.fault.FaultMap;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.FaultSource;
import org.bitquake.fault.ImageSampler;
import org.bitquake.jobs.injection.Failure;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.jobs.injection.WeightMemory;
import org.bitquake.jobs.store.TopFive;
import org.bitquake.network.QuantizedNetwork;

/**
 * Runs trials one after the other. A trial number fixes the images and, for every network, effect
 * and rate alike, the faulty cells of each pattern; a network × kind × rate fixes what they do. Not
 * thread-safe.
 */
public final class TrialRunner {
  private static final FaultMap.Tally UNTOUCHED = new FaultMap.Tally(0, 0);

  private final Workbench bench;
  private final TrialPlan plan;
  private final List<MemoryModel> kinds;
  private final byte[][] golden;
  private final Wave wave;
  private final ImageSampler imageSampler;
  private final Map<WeightMemory.Cells, Draw> draws = new HashMap<>();
  private final StoredFaults stored;
  private final Codes[] codes;

  /** Whether the engine of a network is known to hold its own weights. */
  private final boolean[] pristine;

  private final Marks marks;
  private final byte[] pixels;
  private long current = -1;
  private int[] images = {};

  /**
   * The fault map of a source's latest trial, which networks with equal memories share, as do
   * effects of equal patterns.
   */
  private static final class Draw implements FaultSource {
    private final FaultSource source;
    private long trial = -1;
    private FaultMap map;

    Draw(FaultSource source) {
      this.source = source;
    }

    @Override
    public long cells() {
      return source.cells();
    }

    @Override
    public FaultMap draw(long trial, double maxRate) {
      if (this.trial != trial) {
        map = source.draw(trial, maxRate);
        this.trial = trial;
      }
      return map;
    }
  }

  /**
   * The weight codes of a network as they were trained, and a copy to corrupt.
   *
   * @param memories of each kind; null for those of other memories
   */
  private record Codes(byte[][] pristine, byte[][] faulty, WeightMemory[] memories) {}

  /**
   * @param golden {@link Marks} of the fault-free networks, {@code [network][image]}
   */
  public TrialRunner(Workbench bench, byte[][] golden, Wave wave) {
    this.bench = bench;
    this.plan = bench.plan();
    this.kinds = plan.kinds();
    this.golden = golden;
    this.wave = wave;
    int most = wave.mostImages();
    this.imageSampler = new ImageSampler(plan.seed(), bench.images().size(), most);
    this.stored = new StoredFaults(plan.seed(), plan.highestRate());
    this.codes = new Codes[plan.names().size()];
    this.pristine = new boolean[codes.length];
    this.marks = new Marks(bench.images(), most);
    this.pixels = new byte[Math.multiplyExact(most, bench.images().shape().size())];
  }

  /**
   * The trials of one number on one network: one for each kind × rate that the wave asks for, in
   * this order.
   */
  List<Trial> run(long number, int network) {
    List<Trial> trials = new ArrayList<>();
    int cells = kinds.size() * plan.rates().size();
    for (int cell = network * cells; cell < (network + 1) * cells; cell++) {
      if (wave.isActive(cell, number)) {
        trials.add(run(number, network, cell));
      }
    }
    return trials;
  }

  /** The trial of one number in one cell of the network. */
  public Trial run(long number, int network, int cell) {
    int rates = plan.rates().size();
    int kind = cell / rates % kinds.size();
    show(number);
    return run(number, network, kind, plan.rates().get(cell % rates), wave.images()[cell]);
  }

  /** Makes the images of a trial number the current ones. */
  private void show(long number) {
    if (number != current) {
      images = imageSampler.draw(number);
      for (int i = 0; i < images.length; i++) {
        bench.images().copyImage(images[i], pixels, i * bench.images().shape().size());
      }
      current = number;
    }
  }

  private Trial run(long number, int network, int position, double rate, int count) {
    var kind = kinds.get(position);
    byte[] before = golden[network];
    IntFunction<Score> scores = mark -> Score.unchanged(count(before, count, mark));
    Optional<String> error = Optional.empty();
    var tally = UNTOUCHED;
    try {
      if (rate > 0 && kind.isOfWeights()) {
        Codes its = codes(network);
        double most = plan.highestRate();
        tally =
            its.memories()[position].read(
                number, most, rate, plan.encoding(kind), its.pristine(), its.faulty());
      }
      if (tally.changedWeights() > 0) {
        var engine = bench.engine(network);
        pristine[network] = false;
        engine.load(codes(network).faulty());
        byte[] after = marks.of(engine, pixels, images, count);
        scores = mark -> compare(before, after, count, mark);
      }
      if (rate > 0 && !kind.isOfWeights()) {
        var engine = pristine(network);
        var sampler = stored.of(kind, network, bench.network(network), number);
        var faults = sampler.faults(kind.faults().effect(), rate, images);
        byte[] after = marks.of(engine, faults, pixels, images, count);
        var did = sampler.tally();
        tally = new FaultMap.Tally(did.faultyCells(), did.changed());
        scores = mark -> compare(before, after, count, mark);
      }
    } catch (RuntimeException e) {
      pristine[network] = false;
      bench.discard(network);
      scores = mark -> Score.failed(count(before, count, mark));
      error = Optional.of(Failure.describe(e));
    }
    var top5 = top5() ? Optional.of(scores.apply(Marks.TOP5)) : Optional.<Score>empty();
    var score = scores.apply(Marks.CORRECT);
    return new Trial(network, kind, rate, number, count, score, top5, tally, error);
  }

  /** The engine of a network with its own weights. */
  private Engine pristine(int network) {
    var engine = bench.engine(network);
    if (!pristine[network]) {
      engine.load(codes(network).pristine());
      pristine[network] = true;
    }
    return engine;
  }

  private boolean top5() {
    return TopFive.applies(plan.data().classes());
  }

  /** The first of the current images that have a mark. */
  private int count(byte[] marks, int count, int mark) {
    int marked = 0;
    for (int i = 0; i < count; i++) {
      marked += (marks[images[i]] & mark) / mark;
    }
    return marked;
  }

  /**
   * @param before marks of all images
   * @param after of the first of the current ones
   */
  private Score compare(byte[] before, byte[] after, int count, int mark) {
    int correct = 0;
    int changed = 0;
    for (int i = 0; i < count; i++) {
      correct += (after[i] & mark) / mark;
      changed += ((after[i] ^ before[images[i]]) & mark) / mark;
    }
    return new Score(Optional.of(correct), count(before, count, mark), Optional.of(changed));
  }

  private Codes codes(int index) {
    if (codes[index] == null) {
      var network = bench.network(index);
      var memories =
          kinds.stream()
              .map(kind -> kind.isOfWeights() ? memory(kind, network, plan.scope(index)) : null);
      codes[index] =
          new Codes(
              network.copyCodes(), network.copyCodes(), memories.toArray(WeightMemory[]::new));
    }
    return codes[index];
  }

  private WeightMemory memory(MemoryModel kind, QuantizedNetwork network, FaultScope scope) {
    return WeightMemory.of(
        kind,
        plan.seed(),
        network,
        scope,
        (cells, make) -> draws.computeIfAbsent(cells, its -> new Draw(make.get())));
  }
}
