package org.bitquake.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.bitquake.InputException;
import org.bitquake.Text;

/**
 * Labelled images: unsigned 8-bit pixels {@code [N, C, H, W]}, labels {@code 0 … classes − 1}.
 *
 * <p>Immutable by convention: the arrays are handed over, not copied, and nobody writes to them.
 */
public final class Dataset {
  private final String name;
  private final Shape shape;
  private final int classes;
  private final byte[] pixels;
  private final byte[] labels;

  /**
   * @throws InputException if the array lengths do not fit together or a label is out of range
   */
  public Dataset(String name, Shape shape, int classes, byte[] pixels, byte[] labels) {
    if (classes < 1 || classes > 256) {
      throw new IllegalArgumentException("labels are bytes: 1…256 classes, not " + classes);
    }
    if ((long) labels.length * shape.size() != pixels.length) {
      throw new InputException(
          Text.of(
              "%s: %d labels but %d pixel bytes, which is not %d images of %s",
              name, labels.length, pixels.length, labels.length, shape));
    }
    for (int i = 0; i < labels.length; i++) {
      if ((labels[i] & 0xff) >= classes) {
        throw new InputException(
            Text.of(
                "%s: label %d of image %d is outside 0…%d",
                name, labels[i] & 0xff, i, classes - 1));
      }
    }
    this.name = name;
    this.shape = shape;
    this.classes = classes;
    this.pixels = pixels;
    this.labels = labels;
  }

  /** For people and provenance, such as {@code fashion-mnist/test}. */
  public String name() {
    return name;
  }

  public Shape shape() {
    return shape;
  }

  public int classes() {
    return classes;
  }

  /** The number of images N. */
  public int size() {
    return labels.length;
  }

  /** All pixels, unsigned, {@code [N, C, H, W]}; not to be written to. */
  public byte[] pixels() {
    return pixels;
  }

  /** All labels, {@code [N]}; not to be written to. */
  public byte[] labels() {
    return labels;
  }

  /** The class of image {@code image}, {@code 0 … classes − 1}. */
  public int label(int image) {
    return labels[image] & 0xff;
  }

  /**
   * What the data are, for provenance: the SHA-256, in hex, of N, C, H, W as big-endian int32, then
   * all pixels, then all labels. The name does not enter. Computed anew by every call.
   */
  public String sha256() {
    MessageDigest digest = Checksums.digest("SHA-256");
    digest.update(
        ByteBuffer.allocate(4 * Integer.BYTES)
            .putInt(size())
            .putInt(shape.channels())
            .putInt(shape.height())
            .putInt(shape.width())
            .flip());
    digest.update(pixels);
    digest.update(labels);
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Copies image {@code image} into {@code target} from {@code offset}. */
  public void copyImage(int image, byte[] target, int offset) {
    System.arraycopy(pixels, image * shape.size(), target, offset, shape.size());
  }
}
