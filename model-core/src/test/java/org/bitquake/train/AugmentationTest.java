package org.bitquake.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.bitquake.data.Shape;
import org.junit.jupiter.api.Test;

class AugmentationTest {
  private static final Shape SHAPE = new Shape(2, 11, 13);
  private static final int SHIFTS = 2 * Augmentation.PADDING + 1;

  private final byte[] image = new byte[SHAPE.size()];
  private final byte[] target = new byte[SHAPE.size()];

  AugmentationTest() {
    for (int i = 0; i < image.length; i++) {
      image[i] = (byte) (i % 251 + 1);
    }
  }

  @Test
  void aCropIsAWindowOfThePaddedImage() {
    for (int down : new int[] {-4, 0, 3}) {
      for (int right : new int[] {-2, 0, 4}) {
        for (boolean mirror : new boolean[] {false, true}) {
          Augmentation.crop(image, SHAPE, down, right, mirror, target);
          for (int i = 0; i < target.length; i++) {
            int x = i % SHAPE.width();
            int fromX = (mirror ? SHAPE.width() - 1 - x : x) + right;
            int fromY = i / SHAPE.width() % SHAPE.height() + down;
            int channel = i / SHAPE.width() / SHAPE.height();
            boolean inside =
                fromX >= 0 && fromX < SHAPE.width() && fromY >= 0 && fromY < SHAPE.height();
            int at = (channel * SHAPE.height() + fromY) * SHAPE.width() + fromX;
            assertThat(target[i]).isEqualTo(inside ? image[at] : 0);
          }
        }
      }
    }
  }

  /** Where the centre's pixel went tells the crop; all 162 are equally likely. */
  @Test
  void allCropsAreEquallyLikely() {
    var shape = new Shape(1, 25, 25);
    var marked = new byte[shape.size()];
    marked[12 * 25 + 12] = 1;
    marked[12 * 25 + 13] = 2; // right of the centre, or left of it in a mirrored image
    var crop = new byte[shape.size()];
    var counts = new int[SHIFTS * SHIFTS * 2];
    int draws = 100 * counts.length;
    var augmentation = new Augmentation(5, 3);
    for (int i = 0; i < draws; i++) {
      augmentation.apply(marked, shape, crop);
      int at = 0;
      while (crop[at] != 1) {
        at++;
      }
      boolean mirrored = crop[at - 1] == 2;
      int row = at / 25 - 12 + Augmentation.PADDING;
      int column = at % 25 - 12 + Augmentation.PADDING;
      counts[(row * SHIFTS + column) * 2 + (mirrored ? 1 : 0)]++;
    }
    double chiSquare = 0;
    for (int count : counts) {
      chiSquare += (count - 100.0) * (count - 100.0) / 100;
    }
    double critical =
        new ChiSquaredDistribution(counts.length - 1.0).inverseCumulativeProbability(0.999);
    assertThat(chiSquare).isLessThan(critical);
  }

  @Test
  void seedAndEpochDetermineTheCrops() {
    assertThat(crops(1, 2)).isEqualTo(crops(1, 2)).isNotEqualTo(crops(1, 3));
    assertThat(crops(1, 2)).isNotEqualTo(crops(2, 2));
  }

  private String crops(long seed, int epoch) {
    var augmentation = new Augmentation(seed, epoch);
    var text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      augmentation.apply(image, SHAPE, target);
      text.append(java.util.Arrays.hashCode(target)).append(' ');
    }
    return text.toString();
  }
}
