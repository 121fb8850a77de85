package org.bitquake.data;

import java.util.ArrayList;
import java.util.List;
import org.bitquake.Text;

/**
 * Reads the binary version of CIFAR-10 (A. Krizhevsky, "Learning Multiple Layers of Features from
 * Tiny Images", 2009): records of one label byte and 3,072 pixel bytes, {@code [C, H, W]} in the
 * order red, green, blue.
 */
final class CifarReader {
  static final Shape SHAPE = new Shape(3, 32, 32);
  private static final int RECORD = 1 + SHAPE.size();

  private CifarReader() {}

  /**
   * The images of all files, in their order.
   *
   * @throws org.bitquake.InputException if a file is damaged
   */
  static Dataset read(String name, List<DataFile> files, int classes) {
    return read(name, files, classes, (int) DataFile.MAX_BYTES);
  }

  /** The same with another limit on the bytes of one file. */
  static Dataset read(String name, List<DataFile> files, int classes, int maxBytes) {
    List<byte[]> batches = new ArrayList<>();
    int count = 0;
    for (DataFile file : files) {
      byte[] batch = batch(file, classes, maxBytes);
      batches.add(batch);
      count = Math.addExact(count, batch.length / RECORD);
    }
    byte[] labels = new byte[count];
    byte[] pixels = new byte[Math.multiplyExact(count, SHAPE.size())];
    int image = 0;
    for (byte[] batch : batches) {
      for (int record = 0; record < batch.length; record += RECORD, image++) {
        labels[image] = batch[record];
        System.arraycopy(batch, record + 1, pixels, image * SHAPE.size(), SHAPE.size());
      }
    }
    return new Dataset(name, SHAPE, classes, pixels, labels);
  }

  private static byte[] batch(DataFile file, int classes, int maxBytes) {
    byte[] batch =
        file.read(
            (in, length) -> {
              if (length.isPresent()) {
                checkLength(file, length.getAsLong(), maxBytes);
              }
              byte[] bytes = in.readNBytes(maxBytes + 1);
              checkLength(file, bytes.length, maxBytes);
              return bytes;
            });
    for (int record = 0; record < batch.length; record += RECORD) {
      IdxReader.checkLabel(file, batch[record], record / RECORD, classes);
    }
    return batch;
  }

  private static void checkLength(DataFile file, long bytes, int maxBytes) {
    if (bytes == 0 || bytes > maxBytes || bytes % RECORD != 0) {
      throw file.damaged(
          Text.of(
              "has %s bytes, not a number of records of %d bytes up to %d bytes",
              bytes > maxBytes ? "too many" : bytes, RECORD, maxBytes));
    }
  }
}
