package org.bitquake.jobs.cnvlutin;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.bitquake.cnvlutin.Accelerator;
import org.bitquake.cnvlutin.LaneAssignment;
import org.bitquake.cnvlutin.LayerCounts;
import org.bitquake.cnvlutin.LiteralSimulator;
import org.bitquake.cnvlutin.NetworkSimulator;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultModel;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.effect.StuckOpen;
import org.bitquake.fault.pattern.Lines;
import org.bitquake.fault.pattern.Profile;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.memory.Storage;
import org.bitquake.network.QuantizedNetwork;

/**
 * The counts of a row by a plain loop over images, each walked cycle by cycle.
 *
 * @param chips that the kind {@code profile} is of
 */
record PlainSimulation(SmallWorld world, Optional<Profile> chips) {
  static final FaultModel ROWS = new FaultModel("row-stuck-open", Lines.ROW, new StuckOpen());

  private static final Accelerator MACHINE =
      new Accelerator(16, 16, 4, 3, LaneAssignment.CONTIGUOUS, 0, true, true);

  static final int IMAGES = 23;

  private FaultModel model(String kind) {
    if (kind.equals("profile")) {
      return new FaultModel(kind, chips.orElseThrow(), chips.orElseThrow());
    }
    return kind.equals(ROWS.name()) ? ROWS : FaultModel.of(FaultKind.of(kind));
  }

  /** With faults in the weights. */
  LayerCounts walked(QuantizedNetwork network, Row row) {
    byte[][] codes = network.copyCodes();
    if (row.getAs("kind") != null) {
      double rate = row.<Double>getAs("rate");
      var model = model(row.getAs("kind"));
      model
          .source(
              11,
              model.pattern() instanceof Profile ? new Storage(32, 16, 2, true) : Storage.DEFAULT,
              Arrays.stream(codes).mapToInt(layer -> layer.length).toArray(),
              new int[] {4, 4},
              new FaultScope(Set.of(0), Set.of()))
          .draw(row.<Long>getAs("fault_map"), rate)
          .apply(model.effect(), rate, Encoding.TWOS_COMPLEMENT, codes);
    }
    var sum = new LayerCounts[] {LayerCounts.NONE};
    var data = world.dataset();
    byte[] image = new byte[data.shape().size()];
    try (var simulator = new NetworkSimulator(network, MACHINE, LiteralSimulator::new, 1)) {
      simulator.load(codes);
      for (int i = 0; i < IMAGES; i++) {
        data.copyImage(i, image, 0);
        simulator.run(
            image,
            1,
            (first, layer, counts) -> {
              if (row.getAs("position").equals(layer)) {
                sum[0] = sum[0].plus(counts);
              }
            });
      }
    }
    return sum[0];
  }

  /** By the definition, with faults in what is stored between layers. */
  LayerCounts stored(QuantizedNetwork network, MemoryModel model, Row row) {
    var layer = network.weightLayers().get(row.<Integer>getAs("position"));
    var sum = new LayerCounts[] {LayerCounts.NONE};
    var data = world.dataset();
    byte[] image = new byte[data.shape().size()];
    double rate = row.<Double>getAs("rate");
    var sampler = model.sampler(11, network);
    sampler.draw(row.<Long>getAs("fault_map"), rate);
    boolean offsets = model.name().startsWith("offsets");
    try (var engine = new ReferenceEngine(network)) {
      for (int i = 0; i < IMAGES; i++) {
        data.copyImage(i, image, 0);
        var faults = sampler.faults(model.faults().effect(), rate, new int[] {i});
        engine.activations(
            (position, first, n, codes) -> {
              if (!offsets) {
                faults.corrupt(position, first, n, codes);
              }
              if (position == layer.input()) {
                int[] values = new int[network.shapeOf(position).size()];
                Arrays.setAll(values, k -> codes.get(0, k));
                var walk =
                    new LiteralSimulator(MACHINE, layer.inputShape(), layer.geometry(), true);
                sum[0] = sum[0].plus(walk.run(values));
              }
              if (offsets) {
                faults.corrupt(position, first, n, codes);
              }
            });
        engine.predict(image, 1, new int[1]);
      }
    }
    return sum[0];
  }
}
