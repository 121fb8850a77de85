package org.bitquake.network;

import org.bitquake.data.Shape;

/**
 * Where the windows of a layer lie on the map that it reads: a kernel of {@code kernelHeight ×
 * kernelWidth} taps, so many positions apart as its dilation says, moved by strides over the map
 * with so many positions of padding on each side. What padding stands for is the layer's affair: 0
 * in real units, for convolutions, which is the zero point of the codes.
 */
public record Window(
    int kernelHeight,
    int kernelWidth,
    int strideY,
    int strideX,
    int top,
    int left,
    int bottom,
    int right,
    int dilationY,
    int dilationX) {
  /** Largest value of every member: far above any network, and low enough for int arithmetic. */
  public static final int MAX = 1 << 20;

  public Window {
    Check.that(
        inRange(1, kernelHeight)
            && inRange(1, kernelWidth)
            && inRange(1, strideY)
            && inRange(1, strideX)
            && inRange(0, top)
            && inRange(0, left)
            && inRange(0, bottom)
            && inRange(0, right)
            && inRange(1, dilationY)
            && inRange(1, dilationX)
            && inRange(1, (long) (kernelHeight - 1) * dilationY + 1)
            && inRange(1, (long) (kernelWidth - 1) * dilationX + 1),
        "a window with kernel %d×%d, stride %d down and %d across, padding %d, %d, %d, %d, dilation"
            + " %d and %d: all, and the kernel with its dilation, must be 1 to %d (padding may be"
            + " 0)",
        kernelHeight,
        kernelWidth,
        strideY,
        strideX,
        top,
        left,
        bottom,
        right,
        dilationY,
        dilationX,
        MAX);
  }

  /** The same stride both ways, the same padding on all sides, no dilation. */
  public static Window square(int kernelHeight, int kernelWidth, int stride, int padding) {
    return new Window(
        kernelHeight, kernelWidth, stride, stride, padding, padding, padding, padding, 1, 1);
  }

  private static boolean inRange(int least, long value) {
    return value >= least && value <= MAX;
  }

  /** One stride, one padding, no dilation. */
  public boolean isSquare() {
    return strideY == strideX
        && top == left
        && top == bottom
        && top == right
        && dilationY == 1
        && dilationX == 1;
  }

  /** Whether any side is padded. */
  public boolean isPadded() {
    return top + left + bottom + right > 0;
  }

  /** Rows that a window spans. */
  public int reachY() {
    return (kernelHeight - 1) * dilationY + 1;
  }

  /** Columns that a window spans. */
  public int reachX() {
    return (kernelWidth - 1) * dilationX + 1;
  }

  /** Taps of a window. */
  public int taps() {
    return Math.multiplyExact(kernelHeight, kernelWidth);
  }

  /** Whether at least one window lies on the padded map. */
  boolean fits(Shape map) {
    return reachY() <= (long) map.height() + top + bottom
        && reachX() <= (long) map.width() + left + right;
  }

  /** Windows from top to bottom. */
  public int outHeight(Shape map) {
    return (map.height() + top + bottom - reachY()) / strideY + 1;
  }

  /** Windows from left to right. */
  public int outWidth(Shape map) {
    return (map.width() + left + right - reachX()) / strideX + 1;
  }

  /** Whether there is one window, which is the whole map. */
  boolean covers(Shape map) {
    return kernelHeight == map.height()
        && kernelWidth == map.width()
        && !isPadded()
        && dilationY == 1
        && dilationX == 1;
  }

  @Override
  public String toString() {
    String kernel = kernelHeight + "×" + kernelWidth;
    String strides = strideY == strideX ? "" + strideY : strideY + "×" + strideX;
    String padding =
        top == left && top == bottom && top == right
            ? "" + top
            : top + "," + left + "," + bottom + "," + right;
    String dilation = dilationY == dilationX ? "" + dilationY : dilationY + "×" + dilationX;
    return kernel
        + (strides.equals("1") ? "" : "/" + strides)
        + (padding.equals("0") ? "" : "+" + padding)
        + (dilation.equals("1") ? "" : "@" + dilation);
  }
}
