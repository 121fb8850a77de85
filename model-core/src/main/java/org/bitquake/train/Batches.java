package org.bitquake.train;

import java.util.Arrays;
import java.util.Optional;
import org.apache.commons.rng.sampling.ArraySampler;
import org.apache.commons.rng.simple.RandomSource;
import org.bitquake.data.Dataset;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Fills a pair of native arrays with batches of a data set; pixels become value / 255. */
final class Batches {
  private static final float PIXEL_STEP = 1 / 255f;

  private final Dataset data;
  private final int batch;
  private final INDArray images;
  private final INDArray labels;
  private final byte[] pixels;
  private final byte[] cropped;
  private final float[] imageValues;
  private final float[] labelValues;

  Batches(Dataset data, int batch) {
    this.data = data;
    this.batch = batch;
    var shape = data.shape();
    images = Nd4j.create(batch, shape.channels(), shape.height(), shape.width());
    labels = Nd4j.create(batch, data.classes());
    pixels = new byte[shape.size()];
    cropped = new byte[shape.size()];
    imageValues = new float[batch * shape.size()];
    labelValues = new float[batch * data.classes()];
  }

  /** A random order of all images: a function of the two numbers alone. */
  static int[] order(int images, long seed, int epoch) {
    var order = new int[images];
    Arrays.setAll(order, i -> i);
    var random = RandomSource.XO_SHI_RO_256_PP.create(new long[] {seed, epoch, 1, 0x6f72646572L});
    return ArraySampler.shuffle(random, order);
  }

  /** Loads images {@code order[from] … order[from + batch − 1]}. */
  void load(int[] order, int from) {
    load(order, from, Optional.empty());
  }

  /** The same, each image changed at random. */
  void load(int[] order, int from, Optional<Augmentation> augmentation) {
    Arrays.fill(labelValues, 0);
    for (int b = 0; b < batch; b++) {
      int image = order[from + b];
      data.copyImage(image, pixels, 0);
      augmentation.ifPresent(a -> a.apply(pixels, data.shape(), cropped));
      byte[] shown = augmentation.isPresent() ? cropped : pixels;
      int offset = b * pixels.length;
      for (int i = 0; i < pixels.length; i++) {
        imageValues[offset + i] = (shown[i] & 0xff) * PIXEL_STEP;
      }
      labelValues[b * data.classes() + data.label(image)] = 1;
    }
    NativeFloats.write(imageValues, images);
    NativeFloats.write(labelValues, labels);
  }

  /** {@code [B, C, H, W]}. */
  INDArray images() {
    return images;
  }

  /** One-hot, {@code [B, classes]}. */
  INDArray labels() {
    return labels;
  }
}
