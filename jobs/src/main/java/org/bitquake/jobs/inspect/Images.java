package org.bitquake.jobs.inspect;

import java.util.Arrays;
import org.bitquake.data.Dataset;
import org.bitquake.engine.Engines;
import org.bitquake.jobs.console.Progress;
import org.bitquake.network.QuantizedNetwork;

/** Runs a network over a data set on this machine. */
final class Images {
  private static final int BATCH = 250;

  private Images() {}

  /** Pixels of {@code count} images from {@code first}, {@code [count, C, H, W]}. */
  private static byte[] batch(Dataset data, int first, int count) {
    int size = data.shape().size();
    return Arrays.copyOfRange(data.pixels(), first * size, (first + count) * size);
  }

  /** The first {@code count} images, or all if there are fewer. */
  static Dataset first(Dataset data, int count) {
    return data.part(0, Math.min(count, data.size()));
  }

  /** Number of images that the network classifies correctly. */
  static int correct(QuantizedNetwork network, Dataset data) {
    int correct = 0;
    try (var engine = Engines.prepare(network);
        var progress = Progress.start("images", data.size())) {
      int[] predictions = new int[BATCH];
      for (int from = 0; from < data.size(); from += BATCH) {
        int n = Math.min(BATCH, data.size() - from);
        engine.predict(batch(data, from, n), n, predictions);
        for (int i = 0; i < n; i++) {
          correct += predictions[i] == data.label(from + i) ? 1 : 0;
        }
        progress.update(from + n);
      }
    }
    return correct;
  }
}
