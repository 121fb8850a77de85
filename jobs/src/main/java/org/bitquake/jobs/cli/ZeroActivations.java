package org.bitquake.jobs.cli;

import java.util.Arrays;
import org.bitquake.data.Dataset;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.network.QuantizedNetwork;

/** How many of each layer's output codes are zero, counted over a data set's first images. */
final class ZeroActivations {
  private static final int BATCH = 250;

  private ZeroActivations() {}

  /**
   * Fraction of zero codes by position of the layer, 0 to 1; the last layer gives logits, not
   * codes, and stays at NaN.
   */
  static double[] fractions(QuantizedNetwork network, Dataset data, int images) {
    int n = Math.min(images, data.size());
    long[] zeros = new long[network.layers().size()];
    try (var engine = new ReferenceEngine(network)) {
      for (int from = 0; from < n; from += BATCH) {
        byte[] batch = Images.batch(data, from, Math.min(BATCH, n - from));
        engine.trace(
            batch,
            Math.min(BATCH, n - from),
            (image, position, layer, codes) ->
                zeros[position] += Arrays.stream(codes).filter(code -> code == 0).count());
      }
    }
    double[] fractions = new double[zeros.length];
    for (int i = 0; i < zeros.length; i++) {
      double codes = (double) n * network.layers().get(i).outputShape().size();
      fractions[i] = i == zeros.length - 1 ? Double.NaN : zeros[i] / codes;
    }
    return fractions;
  }
}
