package org.bitquake.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bitquake.InputException;
import org.bitquake.Sha256;
import org.bitquake.network.ZipFormat.Entry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Network files that are damaged, or made to do damage. */
class HostileQnnFileTest {
  /** A network whose first weights have fewer than 8 bits, so that a byte can be out of range. */
  private static final long SEED = 0;

  private byte[] file;
  private List<Entry> entries;

  @BeforeEach
  void writeOne() throws IOException {
    file = QnnFileTest.bytes(RandomNetworks.of(SEED));
    entries = new ArrayList<>(ZipFormat.read(file, 100));
  }

  private static void refused(byte[] file, String... parts) {
    assertThatThrownBy(() -> QnnFile.read(new ByteArrayInputStream(file), "bad.qnn.npz"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("bad.qnn.npz: not a sound network file: ")
        .hasMessageNotContaining("\n")
        .hasMessageContainingAll(withPrefix(parts));
  }

  private static String[] withPrefix(String... parts) {
    String[] all = Arrays.copyOf(parts, parts.length + 1);
    all[parts.length] = "export the network anew";
    return all;
  }

  private void refusedEntries(String... parts) throws IOException {
    refused(ZipFormat.write(entries), parts);
  }

  private String manifest() {
    return new String(ZipFormat.inflate(entries.get(0)), StandardCharsets.UTF_8);
  }

  private void manifest(UnaryOperator<String> change) {
    String before = manifest();
    String after = change.apply(before);
    assertThat(after).isNotEqualTo(before);
    entries.set(0, ZipFormat.entry("manifest.json", after.getBytes(StandardCharsets.UTF_8)));
  }

  /** Replaces an array and its hash, so that only its content can be what is wrong. */
  private void array(int index, UnaryOperator<byte[]> change) {
    byte[] before = ZipFormat.inflate(entries.get(index));
    byte[] after = change.apply(before.clone());
    assertThat(after).isNotEqualTo(before);
    entries.set(index, ZipFormat.entry(entries.get(index).name(), after));
    manifest(m -> m.replace(Sha256.hex(before), Sha256.hex(after)));
  }

  private static byte[] replace(byte[] bytes, String from, String to) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void cutAnywhere() {
    for (int i = 0; i < 20; i++) {
      refused(Arrays.copyOf(file, file.length * i / 20));
    }
    refused(Arrays.copyOf(file, file.length - 1), "cut short");
  }

  @Test
  void aFlippedByteAnywhere() {
    for (int i = 0; i < file.length; i += 5) {
      byte[] damaged = file.clone();
      damaged[i] ^= (byte) 0xff;
      refused(damaged);
    }
  }

  @Test
  void bytesBeforeOrBehind() {
    refused(Arrays.copyOf(file, file.length + 1));
    byte[] shifted = new byte[file.length + 1];
    System.arraycopy(file, 0, shifted, 1, file.length);
    refused(shifted);
    refused("no zip at all".repeat(10).getBytes(StandardCharsets.UTF_8), "not a zip file");
  }

  @Test
  void anEntryThatIsMissingSurplusTwiceOrElsewhere() throws IOException {
    Entry last = entries.remove(entries.size() - 1);
    refusedEntries("arrays, but its manifest lists");
    entries.add(last);
    entries.add(last);
    refusedEntries("is there twice");
    entries.set(entries.size() - 1, ZipFormat.entry("surplus.npy", new byte[9]));
    refusedEntries("arrays, but its manifest lists");
    entries.remove(entries.size() - 1);
    entries.set(1, entries.set(2, entries.get(1)));
    refusedEntries("entry 1 is not array");
    entries.add(0, entries.remove(1));
    refusedEntries("first entry is not manifest.json");
  }

  @Test
  void aNameThatLeavesTheFolder() throws IOException {
    Entry e = entries.get(1);
    for (String name : List.of("../../etc/passwd", "/abs.npy", "a\\b.npy", "x\u0000.npy")) {
      entries.set(1, new Entry(name, e.crc(), e.size(), e.deflated()));
      refusedEntries("entry 1 is not array");
    }
    entries.set(1, e);
    String layer = e.name().substring(0, e.name().indexOf(".codes"));
    manifest(m -> m.replace("\"" + layer, "\"../" + layer));
    refusedEntries("layer name \"../" + layer);
  }

  @Test
  void anEntryThatInflatesToMoreThanItClaims() throws IOException {
    Entry bomb = ZipFormat.entry("manifest.json", new byte[20 << 20]);
    entries.set(0, bomb);
    refusedEntries("manifest claims 20971520 bytes");
    entries.set(0, new Entry("manifest.json", bomb.crc(), 1000, bomb.deflated()));
    refusedEntries("does not inflate to the 1000 bytes");
    entries.set(0, new Entry("manifest.json", bomb.crc(), Integer.MAX_VALUE, new byte[10]));
    refusedEntries("claims to inflate from 10 to 2147483647");
    entries.set(0, new Entry("manifest.json", bomb.crc(), -1, new byte[10]));
    refusedEntries("claims to inflate");
  }

  @Test
  void aDirectoryThatPointsElsewhere() {
    for (int field : new int[] {10, 12, 16, 20}) {
      for (int value : new int[] {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 1 << 20}) {
        byte[] damaged = file.clone();
        var end = ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN);
        end.putInt(damaged.length - 22 + Math.min(field, 18), value);
        if (!Arrays.equals(damaged, file)) {
          refused(damaged);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "'descr': '|i1'; 'descr': '<i1'; dtype <i1",
        "'descr': '|i1'; 'descr': '|O1'; dtype |O1",
        "'fortran_order': False; 'fortran_order': True ; header cannot be read",
        "NUMPY; NUMPX; not in NumPy's format",
        "'descr'; 'decsr'; header cannot be read",
      })
  void anArrayThatIsNotWhatTheManifestSays(String from, String to, String message)
      throws IOException {
    array(1, npy -> Arrays.copyOf(replace(npy, from, to), npy.length));
    refusedEntries(message);
  }

  @Test
  void anArrayOfAnotherShapeOrVersion() throws IOException {
    array(
        1,
        npy -> {
          byte[] header = Npy.header(Npy.INT8, List.of(7, 1, 1, 1));
          System.arraycopy(header, 0, npy, 0, header.length);
          return npy;
        });
    refusedEntries("array " + layerName() + ".codes: shape (7, 1, 1, 1), not (");
    for (int at : new int[] {6, 7}) {
      writeOne();
      array(
          1,
          npy -> {
            npy[at] = 3;
            return npy;
          });
      refusedEntries("version");
    }
    writeOne();
    array(1, npy -> Arrays.copyOf(npy, npy.length - 1));
    refusedEntries("is not array");
  }

  @Test
  void anArrayWhoseHeaderIsLongerThanItself() throws IOException {
    array(
        1,
        npy -> {
          npy[8] = (byte) 0xff;
          npy[9] = (byte) 0xff;
          return npy;
        });
    refusedEntries("header is cut short");
  }

  @Test
  void aCodeOutOfRange() throws IOException {
    int bits = RandomNetworks.of(SEED).weightLayers().get(0).weights().bits();
    assertThat(bits).isLessThan(8);
    array(
        1,
        npy -> {
          npy[npy.length - 1] = (byte) (1 << (bits - 1));
          return npy;
        });
    refusedEntries("layer " + layerName(), "weight code", "outside");
  }

  private String layerName() {
    return entries.get(1).name().replace(".codes.npy", "");
  }

  @Test
  void aNumberThatIsNotFinite() throws IOException {
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      writeOne();
      array(
          4,
          npy -> {
            ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN).putFloat(npy.length - 4, value);
            return npy;
          });
      refusedEntries("layer " + layerName(), "scale", "finite");
    }
  }

  @Test
  void contentOtherThanItsHash() throws IOException {
    entries.set(1, ZipFormat.entry(entries.get(1).name(), flipLast(entries.get(1))));
    refusedEntries("does not match its SHA-256");
    writeOne();
    array(
        4,
        npy -> {
          npy[npy.length - 4] ^= 1;
          return npy;
        });
    refusedEntries("content does not match");
  }

  private static byte[] flipLast(Entry entry) {
    byte[] npy = ZipFormat.inflate(entry);
    npy[npy.length - 1] ^= 1;
    return npy;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "\"version\" : 1; \"version\" : 2; it is of version 2",
        "\"version\" : 1; \"version\" : \"1\"; version",
        "\"version\" : 1; \"version\" : 1.5; version",
        "\"version\" : 1,; ; version",
        "bitquake quantised network; something else; manifest",
        "\"stride\" :; \"strade\" :; stride",
        "\"padding\" :; \"stride\" : 1, \"padding\" :; Duplicate field 'stride'",
        "\"groups\" : 1; \"groups\" : 1e99; manifest.json line",
        "\"groups\" : 1; \"groups\" : 3; groups",
        "\"groups\" : 1; \"groups\" : null; manifest.json line",
        "\"groups\" : 1; \"groups\" : \"1\"; manifest.json line",
        "\"groups\" : 1; \"groups\" : 1.5; manifest.json line",
        "\"stride\" : 1; \"stride\" : -1; stride -1",
        "\"groups\" :; \"extra\" : 1, \"groups\" :; extra",
        "\"type\" : \"convolution\"; \"type\" : \"java.lang.Object\"; java.lang.Object",
        "\"input\" : -1; \"input\" : 77; earlier",
        "\"input\" : -1; \"input\" : -2; -2",
        "\"step\" : 0.; \"step\" : -0.; step",
        "\"step\" : 0.; \"step\" : 1e99, \"x\" : 0.; manifest.json line",
        "\"dtype\" : \"|i1\"; \"dtype\" : \"<f8\"; <f8",
        "\"name\" : \"random-0\"; \"name\" : \"\"; name",
        "\"name\" : \"random-0\"; \"name\" : null; manifest.json",
        "\"name\" : \"random-0\"; \"name\" : [[[[[[[[[[[[1]]]]]]]]]]]]; manifest.json",
        "\"seed\" : \"0\"; \"seed\" : null; provenance",
      })
  void aManifestWithAMistake(String from, String to, String message) throws IOException {
    manifest(m -> m.replace(from, to == null ? "" : to));
    refusedEntries(message);
  }

  @Test
  void aManifestThatIsNoJsonOrGoesOn() throws IOException {
    String before = manifest();
    manifest(m -> m + "{}");
    refusedEntries("manifest.json line");
    manifest(m -> "\u0000\u0001" + before);
    refusedEntries("manifest.json line");
    manifest(m -> "[".repeat(100_000));
    refusedEntries("manifest.json");
    manifest(m -> before.substring(0, before.length() / 2));
    refusedEntries("manifest.json line");
  }

  @Test
  void aShapeFarTooLarge() throws IOException {
    String before = manifest();
    String kernel =
        before.substring(
            before.indexOf("\"kernel\""),
            before.indexOf("\"stride\"", before.indexOf("\"kernel\"")));
    for (String sizes :
        List.of(
            "2147483647, 2147483647, 2147483647, 2147483647",
            "1048576, 1048576, 1, 1",
            "0, 1, 1, 1",
            "-1, 1, 1, 1",
            "1, 1, 1",
            "1, null, 1, 1")) {
      writeOne();
      manifest(m -> m.replace(kernel, "\"kernel\" : [ " + sizes + " ],\n"));
      refusedEntries();
    }
    writeOne();
    String shape = before.substring(before.indexOf("\"shape\""), before.indexOf("]"));
    manifest(m -> m.replace(shape, "\"shape\" : [ 2000000000, 2000000000, 2000000000"));
    refusedEntries();
  }
}
