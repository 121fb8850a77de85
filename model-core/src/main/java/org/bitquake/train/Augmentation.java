package org.bitquake.train;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.bitquake.data.Shape;

/**
 * Random crops of images padded by four zeros on each side, mirrored half of the time (He et al.,
 * 2016, section 4.2). What happens to the n-th image of an epoch depends on seed, epoch and n
 * alone.
 */
final class Augmentation {
  static final int PADDING = 4;

  private final UniformRandomProvider random;

  Augmentation(long seed, int epoch) {
    random = RandomSource.XO_SHI_RO_256_PP.create(new long[] {seed, epoch, 2, 0x63726f70L});
  }

  /** Leaves out the crops of so many images. */
  void skip(long images) {
    for (long i = 0; i < images; i++) {
      random.nextInt(2 * PADDING + 1);
      random.nextInt(2 * PADDING + 1);
      random.nextBoolean();
    }
  }

  /** Writes the next image's crop. */
  void apply(byte[] image, Shape shape, byte[] target) {
    int down = random.nextInt(2 * PADDING + 1) - PADDING;
    int right = random.nextInt(2 * PADDING + 1) - PADDING;
    crop(image, shape, down, right, random.nextBoolean(), target);
  }

  /** The image moved up and left by so much, zeros where it ends, then mirrored or not. */
  static void crop(byte[] image, Shape shape, int down, int right, boolean mirror, byte[] target) {
    int height = shape.height();
    int width = shape.width();
    Arrays.fill(target, (byte) 0);
    for (int row = 0; row < shape.channels() * height; row++) {
      int y = row % height + down;
      if (y < 0 || y >= height) {
        continue;
      }
      for (int x = 0; x < width; x++) {
        int from = x + right;
        if (from >= 0 && from < width) {
          int to = mirror ? width - 1 - x : x;
          target[row * width + to] = image[(row + down) * width + from];
        }
      }
    }
  }
}
