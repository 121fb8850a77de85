package org.bitquake.data;

import org.bitquake.Text;

/** The shape of one image or one activation tensor, {@code [C, H, W]}. */
public record Shape(int channels, int height, int width) {
  public Shape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          Text.of("a shape needs positive sizes, not %d×%d×%d", channels, height, width));
    }
  }

  /** Elements in one tensor of this shape. */
  public int size() {
    return Math.multiplyExact(Math.multiplyExact(channels, height), width);
  }

  @Override
  public String toString() {
    return channels + "×" + height + "×" + width;
  }
}
