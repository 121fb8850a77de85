package org.bitquake.train;

import java.util.Arrays;

/**
 * Sums and gradients of a depthwise convolution, one image at a time. A channel lies in its padded
 * plane, row after row. Output {@code (y, x)} at stride 1 is position {@code y · rowLength + x},
 * and tap {@code (ky, kx)} reads so many positions further on, so a tap is one long loop over the
 * plane. The plane is moved for it first: Java 17 vectorises loops only where all arrays have one
 * index, which is five times as fast. Other strides leave positions out.
 *
 * <p>Arrays are {@code [C, H, W]}, weights {@code [C, 1, k, k]}.
 */
final class DepthwiseSums {
  private final int channels;
  private final int height;
  private final int width;
  private final int kernel;
  private final int stride;
  private final int padding;
  private final int rowLength;

  /** Positions at stride 1, those beyond the right edge included. */
  private final int positions;

  /** Offset of the last tap, the largest. */
  private final int reach;

  private final float[] plane;
  private final float[] sums;

  /** Sums with {@link #reach} zeros before and after them. */
  private final float[] spread;

  private final float[] moved;
  private final float[][] products;

  DepthwiseSums(int channels, int height, int width, int kernel, int stride, int padding) {
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.kernel = kernel;
    this.stride = stride;
    this.padding = padding;
    rowLength = width + 2 * padding;
    positions = (height + 2 * padding - kernel + 1) * rowLength;
    reach = offset(kernel * kernel - 1);
    plane = new float[positions + reach];
    sums = new float[positions];
    spread = new float[reach + positions + reach];
    moved = new float[plane.length];
    products = new float[channels * kernel * kernel][positions];
  }

  int outHeight() {
    return (height + 2 * padding - kernel) / stride + 1;
  }

  int outWidth() {
    return (width + 2 * padding - kernel) / stride + 1;
  }

  /** How much further on a tap reads. */
  private int offset(int tap) {
    return tap / kernel * rowLength + tap % kernel;
  }

  /** Writes the sums of an image. */
  void forward(float[] image, float[] weights, float[] out) {
    for (int c = 0; c < channels; c++) {
      fillPlane(image, c);
      Arrays.fill(sums, 0);
      for (int tap = 0; tap < kernel * kernel; tap++) {
        System.arraycopy(plane, offset(tap), moved, 0, positions);
        addScaled(sums, moved, weights[c * kernel * kernel + tap], positions);
      }
      copySums(out, c, true);
    }
  }

  /** Forgets the gradient of the weights. */
  void startGradient() {
    for (float[] p : products) {
      Arrays.fill(p, 0);
    }
  }

  /**
   * Writes the gradient of an image and adds to that of the weights.
   *
   * @param gradient of the image's sums
   */
  void backward(float[] image, float[] weights, float[] gradient, float[] imageGradient) {
    for (int c = 0; c < channels; c++) {
      fillPlane(image, c);
      Arrays.fill(sums, 0);
      copySums(gradient, c, false);
      System.arraycopy(sums, 0, spread, reach, positions);
      for (int tap = 0; tap < kernel * kernel; tap++) {
        System.arraycopy(plane, offset(tap), moved, 0, positions);
        addProducts(products[c * kernel * kernel + tap], sums, moved, positions);
      }
      Arrays.fill(plane, 0);
      for (int tap = 0; tap < kernel * kernel; tap++) {
        System.arraycopy(spread, reach - offset(tap), moved, 0, plane.length);
        addScaled(plane, moved, weights[c * kernel * kernel + tap], plane.length);
      }
      for (int y = 0; y < height; y++) {
        int from = (y + padding) * rowLength + padding;
        System.arraycopy(plane, from, imageGradient, (c * height + y) * width, width);
      }
    }
  }

  /** Writes the gradient of the weights. */
  void weightGradient(float[] to) {
    for (int w = 0; w < products.length; w++) {
      double sum = 0;
      for (float p : products[w]) {
        sum += p;
      }
      to[w] = (float) sum;
    }
  }

  private void fillPlane(float[] image, int c) {
    Arrays.fill(plane, 0);
    for (int y = 0; y < height; y++) {
      int to = (y + padding) * rowLength + padding;
      System.arraycopy(image, (c * height + y) * width, plane, to, width);
    }
  }

  /** Copies a channel's sums out of their positions, or into them. */
  private void copySums(float[] array, int c, boolean out) {
    int at = c * outHeight() * outWidth();
    for (int y = 0; y < outHeight(); y++) {
      for (int x = 0; x < outWidth(); x++, at++) {
        int position = stride * (y * rowLength + x);
        if (out) {
          array[at] = sums[position];
        } else {
          sums[position] = array[at];
        }
      }
    }
  }

  private static void addScaled(float[] to, float[] from, float factor, int count) {
    for (int i = 0; i < count; i++) {
      to[i] += factor * from[i];
    }
  }

  private static void addProducts(float[] to, float[] a, float[] b, int count) {
    for (int i = 0; i < count; i++) {
      to[i] += a[i] * b[i];
    }
  }
}
