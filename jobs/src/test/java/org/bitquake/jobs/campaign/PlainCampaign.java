package org.bitquake.jobs.campaign;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.bitquake.data.Dataset;
import org.bitquake.engine.Engines;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultMap;
import org.bitquake.fault.FaultSampler;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.ImageSampler;
import org.bitquake.network.QuantizedNetwork;

/** The rows of {@link SmallWorld#CONFIG} by a plain loop, which knows nothing of Spark. */
record PlainCampaign(SmallWorld world, Dataset data) {
  PlainCampaign(SmallWorld world) {
    this(world, world.dataset());
  }

  /** Every trial alone: its own sampler, drawn at its own rate, one image at a time. */
  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (long trial = 0; trial < 9; trial++) {
      int[] images = new ImageSampler(11, data.size(), 20).draw(trial);
      for (var network :
          List.of(
              world.network("a.qnn.npz"),
              world.network("b.qnn.npz").withName("second"),
              world.network("wide.qnn.npz"))) {
        boolean[] golden = right(network, network.copyCodes(), images);
        for (var kind : List.of(FaultKind.BIT_FLIP, FaultKind.STUCK_AT_1)) {
          for (double rate : new double[] {0, 0.003, 0.05}) {
            byte[][] codes = network.copyCodes();
            int[] weights = {codes[0].length, codes[1].length};
            FaultMap.Tally tally =
                new FaultSampler(11, weights, new int[] {4, 4}, FaultScope.ALL)
                    .draw(trial, rate)
                    .apply(kind, rate, Encoding.TWOS_COMPLEMENT, codes);
            boolean[] right = right(network, codes, images);
            rows.add(
                RowFactory.create(
                    network.name(),
                    kind.label(),
                    rate,
                    trial,
                    11L,
                    "twos-complement",
                    20,
                    count(right),
                    count(golden),
                    changed(right, golden),
                    tally.faultyCells(),
                    tally.changedWeights(),
                    network.contentHash(),
                    null,
                    null,
                    "fashion-mnist/test",
                    null));
          }
        }
      }
    }
    return rows;
  }

  private static int changed(boolean[] a, boolean[] b) {
    return (int) IntStream.range(0, a.length).filter(i -> a[i] != b[i]).count();
  }

  static int count(boolean[] right) {
    return changed(right, new boolean[right.length]);
  }

  /** Which images these codes classify correctly, one image at a time. */
  boolean[] right(QuantizedNetwork network, byte[][] codes, int[] images) {
    boolean[] right = new boolean[images.length];
    try (var engine = Engines.prepare(network)) {
      engine.load(codes);
      byte[] pixels = new byte[data.shape().size()];
      int[] prediction = new int[1];
      for (int i = 0; i < images.length; i++) {
        data.copyImage(images[i], pixels, 0);
        engine.predict(pixels, 1, prediction);
        right[i] = prediction[0] == data.label(images[i]);
      }
    }
    return right;
  }
}
