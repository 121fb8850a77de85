package org.bitquake.data.picture;

import org.bitquake.Text;
import org.bitquake.data.Shape;

/**
 * One decoded picture, grey or in colour.
 *
 * @param shape {@code [C, H, W]}; three channels are red, green, blue
 * @param pixels unsigned, {@code [C, H, W]}; handed over, not copied, and not to be written to
 */
public record Picture(Shape shape, byte[] pixels) {
  // Luminance of ITU-R BT.601 in 16-bit fixed point, as Pillow's convert("L") has it.
  private static final int RED = 19_595;
  private static final int GREEN = 38_470;
  private static final int BLUE = 7_471;
  private static final int BITS = 16;

  public Picture {
    if (pixels.length != shape.size()) {
      throw new IllegalArgumentException(Text.of("%d bytes for %s", pixels.length, shape));
    }
  }

  /** Whether it is a picture: grey or in colour, not some other number of channels. */
  public boolean isPicture() {
    return shape.channels() == 1 || shape.channels() == 3;
  }

  /** Whether nothing is lost in one channel: all channels are the same everywhere. */
  public boolean isGrey() {
    int plane = shape.height() * shape.width();
    for (int c = 1; c < shape.channels(); c++) {
      for (int i = 0; i < plane; i++) {
        if (pixels[c * plane + i] != pixels[i]) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * In three channels: a grey picture's one, three times.
   *
   * @throws IllegalArgumentException if it is no picture
   */
  public Picture inColour() {
    if (shape.channels() == 3) {
      return this;
    }
    requirePicture();
    byte[] three = new byte[3 * pixels.length];
    for (int c = 0; c < 3; c++) {
      System.arraycopy(pixels, 0, three, c * pixels.length, pixels.length);
    }
    return new Picture(new Shape(3, shape.height(), shape.width()), three);
  }

  /**
   * In one channel: {@code (19595 R + 38470 G + 7471 B + 32768) / 65536}, rounded down, which is R
   * where the three are the same.
   *
   * @throws IllegalArgumentException if it is no picture
   */
  public Picture inGrey() {
    if (shape.channels() == 1) {
      return this;
    }
    requirePicture();
    int plane = shape.height() * shape.width();
    byte[] one = new byte[plane];
    for (int i = 0; i < plane; i++) {
      int sum =
          RED * (pixels[i] & 0xff)
              + GREEN * (pixels[plane + i] & 0xff)
              + BLUE * (pixels[2 * plane + i] & 0xff);
      one[i] = (byte) ((sum + (1 << (BITS - 1))) >> BITS);
    }
    return new Picture(new Shape(1, shape.height(), shape.width()), one);
  }

  private void requirePicture() {
    if (!isPicture()) {
      throw new IllegalArgumentException(
          Text.of("has %d channels, which is neither grey nor colour", shape.channels()));
    }
  }

  /**
   * The middle of the picture. An odd number of rows or columns too many is shared so that the even
   * half goes before: {@code rint((H − height) / 2)} rows, as torchvision's CenterCrop.
   *
   * @throws IllegalArgumentException if the picture is smaller
   */
  public Picture middle(int height, int width) {
    if (height > shape.height() || width > shape.width()) {
      throw new IllegalArgumentException(
          Text.of(
              "is %d×%d, smaller than the crop of %d×%d",
              shape.height(), shape.width(), height, width));
    }
    int top = (int) Math.rint((shape.height() - height) / 2.0);
    int left = (int) Math.rint((shape.width() - width) / 2.0);
    var cut = new Shape(shape.channels(), height, width);
    byte[] target = new byte[cut.size()];
    for (int row = 0; row < shape.channels() * height; row++) {
      int from = (row / height * shape.height() + top + row % height) * shape.width() + left;
      System.arraycopy(pixels, from, target, row * width, width);
    }
    return new Picture(cut, target);
  }
}
