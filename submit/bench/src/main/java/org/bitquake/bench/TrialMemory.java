package org.bitquake.bench;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bitquake.fault.CellPattern;
import org.bitquake.fault.CheckSource;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultMap;
import org.bitquake.fault.FaultModel;
import org.bitquake.fault.FaultPattern;
import org.bitquake.fault.FaultSampler;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.effect.StuckAtRandom;
import org.bitquake.fault.effect.StuckOpen;
import org.bitquake.fault.pattern.Clusters;
import org.bitquake.fault.pattern.Lines;
import org.bitquake.fault.pattern.WeakColumns;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.Storage;
import org.bitquake.network.Convolution;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.protect.Code;
import org.bitquake.protect.Part;
import org.bitquake.protect.ProtectedLayout;
import org.bitquake.protect.ProtectedMemory;
import org.bitquake.protect.Protection;

/** The weight memory of a network and its faults, at 1 %, another map each time. */
final class TrialMemory {
  static final double RATE = 0.01;

  /** Bit flips in cells that are not independent, and other effects in some that are. */
  static final List<FaultModel> MODELS =
      List.of(
          new FaultModel("clusters", clusters(), FaultKind.BIT_FLIP),
          new FaultModel("rows", Lines.ROW, FaultKind.BIT_FLIP),
          new FaultModel("columns", Lines.COLUMN, FaultKind.BIT_FLIP),
          new FaultModel("weak columns, shape 4", new WeakColumns(4), FaultKind.BIT_FLIP),
          new FaultModel("weak columns, shape 0.5", new WeakColumns(0.5), FaultKind.BIT_FLIP),
          new FaultModel("stuck-at-random cells", CellPattern.INSTANCE, new StuckAtRandom()),
          new FaultModel("stuck-open columns", Lines.COLUMN, new StuckOpen()));

  /** Check bits of independent cells under bit flips. */
  static final List<Protection> PROTECTIONS =
      List.of(code("SECDED (39, 32)", Code.SECDED, 32), code("Hamming (7, 4)", Code.HAMMING, 4));

  private final List<String> layers;
  private final int[] weights;
  private final int[] bits;
  private final long seed;
  private final byte[][] pristine;
  private final byte[][] faulty;
  private final FaultSampler sampler;
  private FaultMap map;
  private long trial;

  TrialMemory(QuantizedNetwork network, long seed) {
    pristine = network.copyCodes();
    faulty = network.copyCodes();
    var layers = network.weightLayers();
    this.layers = layers.stream().map(Convolution::name).toList();
    this.seed = seed;
    weights = layers.stream().mapToInt(c -> c.weights().codes().length).toArray();
    bits = layers.stream().mapToInt(c -> c.weights().bits()).toArray();
    sampler = new FaultSampler(seed, weights, bits, FaultScope.ALL);
    draw();
  }

  private static FaultPattern clusters() {
    return new Clusters(
        List.of(
            new Clusters.Shape(1, 1, 0.6),
            new Clusters.Shape(1, 2, 0.2),
            new Clusters.Shape(2, 2, 0.2)));
  }

  /** Draws and applies faults of a model. */
  Runnable preparation(FaultModel model) {
    var source = model.source(seed, Storage.DEFAULT, weights, bits, FaultScope.ALL);
    return () ->
        source
            .draw(trial++, RATE)
            .apply(model.effect(), RATE, Encoding.TWOS_COMPLEMENT, pristine, faulty);
  }

  private static Protection code(String name, Code code, int word) {
    var part = new Part.Checked(code, word, Part.OnError.KEEP, Set.of(), Set.of());
    return new Protection(name, List.of(part));
  }

  /** Draws bit flips in codes and check bits, and decodes. */
  Runnable preparation(Protection protection) {
    var layout = ProtectedLayout.of(protection, layers, MemoryLayout.plain(weights, bits));
    var memory = new ProtectedMemory(layout);
    var data = CellPattern.INSTANCE.source(seed, layout.data(), FaultScope.ALL);
    var checks =
        new CheckSource(
            seed, CellPattern.INSTANCE, layout.checkColumns().orElseThrow(), FaultScope.ALL);
    return () -> {
      var map = data.draw(++trial, RATE);
      memory.read(
          map,
          Optional.of(checks.draw(trial, RATE)),
          FaultKind.BIT_FLIP,
          RATE,
          Encoding.TWOS_COMPLEMENT,
          pristine,
          faulty);
    };
  }

  void draw() {
    map = sampler.draw(trial++, RATE);
  }

  void apply() {
    map.apply(FaultKind.BIT_FLIP, RATE, Encoding.TWOS_COMPLEMENT, pristine, faulty);
  }

  byte[][] codes() {
    return faulty;
  }
}
