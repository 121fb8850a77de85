package org.bitquake.jobs.replay;

import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.bitquake.data.Dataset;
import org.bitquake.engine.Engine;
import org.bitquake.jobs.console.Progress;

/**
 * Which images of a trial the network classifies correctly, without faults and with them.
 *
 * @param images numbers in the data set, {@code [n]}
 * @param golden right without faults, {@code [n]}
 * @param faulty right with them, {@code [n]}
 */
public record ImageChanges(int[] images, boolean[] golden, boolean[] faulty) {
  private static final int BATCH = 100;

  /** From here on the reference engine may need minutes. */
  private static final int MANY = 1000;

  /**
   * Runs the images without faults and, where these change a weight, with them.
   *
   * @param engine holds the network's own codes
   */
  static ImageChanges of(Engine engine, FaultList faults, Dataset data, int[] images) {
    boolean[] golden = right(engine, data, images, "images without faults");
    if (faults.tally().changedWeights() == 0) {
      return new ImageChanges(images, golden, golden);
    }
    engine.load(faults.after());
    return new ImageChanges(images, golden, right(engine, data, images, "images with faults"));
  }

  private static boolean[] right(Engine engine, Dataset data, int[] images, String what) {
    if (images.length < MANY) {
      return right(engine, data, images, done -> {});
    }
    try (var progress = Progress.start(what, images.length)) {
      return right(engine, data, images, progress::update);
    }
  }

  private static boolean[] right(Engine engine, Dataset data, int[] images, LongConsumer progress) {
    int size = data.shape().size();
    byte[] pixels = new byte[BATCH * size];
    int[] predictions = new int[BATCH];
    boolean[] right = new boolean[images.length];
    for (int from = 0; from < images.length; from += BATCH) {
      int count = Math.min(BATCH, images.length - from);
      for (int i = 0; i < count; i++) {
        data.copyImage(images[from + i], pixels, i * size);
      }
      engine.predict(pixels, count, predictions);
      for (int i = 0; i < count; i++) {
        right[from + i] = predictions[i] == data.label(images[from + i]);
      }
      progress.accept(from + count);
    }
    return right;
  }

  /** Images classified correctly with faults. */
  public int correct() {
    return count(faulty);
  }

  /** Images classified correctly without faults. */
  public int goldenCorrect() {
    return count(golden);
  }

  /** Images that the faults made wrong, ascending. */
  public List<Integer> broken() {
    return where(golden, faulty);
  }

  /** Images that the faults made right, ascending. */
  public List<Integer> mended() {
    return where(faulty, golden);
  }

  private List<Integer> where(boolean[] yes, boolean[] no) {
    return IntStream.range(0, images.length)
        .filter(i -> yes[i] && !no[i])
        .map(i -> images[i])
        .sorted()
        .boxed()
        .toList();
  }

  private int count(boolean[] right) {
    return where(right, new boolean[right.length]).size();
  }
}
