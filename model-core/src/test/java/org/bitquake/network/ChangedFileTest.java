package org.bitquake.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.bitquake.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangedFileTest {
  @TempDir Path folder;

  /** What NumPy makes of a network file: other order, compressed, the manifest as a string. */
  private static Map<String, byte[]> entries(QuantizedNetwork network) throws IOException {
    Map<String, byte[]> entries = new TreeMap<>();
    try (var zip = new ZipInputStream(new ByteArrayInputStream(QnnFileTest.bytes(network)))) {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        entries.put(e.getName(), zip.readAllBytes());
      }
    }
    byte[] manifest = entries.remove("manifest.json");
    byte[] header = Npy.header("|S" + manifest.length, List.of());
    var text = new ByteArrayOutputStream();
    text.writeBytes(header);
    text.writeBytes(manifest);
    entries.put("manifest.json.npy", text.toByteArray());
    return entries;
  }

  private static byte[] file(Map<String, byte[]> entries) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(out)) {
      for (var e : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(e.getKey()));
        zip.write(e.getValue());
      }
    }
    return out.toByteArray();
  }

  @Test
  void whatWasNotChangedIsTheSameNetwork() throws IOException {
    for (int seed = 0; seed < 60; seed++) {
      QuantizedNetwork network = seed < 30 ? RandomNetworks.of(seed) : RandomNetworks.wide(seed);
      byte[] file = file(entries(network));
      assertThat(ChangedFile.looksLikeOne(file)).isTrue();
      QuantizedNetwork back = ChangedFile.read(file, "changed.npz");
      assertThat(back.contentHash()).isEqualTo(network.contentHash());
      assertThat(back.provenance())
          .containsEntry("changed.from", network.contentHash())
          .containsEntry("seed", Integer.toString(seed));
    }
  }

  @Test
  void aChangedCodeIsTaken() throws IOException {
    QuantizedNetwork network = RandomNetworks.of(2);
    Convolution layer = network.weightLayers().get(0);
    Map<String, byte[]> entries = entries(network);
    byte[] codes = entries.get(layer.name() + ".codes.npy");
    codes[codes.length - 1] = (byte) (codes[codes.length - 1] == 0 ? -1 : 0);
    QuantizedNetwork changed = ChangedFile.read(file(entries), "changed.npz");
    assertThat(changed.contentHash()).isNotEqualTo(network.contentHash());
    byte[][] now = changed.copyCodes();
    byte[][] before = network.copyCodes();
    int last = before[0].length - 1;
    assertThat(now[0][last]).isEqualTo(codes[codes.length - 1]);
    now[0][last] = before[0][last];
    assertThat(now).isDeepEqualTo(before);
  }

  @Test
  void whatIsNoCodeIsRefused() throws IOException {
    QuantizedNetwork network =
        LongStream.range(0, 100)
            .mapToObj(RandomNetworks::of)
            .filter(n -> n.weightLayers().get(0).weights().bits() < 8)
            .findFirst()
            .orElseThrow();
    String name = network.weightLayers().get(0).name();
    Map<String, byte[]> entries = entries(network);
    byte[] codes = entries.get(name + ".codes.npy");
    codes[codes.length - 1] = 127;
    refused(entries, "layer " + name, "127");
    entries.remove(name + ".codes.npy");
    refused(entries, "no array " + name + ".codes");
    assertThat(ChangedFile.looksLikeOne("no zip".getBytes(StandardCharsets.UTF_8))).isFalse();
  }

  private static void refused(Map<String, byte[]> entries, String... parts) {
    assertThatThrownBy(() -> ChangedFile.read(file(entries), "changed.npz"))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(parts)
        .hasMessageStartingWith("changed.npz: cannot import this changed network: ");
  }

  @Test
  void asNumPyItselfSavesIt() throws Exception {
    Path python = Path.of("/usr/bin/python3");
    assumeTrue(Files.exists(python), "needs python3");
    QuantizedNetwork network = RandomNetworks.wide(36);
    String layer = network.weightLayers().get(0).name();
    Path first = folder.resolve("first.qnn.npz");
    Files.write(first, QnnFileTest.bytes(network));
    Path second = folder.resolve("second.npz");
    String program =
        """
        import sys
        try:
          import numpy
        except ImportError:
          sys.exit(77)
        d = dict(numpy.load(sys.argv[1]))
        c = d[sys.argv[3] + '.codes'].astype('int64')
        c[c == 0] = -1
        d[sys.argv[3] + '.codes'] = c
        d[sys.argv[3] + '.bias'] = d[sys.argv[3] + '.bias'].astype('float64')
        numpy.savez_compressed(sys.argv[2], **d)
        """;
    var process =
        new ProcessBuilder(
                python.toString(), "-c", program, first.toString(), second.toString(), layer)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    assumeTrue(code != 77, "needs NumPy");
    assertThat(code).as(said).isZero();
    QuantizedNetwork changed = ChangedFile.read(Files.readAllBytes(second), "second.npz");
    byte[][] expected = network.copyCodes();
    for (int i = 0; i < expected[0].length; i++) {
      expected[0][i] = expected[0][i] == 0 ? -1 : expected[0][i];
    }
    assertThat(changed.copyCodes()).isDeepEqualTo(expected);
  }
}
