package org.bitquake.jobs.inspect;

import java.util.Arrays;
import org.bitquake.data.Dataset;
import org.bitquake.engine.Engines;
import org.bitquake.engine.Prediction;
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

  /**
   * What a network answers.
   *
   * @param correct images classified correctly
   * @param top5 images whose label is among the five largest logits
   * @param ties images whose largest logit two classes or more have
   */
  record Answers(int correct, int top5, int ties) {}

  /** Runs a network on all images. */
  static Answers answers(QuantizedNetwork network, Dataset data) {
    int classes = network.classes();
    int correct = 0;
    int top5 = 0;
    int ties = 0;
    try (var engine = Engines.prepare(network);
        var progress = Progress.start("images", data.size())) {
      float[] logits = new float[BATCH * classes];
      for (int from = 0; from < data.size(); from += BATCH) {
        int n = Math.min(BATCH, data.size() - from);
        engine.logits(batch(data, from, n), n, logits);
        for (int i = 0; i < n; i++) {
          int label = data.label(from + i);
          correct += Prediction.of(logits, i * classes, classes) == label ? 1 : 0;
          top5 += Prediction.isAmongFive(logits, i * classes, classes, label) ? 1 : 0;
          ties += Prediction.isTie(logits, i * classes, classes) ? 1 : 0;
        }
        progress.update(from + n);
      }
    }
    return new Answers(correct, top5, ties);
  }
}
