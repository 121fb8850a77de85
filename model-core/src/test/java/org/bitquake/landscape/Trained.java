package org.bitquake.landscape;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.data.Dataset;
import org.bitquake.data.Datasets;
import org.bitquake.network.QnnFile;
import org.bitquake.network.QuantizedNetwork;

/** The networks that travel with the sources, and the first images of their test set. */
public final class Trained {
  static final List<String> NAMES = List.of("standard", "as", "saq", "as-saq");

  private static final Dataset TEST =
      Datasets.load("fashion-mnist", "test", Optional.empty(), new Configuration());

  private Trained() {}

  public static QuantizedNetwork network(String name) {
    var file = Path.of("../conf/networks/lenet5-" + name + ".qnn.npz");
    try (var in = Files.newInputStream(file)) {
      return QnnFile.read(in, file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Dataset images(int count) {
    byte[] pixels = new byte[count * TEST.shape().size()];
    byte[] labels = new byte[count];
    System.arraycopy(TEST.pixels(), 0, pixels, 0, pixels.length);
    System.arraycopy(TEST.labels(), 0, labels, 0, count);
    return new Dataset("first", TEST.shape(), TEST.classes(), pixels, labels);
  }
}
