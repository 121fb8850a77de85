package org.bitquake.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.data.Shape;
import org.bitquake.data.format.ImageLoader.Wanted;
import org.bitquake.data.picture.Fitting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NumPy, IDX and CIFAR files. */
class ArrayFormatsTest {
  /** Mutations of each file; thousands with -Dbitquake.mutations=5000. */
  private static final int MUTATIONS = Integer.getInteger("bitquake.mutations", 100);

  private static final Configuration HADOOP = new Configuration();

  @TempDir Path dir;

  private static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static DataSpec spec(Path path, String split, Optional<String> labels) {
    var at = DataSpec.at(path.toString(), split);
    return new DataSpec(
        at.name(),
        at.path(),
        at.format(),
        split,
        at.directory(),
        labels,
        Fitting.NONE,
        Optional.empty());
  }

  private static Dataset load(Path path) {
    return load(spec(path, "test", Optional.empty()));
  }

  private static Dataset load(DataSpec spec) {
    return ImageLoader.load(spec, Optional.empty(), HADOOP, ImageProgress.NONE);
  }

  private static void refuses(Path path, String... facts) {
    assertThatThrownBy(() -> load(path))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(facts)
        .hasMessageNotContaining("\n");
  }

  private static byte[] npy(String dtype, String shape, byte[] data) {
    String header =
        Text.of("{'descr': '%s', 'fortran_order': False, 'shape': %s, }%n", dtype, shape);
    return ByteBuffer.allocate(10 + header.length() + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
        .putShort((short) header.length())
        .put(header.getBytes(StandardCharsets.US_ASCII))
        .put(data)
        .array();
  }

  private static byte[] zip(Map<String, byte[]> arrays) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(out)) {
      for (var array : arrays.entrySet()) {
        zip.putNextEntry(new ZipEntry(array.getKey()));
        zip.write(array.getValue());
      }
    }
    return out.toByteArray();
  }

  private Path npz(byte[] images, byte[] labels) throws IOException {
    return npz("images.npy", images, "labels.npy", labels);
  }

  private Path npz(String imageName, byte[] images, String labelName, byte[] labels)
      throws IOException {
    Map<String, byte[]> arrays = new LinkedHashMap<>();
    arrays.put(imageName, images);
    arrays.put(labelName, labels);
    return Files.write(dir.resolve("x.npz"), zip(arrays));
  }

  @Test
  void readsArraysInEitherOrderOfAxes() throws IOException {
    byte[] planes = bytes(2 * 3 * 4 * 5, 1);
    byte[] mixed = new byte[planes.length];
    for (int i = 0; i < planes.length; i++) {
      int n = i / 60;
      int c = i / 20 % 3;
      mixed[n * 60 + i % 20 * 3 + c] = planes[i];
    }
    byte[] labels = npy("<i8", "(2,)", new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    for (Path file :
        List.of(
            npz(npy("|u1", "(2, 3, 4, 5)", planes), labels),
            npz("x_test.npy", npy("|u1", "(2, 4, 5, 3)", mixed), "y_test.npy", labels),
            npz("test_images.npy", npy("|u1", "(2, 4, 5, 3)", mixed), "test_labels.npy", labels))) {
      Dataset data = load(file);
      assertThat(data.shape()).isEqualTo(new Shape(3, 4, 5));
      assertThat(data.pixels()).isEqualTo(planes);
      assertThat(data.labels()).containsExactly(1, 0);
      assertThat(data.name()).isEqualTo("x.npz");
    }
  }

  @Test
  void readsGreyImagesAndFeatures() throws IOException {
    byte[] values = bytes(24, 2);
    byte[] labels = npy(">u2", "(2, 1)", new byte[] {1, 2, 0, 3});
    Dataset grey = load(npz(npy("|u1", "(2, 4, 3)", values), labels));
    assertThat(grey.shape()).isEqualTo(new Shape(1, 4, 3));
    assertThat(grey.classes()).isEqualTo(259);
    assertThat(grey.label(0)).isEqualTo(258);
    Dataset features = load(npz(npy("|i1", "(2, 12)", values), labels));
    assertThat(features.shape()).isEqualTo(new Shape(12, 1, 1));
    for (int i = 0; i < values.length; i++) {
      assertThat(features.pixels()[i] & 0xff).isEqualTo(values[i] + 128);
    }
    var wanted = Optional.of(new Wanted(12, OptionalInt.of(300)));
    var file = spec(dir.resolve("x.npz"), "test", Optional.empty());
    assertThat(ImageLoader.load(file, wanted, HADOOP, ImageProgress.NONE).sha256())
        .isNotEqualTo(grey.sha256());
  }

  @Test
  void writesWhatItReads() throws IOException {
    Path file = dir.resolve("out.npz");
    for (Dataset data :
        List.of(
            new Dataset(
                "a",
                new Shape(3, 4, 5),
                3,
                bytes(180, 3),
                new byte[] {2, 0, 2},
                List.of("é", "𐀀b", "")),
            new Dataset("b", new Shape(1, 7, 2), 2, bytes(28, 4), new byte[] {0, 1}),
            new Dataset("c", new Shape(9, 1, 1), 3, bytes(18, 5), new byte[] {0, 2}),
            new Dataset(
                "d",
                new Shape(1, 2, 2),
                60_000,
                bytes(8, 6),
                Dataset.labels(new int[] {59_999, 256}, 60_000)))) {
      try (var out = Files.newOutputStream(file)) {
        NumpyWriter.write(data, out);
      }
      Dataset back = load(file);
      assertThat(back.sha256()).isEqualTo(data.sha256());
      assertThat(back.classNames()).isEqualTo(data.classNames());
      assertThat(back.shape()).isEqualTo(data.shape());
    }
  }

  @Test
  void refusesArraysThatAreNoImages() throws IOException {
    byte[] two = npy("|u1", "(2,)", new byte[2]);
    byte[] eight = npy("|u1", "(2, 2, 2)", new byte[8]);
    refuses(npz(npy("<f4", "(2, 1)", new byte[8]), two), "array images is <f4, not uint8");
    refuses(npz(npy("|u1", "(2, 2, 4, 2)", new byte[32]), two), "has the shape (2, 2, 4, 2), not");
    refuses(npz(npy("|u1", "(2, 3, 4, 1)", new byte[24]), two), "may be first or last");
    refuses(npz(npy("|u1", "(0, 2, 2)", new byte[0]), two), "has the shape (0, 2, 2), not");
    refuses(npz(npy("|u1", "(3, 2, 2)", new byte[8]), two), "ends after 8 of the 12 bytes");
    refuses(npz(npy("|u1", "(1, 2, 2)", new byte[8]), two), "has more than the 4 bytes");
    refuses(npz(npy("|u1", "(999999999, 999, 999)", new byte[8]), two), "MiB in memory");
    refuses(npz(eight, npy("<f4", "(2,)", new byte[8])), "array labels is <f4, not of integers");
    refuses(npz(eight, npy("|u1", "(3,)", new byte[3])), "has 2 images, but 3 labels");
    refuses(npz(eight, npy("|i1", "(2,)", new byte[] {0, -1})), "has label -1 at image 1");
    refuses(npz("pictures.npy", eight, "labels.npy", two), "no array of images; known names are");
    refuses(
        npz("images.npy", eight, "l.npy", two),
        "no array of labels; known names are Y_test, labels");
    refuses(npz("images.npy", eight, "x_test.npy", eight), "array x_test is a second one");
    refuses(npz("images.npy", new byte[3], "l.npy", two), "array images is not in NumPy's format");
    refuses(Files.write(dir.resolve("x.npz"), new byte[100]), "no zip of NumPy arrays");
    byte[] fortran = npy("|u1", "(2, 2, 2)", new byte[8]);
    String text = new String(fortran, StandardCharsets.ISO_8859_1).replace("False,", "True, ");
    refuses(npz(text.getBytes(StandardCharsets.ISO_8859_1), two), "is in Fortran order");
    Dataset other = load(spec(npz("images.npy", eight, "l.npy", two), "test", Optional.of("l")));
    assertThat(other.size()).isEqualTo(2);
  }

  /** A gigabyte of zeros in a megabyte: refused by its claim, or read no further than that. */
  @Test
  void aZipBombIsReadNoFurtherThanItsShape() throws IOException {
    var out = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("images.npy"));
      zip.write(npy("|u1", "(2, 2, 2)", new byte[8]));
      zip.write(new byte[64 << 20]);
    }
    refuses(Files.write(dir.resolve("x.npz"), out.toByteArray()), "has more than the 8 bytes");
  }

  private static byte[] idx(byte[] payload, int... header) {
    ByteBuffer file = ByteBuffer.allocate(4 * header.length + payload.length);
    for (int word : header) {
      file.putInt(word);
    }
    return file.put(payload).array();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var gz = new GZIPOutputStream(out)) {
      gz.write(bytes);
    }
    return out.toByteArray();
  }

  @Test
  void readsAnyPairOfIdxFiles() throws IOException {
    byte[] pixels = bytes(3 * 35, 7);
    byte[] images = idx(pixels, 0x803, 3, 5, 7);
    byte[] labels = idx(new byte[] {0, 46, 2}, 0x801, 3);
    Path file = Files.write(dir.resolve("emnist-balanced-test-images-idx3-ubyte.gz"), gzip(images));
    Files.write(dir.resolve("emnist-balanced-test-labels-idx1-ubyte"), labels);
    for (Path path : List.of(file, dir)) {
      Dataset data = load(path);
      assertThat(data.shape()).isEqualTo(new Shape(1, 5, 7));
      assertThat(data.pixels()).isEqualTo(pixels);
      assertThat(data.classes()).isEqualTo(47);
    }
    Files.write(
        dir.resolve("emnist-balanced-train-images-idx3-ubyte"), idx(new byte[1], 0x803, 1, 1, 1));
    Files.write(
        dir.resolve("emnist-balanced-train-labels-idx1-ubyte.gz"),
        gzip(idx(new byte[1], 0x801, 1)));
    assertThat(load(dir).size()).isEqualTo(3);
    assertThat(load(spec(dir, "train", Optional.empty())).size()).isEqualTo(1);
    Path plain = Files.write(dir.resolve("k.bin0"), images);
    refuses(plain, "no labels k.bin0 beside it");
    assertThat(
            load(spec(plain, "test", Optional.of("emnist-balanced-test-labels-idx1-ubyte")))
                .label(1))
        .isEqualTo(46);
    Path bad = dir.resolve("bad-images-idx3-ubyte");
    Files.write(dir.resolve("bad-labels-idx1-ubyte"), labels);
    Files.write(bad, idx(pixels, 0x803, 3, 5, 1 << 20));
    refuses(bad, "claims images of 5×1048576");
    Files.write(bad, idx(pixels, 0x803, -1, 1 << 14, 1 << 14));
    refuses(bad, "claims 4294967295 items");
    Files.write(bad, idx(pixels, 0x803, 4, 5, 7));
    refuses(bad, "its header says 4 items");
  }

  @Test
  void readsCifarFiles() throws IOException {
    byte[] record = bytes(3074, 8);
    record[0] = 19;
    record[1] = 99;
    Path file = Files.write(dir.resolve("test.bin"), record);
    for (Path path : List.of(file, dir)) {
      Dataset data = load(path);
      assertThat(data.classes()).isEqualTo(100);
      assertThat(data.label(0)).isEqualTo(99);
      assertThat(data.pixels()).isEqualTo(Arrays.copyOfRange(record, 2, 3074));
    }
    Dataset coarse = load(spec(dir, "test", Optional.of("coarse")));
    assertThat(coarse.classes()).isEqualTo(20);
    assertThat(coarse.label(0)).isEqualTo(19);
    Files.writeString(dir.resolve("coarse_label_names.txt"), "n\n".repeat(20));
    assertThat(load(spec(dir, "test", Optional.of("coarse"))).classNames())
        .hasSize(20)
        .contains("n");
    refuses(Files.write(dir.resolve("odd.bin"), new byte[3073 * 3074]), "say format");
    byte[] ten = bytes(3073, 9);
    ten[0] = 9;
    assertThat(load(Files.write(dir.resolve("ten.bin"), ten)).classNames()).contains("frog");
    assertThatThrownBy(() -> load(spec(dir, "test", Optional.of("fuzzy"))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cifar-100 has no labels 'fuzzy'; known are fine, coarse");
  }

  /** Whatever is in a file, the answer is images or one line of why not. */
  @Test
  void noMutationDoesAnythingElse() throws IOException {
    var random = new Random(43);
    byte[] labels = npy("|u1", "(2,)", new byte[] {0, 1});
    Files.write(dir.resolve("i-labels-idx1-ubyte"), idx(new byte[] {0, 1}, 0x801, 2));
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("x.npz", Files.readAllBytes(npz(npy("|u1", "(2, 4, 4, 3)", bytes(96, 1)), labels)));
    files.put("i-images-idx3-ubyte", idx(bytes(32, 2), 0x803, 2, 4, 4));
    files.put("i-images-idx3-ubyte.gz", gzip(idx(bytes(32, 2), 0x803, 2, 4, 4)));
    files.put("ten.bin", bytes(3073, 9));
    int read = 0;
    int refused = 0;
    for (var file : files.entrySet()) {
      for (int i = 0; i < MUTATIONS; i++) {
        byte[] mutant = file.getValue().clone();
        for (int n = random.nextInt(4); n >= 0; n--) {
          mutant[random.nextInt(mutant.length)] = (byte) random.nextInt();
        }
        int length = random.nextInt(4) == 0 ? random.nextInt(mutant.length) : mutant.length;
        Path path = Files.write(dir.resolve(file.getKey()), Arrays.copyOf(mutant, length));
        try {
          load(path);
          read++;
        } catch (InputException e) {
          assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
          refused++;
        }
      }
    }
    assertThat(read).isPositive();
    assertThat(refused).isPositive();
  }
}
