package org.bitquake.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bitquake.InputException;
import org.bitquake.Text;

/**
 * Labelled images: unsigned 8-bit pixels {@code [N, C, H, W]}, labels {@code 0 … classes − 1}.
 *
 * <p>Immutable by convention: the arrays are handed over, not copied, and nobody writes to them.
 */
public final class Dataset {
  /** The most classes that there may be. */
  public static final int MAX_CLASSES = 1 << 16;

  private static final int BYTE_CLASSES = 1 << 8;

  private final String name;
  private final Shape shape;
  private final int classes;
  private final byte[] pixels;
  private final byte[] labels;
  private final List<String> classNames;

  /** The same as the other, where nobody knows what the classes are called. */
  public Dataset(String name, Shape shape, int classes, byte[] pixels, byte[] labels) {
    this(name, shape, classes, pixels, labels, List.of());
  }

  /**
   * @param labels as {@link #labels()} gives them
   * @param classNames what the classes are called; none where nobody knows
   * @throws InputException if the array lengths do not fit together or a label is out of range
   */
  public Dataset(
      String name,
      Shape shape,
      int classes,
      byte[] pixels,
      byte[] labels,
      List<String> classNames) {
    if (classes < 1 || classes > MAX_CLASSES) {
      throw new IllegalArgumentException("1…" + MAX_CLASSES + " classes, not " + classes);
    }
    if (!classNames.isEmpty() && classNames.size() != classes) {
      throw new IllegalArgumentException(
          Text.of("%d names of %d classes", classNames.size(), classes));
    }
    this.name = name;
    this.shape = shape;
    this.classes = classes;
    this.pixels = pixels;
    this.labels = labels;
    this.classNames = List.copyOf(classNames);
    if ((long) size() * shape.size() != pixels.length || labels.length % labelBytes(classes) != 0) {
      throw new InputException(
          Text.of(
              "%s: %d labels but %d pixel bytes, which is not %d images of %s",
              name, size(), pixels.length, size(), shape));
    }
    for (int i = 0; i < size(); i++) {
      if (label(i) >= classes) {
        throw new InputException(
            Text.of("%s: label %d of image %d is outside 0…%d", name, label(i), i, classes - 1));
      }
    }
  }

  private static int labelBytes(int classes) {
    return classes > BYTE_CLASSES ? Short.BYTES : 1;
  }

  /**
   * Labels in the form of {@link #labels()}.
   *
   * @param values each in {@code 0 … classes − 1}
   */
  public static byte[] labels(int[] values, int classes) {
    int bytes = labelBytes(classes);
    byte[] labels = new byte[Math.multiplyExact(bytes, values.length)];
    for (int i = 0; i < values.length; i++) {
      labels[bytes * i + bytes - 1] = (byte) values[i];
      if (bytes > 1) {
        labels[bytes * i] = (byte) (values[i] >> Byte.SIZE);
      }
    }
    return labels;
  }

  /** The numbers behind labels in the form of {@link #labels()}. */
  public static int[] values(byte[] labels, int classes) {
    int bytes = labelBytes(classes);
    int[] values = new int[labels.length / bytes];
    for (int i = 0; i < values.length; i++) {
      values[i] = label(labels, bytes, i);
    }
    return values;
  }

  private static int label(byte[] labels, int bytes, int image) {
    return bytes == 1
        ? labels[image] & 0xff
        : ((labels[2 * image] & 0xff) << Byte.SIZE) | (labels[2 * image + 1] & 0xff);
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

  /** The shape in words; of three channels also if they are but one, as where grey was repeated. */
  public String form() {
    return shape.channels() == 3 && isGrey() ? shape + " (grey three times)" : shape.toString();
  }

  private boolean isGrey() {
    int plane = shape.height() * shape.width();
    for (int from = 0; from < pixels.length; from += 3 * plane) {
      int second = from + plane;
      int third = second + plane;
      if (!Arrays.equals(pixels, from, second, pixels, second, third)
          || !Arrays.equals(pixels, from, second, pixels, third, third + plane)) {
        return false;
      }
    }
    return true;
  }

  /** The number of images N. */
  public int size() {
    return labels.length / labelBytes(classes);
  }

  /** All pixels, unsigned, {@code [N, C, H, W]}; not to be written to. */
  public byte[] pixels() {
    return pixels;
  }

  /**
   * All labels, {@code [N]}: a byte each, or with more than 256 classes two, the high one first.
   * Not to be written to.
   */
  public byte[] labels() {
    return labels;
  }

  /** The class of image {@code image}, {@code 0 … classes − 1}. */
  public int label(int image) {
    return label(labels, labelBytes(classes), image);
  }

  /** What the classes are called, in their order; none where nobody knows. */
  public List<String> classNames() {
    return classNames;
  }

  /** Images {@code first … first + count − 1}. */
  public Dataset part(int first, int count) {
    int bytes = labelBytes(classes);
    return new Dataset(
        name,
        shape,
        classes,
        Arrays.copyOfRange(pixels, first * shape.size(), (first + count) * shape.size()),
        Arrays.copyOfRange(labels, bytes * first, bytes * (first + count)),
        classNames);
  }

  /** These images, in this order. */
  public Dataset chosen(int[] images) {
    byte[] copy = new byte[Math.multiplyExact(images.length, shape.size())];
    int[] values = new int[images.length];
    for (int i = 0; i < images.length; i++) {
      copyImage(images[i], copy, i * shape.size());
      values[i] = label(images[i]);
    }
    return new Dataset(name, shape, classes, copy, labels(values, classes), classNames);
  }

  /** The same with names of its classes, or with none. */
  Dataset withClassNames(List<String> names) {
    return new Dataset(name, shape, classes, pixels, labels, names);
  }

  /** The same images under another name. */
  public Dataset named(String other) {
    return new Dataset(other, shape, classes, pixels, labels, classNames);
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
