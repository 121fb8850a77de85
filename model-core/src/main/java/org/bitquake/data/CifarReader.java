package org.bitquake.data;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.bitquake.Text;

/**
 * Reads the binary version of CIFAR-10 and CIFAR-100 (A. Krizhevsky, "Learning Multiple Layers of
 * Features from Tiny Images", 2009): records of one or two label bytes and 3,072 pixel bytes,
 * {@code [C, H, W]} in the order red, green, blue.
 */
public final class CifarReader {
  static final Shape SHAPE = new Shape(3, 32, 32);

  private static final int MAX_NAMES = 64 << 10;

  private CifarReader() {}

  /**
   * What stands before the pixels of a record.
   *
   * @param labelBytes how many
   * @param labelAt which of them is the label
   */
  public record Form(int labelBytes, int labelAt, int classes) {
    /** One label. */
    public static final Form CIFAR_10 = new Form(1, 0, 10);

    /** CIFAR-100's second label, the one of 100 classes. */
    public static final Form FINE = new Form(2, 1, 100);

    /** CIFAR-100's first label, the one of 20 superclasses. */
    public static final Form COARSE = new Form(2, 0, 20);

    /** Bytes of a record. */
    public int record() {
      return labelBytes + SHAPE.size();
    }
  }

  /**
   * The images of all files, in their order.
   *
   * @throws org.bitquake.InputException if a file is damaged
   */
  public static Dataset read(String name, List<DataFile> files, Form form) {
    return read(name, files, form, (int) DataFile.MAX_BYTES);
  }

  /** The file that lies with CIFAR-100's and has the names of the classes. */
  public static String namesFile(Form form) {
    return form.equals(Form.COARSE) ? "coarse_label_names.txt" : "fine_label_names.txt";
  }

  /** Names of classes, a line each. */
  public static List<String> names(DataFile text) {
    byte[] bytes = text.read((in, length) -> in.readNBytes(MAX_NAMES));
    return new String(bytes, StandardCharsets.UTF_8).lines().filter(l -> !l.isBlank()).toList();
  }

  /** The same with another limit on the bytes of one file. */
  static Dataset read(String name, List<DataFile> files, Form form, int maxBytes) {
    List<byte[]> batches = new ArrayList<>();
    int count = 0;
    for (DataFile file : files) {
      byte[] batch = batch(file, form, maxBytes);
      batches.add(batch);
      count = Math.addExact(count, batch.length / form.record());
    }
    byte[] labels = new byte[count];
    byte[] pixels = new byte[Math.multiplyExact(count, SHAPE.size())];
    int image = 0;
    for (byte[] batch : batches) {
      for (int record = 0; record < batch.length; record += form.record(), image++) {
        labels[image] = batch[record + form.labelAt()];
        System.arraycopy(
            batch, record + form.labelBytes(), pixels, image * SHAPE.size(), SHAPE.size());
      }
    }
    return new Dataset(name, SHAPE, form.classes(), pixels, labels);
  }

  private static byte[] batch(DataFile file, Form form, int maxBytes) {
    byte[] batch =
        file.read(
            (in, length) -> {
              if (length.isPresent()) {
                checkLength(file, form, length.getAsLong(), maxBytes);
              }
              byte[] bytes = in.readNBytes(maxBytes + 1);
              checkLength(file, form, bytes.length, maxBytes);
              return bytes;
            });
    for (int record = 0; record < batch.length; record += form.record()) {
      IdxReader.checkLabel(
          file, batch[record + form.labelAt()], record / form.record(), form.classes());
    }
    return batch;
  }

  private static void checkLength(DataFile file, Form form, long bytes, int maxBytes) {
    if (bytes == 0 || bytes > maxBytes || bytes % form.record() != 0) {
      throw file.damaged(
          Text.of(
              "has %s bytes, not a number of records of %d bytes up to %d bytes",
              bytes > maxBytes ? "too many" : bytes, form.record(), maxBytes));
    }
  }
}
