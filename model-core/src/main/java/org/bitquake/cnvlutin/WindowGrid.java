package org.bitquake.cnvlutin;

import org.bitquake.Text;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.Window;

/**
 * Where windows find their positions in a padded plane, stored so that position k of window w lies
 * at {@code offset(k) + w}: the plane is split into stride × stride planes, each of the positions
 * that are equal modulo the stride. Windows are numbered along rows of {@code rowLength}, of which
 * the first {@code across} are real.
 */
final class WindowGrid {
  final int across;
  final int down;

  /** Numbers from one row of windows to the next. */
  final int rowLength;

  /** Elements of a padded plane. */
  final int size;

  /** Where each pixel {@code y · W + x} goes in the padded plane; −1 for those no plane holds. */
  final int[] places;

  /** {@code offset(x · kernelHeight + y)}. */
  final int[] offsets;

  /** In how many windows each pixel lies. */
  final int[] coverage;

  WindowGrid(Shape input, Geometry g) {
    Window window = g.window();
    int height = input.height() + window.top() + window.bottom();
    int width = input.width() + window.left() + window.right();
    int stride = stride(window);
    this.across = (width - g.kernelWidth()) / stride + 1;
    this.down = (height - g.kernelHeight()) / stride + 1;
    // Phases a kernel shorter than the stride never reads are stored too: simpler, and rare.
    this.rowLength = (width + stride - 1) / stride;
    int plane = Math.multiplyExact(rowLength, (height + stride - 1) / stride);
    this.size = Math.multiplyExact(plane, Math.multiplyExact(stride, stride));
    this.offsets = new int[g.kernelWidth() * g.kernelHeight()];
    for (int x = 0; x < g.kernelWidth(); x++) {
      for (int y = 0; y < g.kernelHeight(); y++) {
        offsets[x * g.kernelHeight() + y] = place(y, x, stride, plane);
      }
    }
    this.places = new int[input.height() * input.width()];
    this.coverage = new int[places.length];
    for (int y = 0; y < input.height(); y++) {
      for (int x = 0; x < input.width(); x++) {
        int pixel = y * input.width() + x;
        places[pixel] = place(y + window.top(), x + window.left(), stride, plane);
        coverage[pixel] =
            windows(y + window.top(), g.kernelHeight(), stride, down)
                * windows(x + window.left(), g.kernelWidth(), stride, across);
      }
    }
  }

  /**
   * The stride of windows that the accelerator knows.
   *
   * @throws IllegalArgumentException if they are others
   */
  static int stride(Window window) {
    if (window.strideY() != window.strideX() || window.dilationY() * window.dilationX() != 1) {
      throw new IllegalArgumentException(
          Text.of(
              "windows of %s: Cnvlutin is simulated for one stride both ways and no dilation",
              window));
    }
    return window.strideY();
  }

  private int place(int y, int x, int stride, int plane) {
    int phase = y % stride * stride + x % stride;
    return phase * plane + y / stride * rowLength + x / stride;
  }

  /** Windows 0 … count − 1, each [w·stride, w·stride + kernel), that contain {@code at}. */
  private static int windows(int at, int kernel, int stride, int count) {
    int last = Math.min(count - 1, at / stride);
    int first = Math.max(0, Math.floorDiv(at - kernel, stride) + 1);
    return Math.max(0, last - first + 1);
  }
}
