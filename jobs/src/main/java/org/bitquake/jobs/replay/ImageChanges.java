package org.bitquake.jobs.replay;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.bitquake.data.Dataset;
import org.bitquake.engine.Engine;
import org.bitquake.jobs.console.Progress;
import org.bitquake.memory.ActivationFaults;

/**
 * What a network makes of images, without faults and with them.
 *
 * @param images numbers in the data set, {@code [n]}
 * @param labels their classes, {@code [n]}
 * @param classes of the network
 * @param golden logits without faults, {@code [n, classes]}
 * @param faulty logits with them, {@code [n, classes]}
 */
public record ImageChanges(
    int[] images, int[] labels, int classes, float[] golden, float[] faulty) {
  private static final int BATCH = 100;

  /** From here on the reference engine may need minutes. */
  private static final int MANY = 1000;

  /**
   * Runs the images without faults and, where these change a weight or what is stored between
   * layers, with them.
   *
   * @param engine holds the network's own codes
   */
  static ImageChanges of(Engine engine, FaultList faults, Dataset data, int[] images) {
    int[] labels = IntStream.of(images).map(data::label).toArray();
    var none = ActivationFaults.NONE;
    float[] golden = logits(engine, none, data, images, "images without faults");
    float[] faulty = golden;
    if (faults.buffer().isPresent()) {
      var memory = faults.buffer().get().faults();
      faulty = logits(engine, memory, data, images, "images with faults");
    } else if (faults.tally().changedWeights() > 0) {
      engine.load(faults.after());
      faulty = logits(engine, none, data, images, "images with faults");
    }
    return new ImageChanges(images, labels, data.classes(), golden, faulty);
  }

  private static float[] logits(
      Engine engine, ActivationFaults memory, Dataset data, int[] images, String what) {
    if (images.length < MANY) {
      return logits(engine, memory, data, images, done -> {});
    }
    try (var progress = Progress.start(what, images.length)) {
      return logits(engine, memory, data, images, progress::update);
    }
  }

  private static float[] logits(
      Engine engine, ActivationFaults memory, Dataset data, int[] images, LongConsumer progress) {
    int size = data.shape().size();
    int classes = data.classes();
    byte[] pixels = new byte[BATCH * size];
    float[] batch = new float[BATCH * classes];
    float[] logits = new float[Math.multiplyExact(images.length, classes)];
    for (int from = 0; from < images.length; from += BATCH) {
      int count = Math.min(BATCH, images.length - from);
      for (int i = 0; i < count; i++) {
        data.copyImage(images[from + i], pixels, i * size);
      }
      engine.activations(memory.from(from));
      engine.logits(pixels, count, batch);
      System.arraycopy(batch, 0, logits, from * classes, count * classes);
      progress.accept(from + count);
    }
    return logits;
  }

  /** Images classified correctly with faults. */
  public int correct() {
    return where(i -> right(faulty, i)).size();
  }

  /** Images classified correctly without faults. */
  public int goldenCorrect() {
    return where(i -> right(golden, i)).size();
  }

  /** Images whose label is among the five largest logits with faults. */
  int top5() {
    return where(i -> amongFive(faulty, i)).size();
  }

  /** Images whose label is among the five largest logits without faults. */
  int goldenTop5() {
    return where(i -> amongFive(golden, i)).size();
  }

  /** Images whose label is so in one of both only. */
  int changedTop5() {
    return where(i -> amongFive(golden, i) != amongFive(faulty, i)).size();
  }

  /** Images that the faults made wrong, ascending. */
  public List<Integer> broken() {
    return where(i -> right(golden, i) && !right(faulty, i));
  }

  /** Images that the faults made right, ascending. */
  public List<Integer> mended() {
    return where(i -> right(faulty, i) && !right(golden, i));
  }

  /** Images predicted as another class with faults, right or wrong, ascending. */
  public List<Integer> otherPredictions() {
    return where(i -> prediction(golden, i) != prediction(faulty, i));
  }

  /** Images with a logit that differs, ascending. */
  public List<Integer> otherLogits() {
    return where(
        i -> {
          int row = i * classes;
          int end = row + classes;
          return !Arrays.equals(golden, row, end, faulty, row, end);
        });
  }

  private boolean right(float[] logits, int image) {
    return prediction(logits, image) == labels[image];
  }

  /** By sorting, the first of equal logits first. */
  private boolean amongFive(float[] logits, int image) {
    int row = image * classes;
    return IntStream.range(0, classes)
        .boxed()
        .sorted(Comparator.comparingDouble(c -> -logits[row + c])) // keeps the order of equal ones
        .limit(5)
        .anyMatch(c -> c == labels[image]);
  }

  /** The first maximum. */
  private int prediction(float[] logits, int image) {
    int row = image * classes;
    int best = 0;
    for (int c = 1; c < classes; c++) {
      best = logits[row + c] > logits[row + best] ? c : best;
    }
    return best;
  }

  private List<Integer> where(IntPredicate holds) {
    return IntStream.range(0, images.length)
        .filter(holds)
        .map(i -> images[i])
        .sorted()
        .boxed()
        .toList();
  }
}
