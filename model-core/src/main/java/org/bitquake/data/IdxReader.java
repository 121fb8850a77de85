package org.bitquake.data;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.bitquake.Text;

/**
 * Reads IDX, the format of MNIST and Fashion-MNIST (Y. LeCun, C. Cortes, C. Burges, "The MNIST
 * database of handwritten digits"): a big-endian int32 magic number, a big-endian int32 per
 * dimension, then unsigned bytes, row-major, and nothing behind them.
 */
public final class IdxReader {
  private static final int IMAGES = 0x00000803;
  private static final int LABELS = 0x00000801;
  private static final int MOST_SIDE = 1 << 14;

  private IdxReader() {}

  /**
   * The pixels {@code [N, H, W]} of an image file.
   *
   * @param shape what every image must be; one channel
   * @throws org.bitquake.InputException if the file is damaged or holds images of another shape
   */
  static byte[] images(DataFile file, Shape shape) {
    return file.read(
        (in, length) -> {
          var data = new DataInputStream(in);
          long count = count(file, data, IMAGES, "images");
          long height = Integer.toUnsignedLong(data.readInt());
          long width = Integer.toUnsignedLong(data.readInt());
          if (height != shape.height() || width != shape.width()) {
            throw file.damaged(
                Text.of(
                    "holds images of %d×%d, not %d×%d",
                    height, width, shape.height(), shape.width()));
          }
          return payload(file, in, length, 16, count, shape.size(), DataFile.MAX_BYTES);
        });
  }

  /**
   * The images of a file, of whatever size.
   *
   * @throws org.bitquake.InputException if the file is damaged
   */
  public static Pixels images(DataFile file) {
    return file.read(
        (in, length) -> {
          var data = new DataInputStream(in);
          long count = count(file, data, IMAGES, "images");
          long height = Integer.toUnsignedLong(data.readInt());
          long width = Integer.toUnsignedLong(data.readInt());
          if (height < 1 || width < 1 || height > MOST_SIDE || width > MOST_SIDE) {
            throw file.damaged(
                Text.of(
                    "claims images of %d×%d; a side of 1…%d is accepted",
                    height, width, MOST_SIDE));
          }
          var shape = new Shape(1, (int) height, (int) width);
          int item = shape.size();
          return new Pixels(shape, payload(file, in, length, 16, count, item, DataFile.MAX_ARRAY));
        });
  }

  /**
   * Whether a file begins as IDX files of images do.
   *
   * @throws org.bitquake.InputException if it cannot be read
   */
  public static boolean hasImages(DataFile file) {
    return file.read(
        (in, length) -> {
          byte[] first = in.readNBytes(Integer.BYTES);
          return first.length == Integer.BYTES && ByteBuffer.wrap(first).getInt() == IMAGES;
        });
  }

  /**
   * The labels {@code [N]} of a label file.
   *
   * @throws org.bitquake.InputException if the file is damaged or a label is not below {@code
   *     classes}
   */
  public static byte[] labels(DataFile file, int classes) {
    byte[] labels =
        file.read(
            (in, length) -> {
              long count = count(file, new DataInputStream(in), LABELS, "labels");
              return payload(file, in, length, 8, count, 1, DataFile.MAX_BYTES);
            });
    for (int i = 0; i < labels.length; i++) {
      checkLabel(file, labels[i], i, classes);
    }
    return labels;
  }

  static void checkLabel(DataFile file, byte label, int image, int classes) {
    if ((label & 0xff) >= classes) {
      throw file.damaged(
          Text.of("has label %d at image %d, outside 0…%d", label & 0xff, image, classes - 1));
    }
  }

  private static long count(DataFile file, DataInputStream data, int magic, String what)
      throws IOException {
    int found = data.readInt();
    if (found != magic) {
      throw file.damaged(
          Text.of("is no IDX file of %s: it begins with 0x%08X, not 0x%08X", what, found, magic));
    }
    return Integer.toUnsignedLong(data.readInt());
  }

  /** What the header promises must be what the file has, before memory is set aside for it. */
  private static byte[] payload(
      DataFile file,
      InputStream in,
      OptionalLong length,
      int header,
      long count,
      int itemBytes,
      long most)
      throws IOException {
    // Below 2^32 · 2^31, so it does not overflow.
    long bytes = count * itemBytes;
    if (bytes == 0 || bytes > most) {
      throw file.damaged(
          Text.of(
              "claims %d items of %d bytes; 1 byte to %d MiB are accepted",
              count, itemBytes, most >> 20));
    }
    if (length.isPresent() && length.getAsLong() != header + bytes) {
      throw file.damaged(
          Text.of(
              "is %d bytes long, but its header says %d items, which takes %d",
              length.getAsLong(), count, header + bytes));
    }
    // Grows with the bytes that really come, so a lying header in a small .gz costs nothing.
    byte[] payload = in.readNBytes((int) bytes);
    if (payload.length < bytes) {
      throw file.damaged(
          Text.of(
              "ends after %d of the %d bytes that its header says",
              header + payload.length, header + bytes));
    }
    // Reading on to the end also checks gzip's checksum.
    if (in.read() >= 0) {
      throw file.damaged(Text.of("has bytes behind the %d items that its header says", count));
    }
    return payload;
  }
}
