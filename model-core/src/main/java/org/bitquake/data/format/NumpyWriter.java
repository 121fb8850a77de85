package org.bitquake.data.format;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.data.Shape;

/**
 * Writes images as a NumPy file that bitquake reads back to the same bytes: {@code images} uint8
 * {@code [N, H, W]}, {@code [N, H, W, 3]} or {@code [N, F]}, {@code labels} uint16 {@code [N]} and,
 * where they are known, {@code classes}. The same images give the same file.
 */
public final class NumpyWriter {
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);
  private static final int ALIGNMENT = 64;

  private NumpyWriter() {}

  /** Writes all images; the stream stays open. */
  public static void write(Dataset data, OutputStream out) throws IOException {
    var zip = new ZipOutputStream(out);
    images(data, zip);
    ByteBuffer labels =
        ByteBuffer.allocate(Short.BYTES * data.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < data.size(); i++) {
      labels.putShort((short) data.label(i));
    }
    entry(zip, "labels", "<u2", List.of(data.size()));
    zip.write(labels.array());
    if (!data.classNames().isEmpty()) {
      classes(data.classNames(), zip);
    }
    zip.finish();
    zip.flush();
  }

  private static void images(Dataset data, ZipOutputStream zip) throws IOException {
    Shape shape = data.shape();
    int n = data.size();
    int plane = shape.height() * shape.width();
    int channels = shape.channels();
    List<Integer> sizes =
        plane == 1
            ? List.of(n, channels)
            : channels == 1
                ? List.of(n, shape.height(), shape.width())
                : List.of(n, shape.height(), shape.width(), channels);
    entry(zip, "images", "|u1", sizes);
    byte[] stored = new byte[shape.size()];
    byte[] image = new byte[shape.size()];
    for (int i = 0; i < n; i++) {
      data.copyImage(i, stored, 0);
      for (int c = 0; c < channels; c++) {
        for (int p = 0; p < plane; p++) {
          image[p * channels + c] = stored[c * plane + p];
        }
      }
      zip.write(image);
    }
  }

  private static void classes(List<String> names, ZipOutputStream zip) throws IOException {
    int length =
        names.stream().mapToInt(name -> name.codePointCount(0, name.length())).max().orElse(1);
    length = Math.max(length, 1);
    entry(zip, NumpyFormat.NAMES, "<U" + length, List.of(names.size()));
    for (String name : names) {
      ByteBuffer cell = ByteBuffer.allocate(4 * length);
      cell.put(name.getBytes(Charset.forName("UTF-32LE")));
      zip.write(cell.array());
    }
  }

  /**
   * Begins an array of an {@code .npz}: its header is padded so that the data are aligned, as NumPy
   * does. Its values are to be written to the stream, row-major.
   *
   * @param dtype such as {@code |u1} or {@code <f4}
   */
  public static void entry(ZipOutputStream zip, String name, String dtype, List<Integer> sizes)
      throws IOException {
    var entry = new ZipEntry(name + ".npy");
    entry.setTimeLocal(NO_TIME);
    zip.putNextEntry(entry);
    String shape = sizes.toString().replace("[", "(").replace("]", sizes.size() == 1 ? ",)" : ")");
    String text = Text.of("{'descr': '%s', 'fortran_order': False, 'shape': %s, }", dtype, shape);
    int rest = (text.length() + 11) % ALIGNMENT;
    String padded = text + " ".repeat(rest == 0 ? 0 : ALIGNMENT - rest) + "\n";
    zip.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    zip.write(padded.length() & 0xff);
    zip.write(padded.length() >> 8);
    zip.write(padded.getBytes(StandardCharsets.US_ASCII));
  }
}
