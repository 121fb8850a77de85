package org.bitquake.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QnnFileTest {
  @TempDir java.nio.file.Path folder;

  static byte[] bytes(QuantizedNetwork network) throws IOException {
    var out = new ByteArrayOutputStream();
    QnnFile.write(network, out);
    return out.toByteArray();
  }

  static QuantizedNetwork read(byte[] file) throws IOException {
    return QnnFile.read(new ByteArrayInputStream(file), "net.qnn.npz");
  }

  @Test
  void readingGivesBackWhatWasWritten() throws IOException {
    for (int seed = 0; seed < 200; seed++) {
      QuantizedNetwork network =
          seed % 2 == 0 ? RandomNetworks.of(seed) : RandomNetworks.wide(seed);
      byte[] file = bytes(network);
      QuantizedNetwork back = read(file);
      assertThat(back).usingRecursiveComparison().withStrictTypeChecking().isEqualTo(network);
      assertThat(back.contentHash()).isEqualTo(network.contentHash());
      assertThat(bytes(back)).isEqualTo(file);
    }
  }

  @Test
  void thePlatformsZipReaderFindsEveryEntry() throws IOException {
    QuantizedNetwork network = RandomNetworks.of(2);
    java.nio.file.Path path = folder.resolve("a.qnn.npz");
    Files.write(path, bytes(network));
    try (var zip = new ZipFile(path.toFile())) {
      assertThat(zip.size()).isEqualTo(1 + 4 * network.weightLayers().size());
      for (var e : java.util.Collections.list(zip.entries())) {
        assertThat(zip.getInputStream(e).readAllBytes()).hasSize((int) e.getSize());
      }
      String manifest =
          new String(
              zip.getInputStream(zip.getEntry("manifest.json")).readAllBytes(),
              StandardCharsets.UTF_8);
      assertThat(manifest).contains("\"version\" : 1", network.contentHash());
    }
  }

  @Test
  void numpyReadsTheArrays() throws Exception {
    QuantizedNetwork network = RandomNetworks.of(2);
    java.nio.file.Path path = folder.resolve("a.qnn.npz");
    Files.write(path, bytes(network));
    String script =
        """
        import sys
        try:
            import numpy
        except ImportError:
            sys.exit(77)
        n = numpy.load(sys.argv[1], allow_pickle=False)
        for k in sorted(n.files):
            if k != 'manifest.json':
                print(k, n[k].dtype.str, n[k].shape, float(n[k].astype('f8').sum()).hex())
        """;
    Process python;
    try {
      python =
          new ProcessBuilder("python3", "-c", script, path.toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      abort("python3 is not installed");
      return;
    }
    String output = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(python.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assumeTrue(python.exitValue() != 77, "NumPy is not installed");
    assertThat(python.exitValue()).as(output).isZero();
    for (Convolution c : network.weightLayers()) {
      double sum = 0;
      for (byte code : c.weights().codes()) {
        sum += code;
      }
      var g = c.geometry();
      String codes =
          Text.of(
              "%s.codes |i1 (%d, %d, %d, %d)",
              c.name(),
              g.outChannels(),
              c.inputShape().channels() / g.groups(),
              g.kernelHeight(),
              g.kernelWidth());
      assertThat(output.lines())
          .anySatisfy(
              line -> {
                assertThat(line).startsWith(codes + " ");
              });
      String hex = output.lines().filter(l -> l.startsWith(codes)).findFirst().orElseThrow();
      String number = hex.substring(hex.lastIndexOf(' ') + 1);
      assertThat(Double.parseDouble(number.contains("p") ? number : "0x0p0")).isEqualTo(sum);
      assertThat(output).contains(c.name() + ".bias <f4 (" + g.outChannels() + ",)");
    }
  }

  @Test
  void writesToAPathWholeOrNotAtAll() throws IOException {
    var hadoop = new Configuration();
    var path = new Path(folder.resolve("net.qnn.npz").toUri());
    QuantizedNetwork first = RandomNetworks.of(1);
    QuantizedNetwork second = RandomNetworks.of(2);
    QnnFile.write(first, path, hadoop, false);
    assertThatThrownBy(() -> QnnFile.write(second, path, hadoop, false))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the file exists");
    assertThat(QnnFile.read(path, hadoop).contentHash()).isEqualTo(first.contentHash());
    QnnFile.write(second, path, hadoop, true);
    assertThat(QnnFile.read(path, hadoop).contentHash()).isEqualTo(second.contentHash());
    assertThat(folder.toFile().list()).containsExactly("net.qnn.npz");
  }

  @Test
  void aMissingFileIsTheUsersMistake() {
    var path = new Path(folder.resolve("none.qnn.npz").toUri());
    assertThatThrownBy(() -> QnnFile.read(path, new Configuration()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("none.qnn.npz: there is no such network file");
  }
}
