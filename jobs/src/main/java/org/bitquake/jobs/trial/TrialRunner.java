package org.bitquake.jobs.trial;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bitquake.fault.FaultMap;
import org.bitquake.fault.FaultPattern;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.FaultSource;
import org.bitquake.fault.ImageSampler;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.Failure;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.memory.Storage;
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
  private final byte[][] goldenRight;
  private final Wave wave;
  private final ImageSampler imageSampler;
  private final Map<Memory, Draw> draws = new HashMap<>();
  private final Codes[] codes;
  private final int[] predictions;
  private final byte[] pixels;
  private long current = -1;
  private int[] images = {};

  /** Networks with equal memories share their fault maps, as do effects of equal patterns. */
  private record Memory(
      FaultPattern pattern,
      Storage storage,
      int bitsPerCell,
      List<Integer> weights,
      List<Integer> bits,
      FaultScope scope) {}

  /** The fault map of a source's latest trial. */
  private static final class Draw {
    final FaultSource source;
    long trial = -1;
    FaultMap map;

    Draw(FaultSource source) {
      this.source = source;
    }
  }

  /**
   * The weight codes of a network as they were trained, and a copy to corrupt.
   *
   * @param draws of each kind
   */
  private record Codes(byte[][] pristine, byte[][] faulty, Draw[] draws) {}

  /**
   * @param goldenRight 1 where the fault-free network is right, {@code [network][image]}
   */
  public TrialRunner(Workbench bench, byte[][] goldenRight, Wave wave) {
    this.bench = bench;
    this.plan = bench.plan();
    this.kinds = plan.kinds();
    this.goldenRight = goldenRight;
    this.wave = wave;
    int most = wave.mostImages();
    this.imageSampler = new ImageSampler(plan.seed(), bench.images().size(), most);
    this.codes = new Codes[plan.names().size()];
    this.predictions = new int[most];
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
    int golden = golden(network, count);
    var tally = UNTOUCHED;
    try {
      if (rate > 0) {
        Codes its = codes(network);
        tally =
            map(its.draws()[position], number)
                .apply(kind.faults().effect(), rate, plan.encoding(), its.pristine(), its.faulty());
      }
      if (tally.changedWeights() == 0) {
        return trial(number, network, kind, rate, count, golden, golden, 0, tally);
      }
      var engine = bench.engine(network);
      engine.load(codes(network).faulty());
      engine.predict(pixels, count, predictions);
      int correct = 0;
      int changed = 0;
      for (int i = 0; i < count; i++) {
        int right = predictions[i] == bench.images().label(images[i]) ? 1 : 0;
        correct += right;
        changed += right ^ goldenRight[network][images[i]];
      }
      return trial(number, network, kind, rate, count, correct, golden, changed, tally);
    } catch (RuntimeException e) {
      bench.discard(network);
      return new Trial(
          network,
          kind,
          rate,
          number,
          count,
          Optional.empty(),
          golden,
          Optional.empty(),
          tally,
          Optional.of(Failure.describe(e)));
    }
  }

  private static Trial trial(
      long number,
      int network,
      MemoryModel kind,
      double rate,
      int count,
      int correct,
      int golden,
      int changed,
      FaultMap.Tally tally) {
    return new Trial(
        network,
        kind,
        rate,
        number,
        count,
        Optional.of(correct),
        golden,
        Optional.of(changed),
        tally,
        Optional.empty());
  }

  private int golden(int network, int count) {
    int golden = 0;
    for (int i = 0; i < count; i++) {
      golden += goldenRight[network][images[i]];
    }
    return golden;
  }

  private FaultMap map(Draw draw, long number) {
    if (draw.trial != number) {
      draw.map = draw.source.draw(number, plan.highestRate());
      draw.trial = number;
    }
    return draw.map;
  }

  private Codes codes(int index) {
    if (codes[index] == null) {
      var network = bench.network(index);
      var its = kinds.stream().map(kind -> draw(kind, network, plan.scope(index)));
      codes[index] = new Codes(network.copyCodes(), network.copyCodes(), its.toArray(Draw[]::new));
    }
    return codes[index];
  }

  private Draw draw(MemoryModel kind, QuantizedNetwork network, FaultScope scope) {
    int[] weights = CampaignNetwork.weights(network);
    int[] bits = CampaignNetwork.bits(network);
    var faults = kind.faults();
    var memory =
        new Memory(
            faults.pattern(),
            kind.storage(),
            faults.effect().bitsPerCell(),
            list(weights),
            list(bits),
            scope);
    return draws.computeIfAbsent(
        memory, m -> new Draw(kind.source(plan.seed(), weights, bits, scope)));
  }

  private static List<Integer> list(int[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
