package org.bitquake.data.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.DataFile;
import org.bitquake.data.Pixels;
import org.bitquake.data.Shape;
import org.bitquake.data.format.DataPlace.Entry;

/**
 * A NumPy file {@code .npz}: {@code images} uint8 {@code [N, H, W]}, {@code [N, H, W, C]} or {@code
 * [N, C, H, W]} with 1 or 3 channels, or features {@code [N, F]}; {@code labels} {@code [N]} of any
 * integer type; perhaps {@code classes}, their names. The arrays of a split may also be called
 * {@code test_images} and {@code test_labels}, or {@code x_test} and {@code y_test}.
 *
 * <p>An int8 value v is the byte v + 128, so that the order stays.
 */
final class NumpyFormat {
  static final String ENDING = ".npz";
  static final String NAMES = "classes";

  private static final int MAX_ENTRIES = 10_000;
  private static final int FIRST_PART = 64 << 20;
  private static final int MAX_NAME = 1000;
  private static final long MAX_SKIPPED = 4L * Integer.MAX_VALUE;

  private final DataFile file;
  private final String title;
  private final Set<String> imageNames;
  private final Set<String> labelNames;
  private Pixels images;
  private int[] labels;
  private List<String> classes = List.of();
  private long skipped;

  private NumpyFormat(DataPlace place, DataFile file) {
    this.file = file;
    this.title = place.title();
    String split = place.split();
    imageNames =
        Set.of(
            "images",
            "features",
            split + "_images",
            split + "_features",
            "x_" + split,
            "X_" + split);
    labelNames =
        place
            .labels()
            .map(Set::of)
            .orElse(Set.of("labels", split + "_labels", "y_" + split, "Y_" + split));
  }

  static boolean isIn(DataPlace place) {
    return !arrays(place).isEmpty();
  }

  private static List<Entry> arrays(DataPlace place) {
    return place.filesNamed(name -> name.toLowerCase(Locale.ROOT).endsWith(ENDING));
  }

  static LabelledImages open(DataPlace place) {
    if (!place.isFolder()) {
      return new NumpyFormat(place, place.file()).read();
    }
    List<Entry> files = arrays(place);
    var ofSplit = files.stream().filter(f -> f.name().equals(place.split() + ENDING)).findFirst();
    if (ofSplit.isEmpty() && files.size() != 1) {
      throw new InputException(
          Text.of(
              "%s: %d .npz files, none called %s.npz; name one",
              place.display(), files.size(), place.split()));
    }
    return new NumpyFormat(place, place.file(ofSplit.orElseGet(() -> files.get(0)))).read();
  }

  private LabelledImages read() {
    file.read(
        (in, length) -> {
          try (var zip = new ZipInputStream(in)) {
            entries(zip);
          } catch (IllegalArgumentException e) {
            throw new InputException(Text.of("%s: %s", file.name(), e.getMessage()), e);
          }
          return file;
        });
    require(images != null, "images", imageNames);
    require(labels != null, "labels", labelNames);
    if (images.count() != labels.length) {
      throw file.damaged(Text.of("has %d images, but %d labels", images.count(), labels.length));
    }
    var all = classes.isEmpty() ? Labels.numbers(labels) : new Labels(labels, classes);
    if (all.isClosed() && Labels.numbers(labels).classes() > classes.size()) {
      throw file.damaged(
          Text.of(
              "has label %d, but names of %d classes",
              Labels.numbers(labels).classes() - 1, classes.size()));
    }
    return new LabelledImages(
        title,
        all,
        i -> Text.of("image %d of %s", i, file.name()),
        new LabelledImages.Decoded(images));
  }

  private void require(boolean there, String what, Set<String> names) {
    if (!there) {
      throw new InputException(
          Text.of(
              "%s: no array of %s; known names are %s",
              file.name(), what, String.join(", ", names.stream().sorted().toList())));
    }
  }

  private void entries(ZipInputStream zip) throws IOException {
    int count = 0;
    for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
      if (++count > MAX_ENTRIES) {
        throw new IllegalArgumentException("over 10000 arrays");
      }
      String name = e.getName().replaceFirst("\\.npy$", "");
      try {
        entry(name, zip);
      } catch (IllegalArgumentException wrong) {
        throw new IllegalArgumentException(
            Text.of("array %s %s", name.replaceAll("\\p{Cntrl}", "?"), wrong.getMessage()), wrong);
      }
      rest(zip);
    }
    if (count == 0) {
      throw new IllegalArgumentException("no zip of NumPy arrays, or cut short");
    }
  }

  private void entry(String name, InputStream in) throws IOException {
    if (imageNames.contains(name)) {
      refuseSecond(images);
      images = images(NpyHeader.read(in), in);
    } else if (labelNames.contains(name)) {
      refuseSecond(labels);
      labels = labels(NpyHeader.read(in), in);
    } else if (name.equals(NAMES)) {
      classes = names(NpyHeader.read(in), in);
    }
  }

  private static void refuseSecond(Object first) {
    if (first != null) {
      throw new IllegalArgumentException("is a second one of its kind; leave one of them out");
    }
  }

  /** Reads on to the entry's end, where its checksum is looked at. */
  private void rest(ZipInputStream zip) throws IOException {
    byte[] buffer = new byte[1 << 16];
    for (int n; (n = zip.read(buffer)) >= 0; ) {
      skipped += n;
      if (skipped > MAX_SKIPPED) {
        throw new IllegalArgumentException("holds over 8 GiB of other arrays");
      }
    }
  }

  private Pixels images(NpyHeader header, InputStream in) throws IOException {
    boolean signed = header.dtype().equals("|i1");
    if (!signed && !header.dtype().equals("|u1")) {
      throw new IllegalArgumentException(
          Text.of("is %s, not uint8; save the pixels 0…255 with .astype('uint8')", header.dtype()));
    }
    List<Integer> sizes = header.shape();
    if (sizes.contains(0) || sizes.size() < 2 || sizes.size() > 4) {
      throw shape(header);
    }
    boolean last = sizes.size() == 4 && isLast(header);
    var shape = shape(header, last);
    Memory.require(title, sizes.get(0), shape, Memory.limit());
    byte[] values = bytes(in, (long) header.count());
    if (signed) {
      for (int i = 0; i < values.length; i++) {
        values[i] ^= (byte) 0x80;
      }
    }
    if (last && shape.channels() > 1) {
      channelsFirst(values, shape);
    }
    return new Pixels(shape, values);
  }

  private static Shape shape(NpyHeader header, boolean last) {
    List<Integer> s = header.shape();
    return switch (s.size()) {
      case 2 -> new Shape(s.get(1), 1, 1);
      case 3 -> new Shape(1, s.get(1), s.get(2));
      default ->
          last ? new Shape(s.get(3), s.get(1), s.get(2)) : new Shape(s.get(1), s.get(2), s.get(3));
    };
  }

  /** Whether the channels stand last. */
  private static boolean isLast(NpyHeader header) {
    boolean first = isChannels(header.shape().get(1));
    boolean last = isChannels(header.shape().get(3));
    if (first && last) {
      throw new IllegalArgumentException(
          Text.of(
              "has the shape %s, where the channels may be first or last; reshape it to [N, H, W]"
                  + " or [N, F]",
              header.shapeText()));
    }
    if (!first && !last) {
      throw shape(header);
    }
    return last;
  }

  private static boolean isChannels(int size) {
    return size == 1 || size == 3;
  }

  private static IllegalArgumentException shape(NpyHeader header) {
    return new IllegalArgumentException(
        Text.of(
            "has the shape %s, not [N, H, W], [N, H, W, C] or [N, C, H, W] with C of 1 or 3, or"
                + " [N, F]",
            header.shapeText()));
  }

  private static void channelsFirst(byte[] values, Shape shape) {
    int plane = shape.height() * shape.width();
    int channels = shape.channels();
    byte[] image = new byte[shape.size()];
    for (int at = 0; at < values.length; at += image.length) {
      System.arraycopy(values, at, image, 0, image.length);
      for (int c = 0; c < channels; c++) {
        for (int i = 0; i < plane; i++) {
          values[at + c * plane + i] = image[i * channels + c];
        }
      }
    }
  }

  /** Grows with what really comes: a header's claim alone costs no more than 64 MiB. */
  private static byte[] bytes(InputStream in, long count) throws IOException {
    byte[] bytes = new byte[(int) Math.min(count, FIRST_PART)];
    int n = 0;
    while (n < count) {
      if (n == bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(count, 2L * n));
      }
      int more = in.read(bytes, n, bytes.length - n);
      if (more < 0) {
        throw new IllegalArgumentException(
            Text.of("ends after %d of the %d bytes that its shape needs", n, count));
      }
      n += more;
    }
    if (in.read() >= 0) {
      throw new IllegalArgumentException(
          Text.of("has more than the %d bytes that its shape needs", count));
    }
    return bytes;
  }

  private static int[] labels(NpyHeader header, InputStream in) throws IOException {
    if (!header.dtype().matches("[<>|][iu][1248]")) {
      throw new IllegalArgumentException(
          Text.of("is %s, not of integers; save labels 0, 1, …", header.dtype()));
    }
    List<Integer> sizes = header.shape();
    boolean column = sizes.size() == 2 && sizes.get(1) == 1;
    int size = header.dtype().charAt(2) - '0';
    if ((sizes.size() != 1 && !column) || header.count() * size > DataFile.MAX_ARRAY) {
      throw new IllegalArgumentException(Text.of("has the shape %s, not [N]", header.shapeText()));
    }
    boolean big = header.dtype().charAt(0) == '>';
    ByteBuffer data =
        ByteBuffer.wrap(bytes(in, (long) (header.count() * size)))
            .order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    boolean signed = header.dtype().charAt(1) == 'i';
    int[] labels = new int[sizes.get(0)];
    for (int i = 0; i < labels.length; i++) {
      long value =
          switch (size) {
            case 1 -> signed ? data.get() : data.get() & 0xff;
            case 2 -> signed ? data.getShort() : data.getShort() & 0xffff;
            case 4 -> data.getInt();
            default -> data.getLong();
          };
      if (!Labels.isPossible(value)) {
        throw new IllegalArgumentException(
            Text.of("has label %d at image %d, outside 0…65535", value, i));
      }
      labels[i] = (int) value;
    }
    return labels;
  }

  /** NumPy's text: so many code points of four bytes, padded with zeros. */
  private static List<String> names(NpyHeader header, InputStream in) throws IOException {
    if (!header.dtype().matches("<U[1-9][0-9]{0,3}") || header.shape().size() != 1) {
      throw new IllegalArgumentException(
          Text.of("is %s %s, not a list of names", header.dtype(), header.shapeText()));
    }
    int length = Integer.parseInt(header.dtype().substring(2));
    int count = header.shape().get(0);
    if (length > MAX_NAME || !Labels.isPossible(count - 1L)) {
      throw new IllegalArgumentException("has too many or too long names");
    }
    ByteBuffer data =
        ByteBuffer.wrap(in.readNBytes(4 * length * count)).order(ByteOrder.LITTLE_ENDIAN);
    if (data.remaining() < 4 * length * count) {
      throw new IllegalArgumentException("is cut short");
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] name = new byte[4 * length];
      data.get(name);
      names.add(new String(name, Charset.forName("UTF-32LE")).replaceFirst("\0+$", ""));
    }
    return names;
  }
}
