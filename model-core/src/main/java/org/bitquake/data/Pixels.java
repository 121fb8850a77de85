package org.bitquake.data;

/**
 * Images as an array.
 *
 * @param shape of each
 * @param values unsigned, {@code [N, C, H, W]}; handed over, not copied
 */
public record Pixels(Shape shape, byte[] values) {
  public Pixels {
    if (values.length % shape.size() != 0) {
      throw new IllegalArgumentException(values.length + " bytes for images of " + shape);
    }
  }

  /** The number of images. */
  public int count() {
    return values.length / shape.size();
  }
}
