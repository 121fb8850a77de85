package org.bitquake.data.picture;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.bitquake.data.Shape;

/**
 * Changes the size of pictures by bilinear interpolation that averages where it shrinks
 * (antialiasing), defined so that every machine gives the same bytes: it is what Pillow's {@code
 * Image.resize(…, BILINEAR)} computes, and with it torchvision's {@code Resize} on pictures.
 *
 * <p>Columns first, then rows, each rounded to 8 bits. With {@code s = old / new} and {@code f =
 * max(s, 1)}, the new pixel x is the sum over old pixels i in {@code [⌊c − f + ½⌋, ⌊c + f + ½⌋)},
 * {@code c = (x + ½) s}, of old pixels times {@code max(0, 1 − |i − c + ½| / f)}. These weights are
 * divided by their sum in float64, rounded to multiples of 2⁻²²; the sum is one of int32, rounded
 * to the nearest.
 */
final class Resampler {
  private static final int BITS = 22;

  /** Weights of one direction; there are few sizes in a data set. */
  private static final ConcurrentMap<Sizes, Weights> WEIGHTS = new ConcurrentHashMap<>();

  private static final int MOST_KEPT = 256;

  private record Sizes(int old, int now) {}

  /**
   * What each new pixel is made of.
   *
   * @param first old pixel, of each new one
   * @param of the old pixels, {@code [new][old − first]}
   */
  private record Weights(int[] first, int[][] of) {}

  private Resampler() {}

  /** The picture in another size. */
  static Picture resize(Picture picture, int height, int width) {
    var shape = picture.shape();
    byte[] pixels = picture.pixels();
    int rows = shape.channels() * shape.height();
    if (width != shape.width()) {
      pixels = columns(pixels, rows, shape.width(), width);
    }
    if (height != shape.height()) {
      pixels = rows(pixels, shape.channels(), shape.height(), height, width);
    }
    return new Picture(new Shape(shape.channels(), height, width), pixels);
  }

  private static byte[] columns(byte[] from, int rows, int old, int now) {
    var weights = weights(old, now);
    byte[] to = new byte[Math.multiplyExact(rows, now)];
    for (int row = 0; row < rows; row++) {
      for (int x = 0; x < now; x++) {
        int[] of = weights.of()[x];
        int at = row * old + weights.first()[x];
        int sum = 1 << (BITS - 1);
        for (int i = 0; i < of.length; i++) {
          sum += (from[at + i] & 0xff) * of[i];
        }
        to[row * now + x] = eightBits(sum);
      }
    }
    return to;
  }

  private static byte[] rows(byte[] from, int channels, int old, int now, int width) {
    var weights = weights(old, now);
    byte[] to = new byte[Math.multiplyExact(channels * now, width)];
    int[] sums = new int[width];
    for (int row = 0; row < channels * now; row++) {
      int[] of = weights.of()[row % now];
      int at = (row / now * old + weights.first()[row % now]) * width;
      Arrays.fill(sums, 1 << (BITS - 1));
      for (int weight : of) {
        for (int x = 0; x < width; x++) {
          sums[x] += (from[at + x] & 0xff) * weight;
        }
        at += width;
      }
      for (int x = 0; x < width; x++) {
        to[row * width + x] = eightBits(sums[x]);
      }
    }
    return to;
  }

  private static byte eightBits(int sum) {
    return (byte) Math.max(0, Math.min(255, sum >> BITS));
  }

  private static Weights weights(int old, int now) {
    if (WEIGHTS.size() >= MOST_KEPT) {
      WEIGHTS.clear();
    }
    return WEIGHTS.computeIfAbsent(new Sizes(old, now), Resampler::compute);
  }

  private static Weights compute(Sizes sizes) {
    double scale = (double) sizes.old() / sizes.now();
    double support = Math.max(scale, 1);
    int[] first = new int[sizes.now()];
    int[][] of = new int[sizes.now()][];
    for (int x = 0; x < sizes.now(); x++) {
      double centre = (x + 0.5) * scale;
      first[x] = Math.max(0, (int) (centre - support + 0.5));
      int end = Math.min(sizes.old(), (int) (centre + support + 0.5));
      of[x] = fixed(triangle(first[x], end, centre, 1 / support));
    }
    return new Weights(first, of);
  }

  private static double[] triangle(int first, int end, double centre, double narrowing) {
    double[] weights = new double[end - first];
    for (int i = 0; i < weights.length; i++) {
      double distance = Math.abs((i + first - centre + 0.5) * narrowing);
      weights[i] = distance < 1 ? 1 - distance : 0;
    }
    return weights;
  }

  private static int[] fixed(double[] weights) {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    int[] fixed = new int[weights.length];
    for (int i = 0; i < fixed.length; i++) {
      fixed[i] = (int) (0.5 + weights[i] / sum * (1 << BITS));
    }
    return fixed;
  }
}
