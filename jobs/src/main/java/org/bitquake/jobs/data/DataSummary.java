package org.bitquake.jobs.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.data.Shape;
import org.bitquake.data.format.DataFormat;
import org.bitquake.jobs.console.TextTable;

/** What is in a set of labelled images, as text. */
public final class DataSummary {
  private final Dataset data;
  private final int[] perClass;

  public DataSummary(Dataset data) {
    this.data = data;
    this.perClass = perClass(data);
  }

  /** The number of images of each class, {@code [classes]}. */
  static int[] perClass(Dataset data) {
    int[] count = new int[data.classes()];
    for (int i = 0; i < data.size(); i++) {
      count[data.label(i)]++;
    }
    return count;
  }

  /**
   * Lines for people.
   *
   * @param format in which the data were found; empty for a data set by name
   */
  public String text(Optional<DataFormat> format) {
    var text = new StringBuilder();
    line(text, "data", data.name() + format.map(f -> " (" + f.label() + ")").orElse(""));
    line(text, "images", Text.of("%,d of %s", data.size(), data.shape()));
    line(text, "values", values());
    line(text, "classes", classes());
    line(text, "duplicates", duplicates());
    line(text, "SHA-256", data.sha256());
    var table = new TextTable("class", "name", "images");
    for (int c = 0; c < perClass.length; c++) {
      String name = data.classNames().isEmpty() ? null : data.classNames().get(c);
      table.add("" + c, name, Text.of("%,d", perClass[c]));
    }
    return text.append('\n').append(table.render()).toString();
  }

  private static void line(StringBuilder text, String what, String words) {
    text.append(Text.of("%-12s%s%n", what, words));
  }

  /** Range, and what a network would be normalised with. */
  private String values() {
    Shape shape = data.shape();
    int plane = shape.height() * shape.width();
    int channels = plane == 1 ? 1 : shape.channels();
    long[][] counts = new long[channels][256];
    byte[] pixels = data.pixels();
    for (int i = 0; i < pixels.length; i++) {
      counts[plane == 1 ? 0 : i / plane % channels][pixels[i] & 0xff]++;
    }
    int least = 256;
    int most = -1;
    var means = new StringBuilder();
    var deviations = new StringBuilder();
    for (long[] count : counts) {
      double n = 0;
      double sum = 0;
      double squares = 0;
      for (int v = 0; v < 256; v++) {
        n += count[v];
        sum += (double) count[v] * v;
        squares += (double) count[v] * v * v;
        least = count[v] > 0 ? Math.min(least, v) : least;
        most = count[v] > 0 ? Math.max(most, v) : most;
      }
      double mean = sum / n;
      means.append(Text.of("%s%.3f", means.length() == 0 ? "" : ", ", mean / 255));
      deviations.append(
          Text.of(
              "%s%.3f",
              deviations.length() == 0 ? "" : ", ",
              Math.sqrt(Math.max(0, squares / n - mean * mean)) / 255));
    }
    return Text.of(
        "%d … %d; of each channel / 255: mean %s, standard deviation %s",
        least, most, means, deviations);
  }

  private String classes() {
    int least = Integer.MAX_VALUE;
    int most = 0;
    int empty = 0;
    for (int count : perClass) {
      least = Math.min(least, count);
      most = Math.max(most, count);
      empty += count == 0 ? 1 : 0;
    }
    return Text.of(
        "%d, of %s images each%s",
        perClass.length,
        least == most ? Text.of("%,d", most) : Text.of("%,d … %,d", least, most),
        empty == 0 ? "" : Text.of("; %d of them have none", empty));
  }

  /** Images that are the same as an earlier one. */
  private String duplicates() {
    Map<ByteBuffer, Integer> first = new HashMap<>();
    int copies = 0;
    int contradicting = 0;
    String example = "";
    var digest = sha256();
    int size = data.shape().size();
    for (int i = 0; i < data.size(); i++) {
      digest.update(data.pixels(), i * size, size);
      Integer before = first.putIfAbsent(ByteBuffer.wrap(digest.digest()), i);
      if (before != null) {
        example = copies == 0 ? Text.of(" (image %d is image %d)", i, before) : example;
        copies++;
        contradicting += data.label(i) == data.label(before) ? 0 : 1;
      }
    }
    return copies == 0
        ? "none"
        : Text.of("%,d%s, %,d of them with another label", copies, example, contradicting);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
