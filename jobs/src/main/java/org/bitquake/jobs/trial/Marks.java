package org.bitquake.jobs.trial;

import java.util.Arrays;
import org.bitquake.data.Dataset;
import org.bitquake.engine.Engine;
import org.bitquake.engine.Prediction;
import org.bitquake.jobs.store.TopFive;
import org.bitquake.memory.ActivationFaults;

/**
 * Marks what a network says of images: for each {@link #CORRECT} if it predicts the label and,
 * where {@linkplain TopFive#applies there are many classes}, {@link #TOP5} if the label is among
 * the five largest logits. Not thread-safe.
 */
public final class Marks {
  /** The label is predicted. */
  public static final int CORRECT = 1;

  /** The label is among the five largest logits. */
  public static final int TOP5 = 2;

  private static final int MOST_IMAGES = 256;
  private static final int MOST_LOGITS = 1 << 20;

  private final Dataset data;
  private final byte[] marks;
  private final int[] predictions;
  private final float[] logits;
  private ActivationFaults memory = ActivationFaults.NONE;

  /**
   * @param most images at a time
   */
  public Marks(Dataset data, int most) {
    this.data = data;
    this.marks = new byte[most];
    boolean top5 = TopFive.applies(data.classes());
    this.predictions = new int[top5 ? 0 : most];
    int batch = Math.max(1, Math.min(Math.min(most, MOST_IMAGES), MOST_LOGITS / data.classes()));
    this.logits = new float[top5 ? batch * data.classes() : 0];
  }

  /**
   * Marks images.
   *
   * @param pixels theirs, {@code [count, C, H, W]}
   * @param images their numbers in the data set, at least {@code count}
   * @return marks {@code [count]}, which hold until the next call
   */
  public byte[] of(Engine engine, byte[] pixels, int[] images, int count) {
    if (logits.length > 0) {
      ranks(engine, pixels, images, count);
      return marks;
    }
    remember(engine, 0);
    engine.predict(pixels, count, predictions);
    for (int i = 0; i < count; i++) {
      marks[i] = (byte) (predictions[i] == data.label(images[i]) ? CORRECT : 0);
    }
    return marks;
  }

  /**
   * Marks images whose activations lie in a memory.
   *
   * @param memory of the batch of these images; the engine has it no longer afterwards
   */
  byte[] of(Engine engine, ActivationFaults memory, byte[] pixels, int[] images, int count) {
    this.memory = memory;
    try {
      return of(engine, pixels, images, count);
    } finally {
      this.memory = ActivationFaults.NONE;
      engine.activations(ActivationFaults.NONE);
    }
  }

  /** Gives an engine the memory of the images from one on. */
  private void remember(Engine engine, int from) {
    if (memory != ActivationFaults.NONE) {
      engine.activations(memory.from(from));
    }
  }

  private void ranks(Engine engine, byte[] pixels, int[] images, int count) {
    int classes = data.classes();
    int batch = logits.length / classes;
    int size = data.shape().size();
    for (int from = 0; from < count; from += batch) {
      int n = Math.min(batch, count - from);
      byte[] its = n == count ? pixels : Arrays.copyOfRange(pixels, from * size, (from + n) * size);
      remember(engine, from);
      engine.logits(its, n, logits);
      for (int i = 0; i < n; i++) {
        int label = data.label(images[from + i]);
        boolean correct = Prediction.of(logits, i * classes, classes) == label;
        boolean top5 = Prediction.isAmongFive(logits, i * classes, classes, label);
        marks[from + i] = (byte) ((correct ? CORRECT : 0) | (top5 ? TOP5 : 0));
      }
    }
  }
}
