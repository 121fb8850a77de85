package org.bitquake.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bitquake.data.SmallFiles.IMAGES;
import static org.bitquake.data.SmallFiles.LABELS;
import static org.bitquake.data.SmallFiles.cifar;
import static org.bitquake.data.SmallFiles.gzip;
import static org.bitquake.data.SmallFiles.hash;
import static org.bitquake.data.SmallFiles.idx;
import static org.bitquake.data.SmallFiles.labels;
import static org.bitquake.data.SmallFiles.pattern;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetsTest {
  private static final Path ORIGINALS = Path.of("../../shared/data/fashion-mnist");
  private static final Configuration HADOOP = new Configuration();

  @TempDir Path dir;

  private static Dataset load(String name, String split, Object directory) {
    return Datasets.load(name, split, Optional.of(directory.toString()), HADOOP);
  }

  private static Dataset bundled(String split) {
    return Datasets.load("fashion-mnist", split, Optional.empty(), HADOOP);
  }

  private static int[] perClass(Dataset data) {
    int[] count = new int[data.classes()];
    for (int i = 0; i < data.size(); i++) {
      count[data.label(i)]++;
    }
    return count;
  }

  @Test
  void theBundledTestFilesHaveThePublishedChecksums() throws IOException {
    for (Source.Archive archive : Source.PUBLISHED.get(0).archives().subList(2, 4)) {
      try (var in = Datasets.class.getResourceAsStream("fashion-mnist/" + archive.file())) {
        byte[] bytes = in.readAllBytes();
        assertThat(bytes).hasSize((int) archive.bytes());
        assertThat(hash("MD5", bytes)).isEqualTo(archive.md5());
      }
    }
  }

  @Test
  void theTestSplitTravelsInTheJar() {
    Dataset test = bundled("test");
    assertThat(test.name()).isEqualTo("fashion-mnist/test");
    assertThat(test.shape()).isEqualTo(new Shape(1, 28, 28));
    assertThat(test.classes()).isEqualTo(10);
    assertThat(test.size()).isEqualTo(10_000);
    assertThat(perClass(test)).containsOnly(1_000);
    byte[] images = idx(test.pixels(), IMAGES, 10_000, 28, 28);
    assertThat(hash("SHA-256", images))
        .isEqualTo(Source.PUBLISHED.get(0).contents().get(2).sha256());
  }

  @Test
  void theTrainSplitInTheJarIsABalancedExcerptAndSaysSo() {
    Dataset train = bundled("train");
    assertThat(train.name()).isEqualTo("fashion-mnist/train-10k");
    assertThat(train.size()).isEqualTo(10_000);
    assertThat(perClass(train)).containsOnly(1_000);
    assertThat(train.sha256()).isNotEqualTo(bundled("test").sha256());
  }

  @Test
  void theExcerptIsTheOneThatItsGeneratorDraws() {
    assumeTrue(Files.exists(ORIGINALS), "needs the full Fashion-MNIST in ../shared/data");
    Dataset train = load("fashion-mnist", "train", ORIGINALS);
    assertThat(train.size()).isEqualTo(60_000);
    assertThat(bundled("train").sha256()).isEqualTo(FashionMnistExcerpt.draw(train).sha256());
    assertThat(bundled("test").sha256())
        .isEqualTo(load("fashion-mnist", "test", ORIGINALS).sha256());
  }

  private void writeFashion(Path folder, boolean compressed, int images, int labels)
      throws IOException {
    Files.createDirectories(folder);
    byte[] pixels = idx(pattern(images * 784, 3), IMAGES, images, 28, 28);
    byte[] classes = idx(labels(labels), LABELS, labels);
    String end = compressed ? ".gz" : "";
    Files.write(folder.resolve("t10k-images-idx3-ubyte" + end), compressed ? gzip(pixels) : pixels);
    Files.write(
        folder.resolve("t10k-labels-idx1-ubyte" + end), compressed ? gzip(classes) : classes);
  }

  @Test
  void findsFilesInTheDirectoryOrItsSubfolderRawOrCompressedByPathOrUri() throws IOException {
    writeFashion(dir.resolve("a"), false, 20, 20);
    writeFashion(dir.resolve("b/fashion-mnist"), true, 20, 20);
    Dataset a = load("fashion-mnist", "test", dir.resolve("a"));
    assertThat(a.size()).isEqualTo(20);
    assertThat(a.pixels()).isEqualTo(pattern(20 * 784, 3));
    assertThat(a.labels()).isEqualTo(labels(20));
    Dataset b = load("fashion-mnist", "test", dir.resolve("b").toUri());
    assertThat(b.sha256()).isEqualTo(a.sha256());
  }

  @Test
  void findsCifarBatchesInTheDirectoryOrTheArchivesFolder() throws IOException {
    byte[] pixels = pattern(3072, 5);
    for (String folder :
        new String[] {"a", "b/cifar-10-batches-bin", "c/cifar-10/cifar-10-batches-bin"}) {
      Path where = Files.createDirectories(dir.resolve(folder));
      for (byte i = 1; i <= 5; i++) {
        Files.write(where.resolve("data_batch_" + i + ".bin"), cifar(new byte[] {i}, pixels));
      }
      Files.write(where.resolve("test_batch.bin"), cifar(new byte[] {7}, pixels));
    }
    for (String base : new String[] {"a", "b", "c"}) {
      Dataset train = load("cifar-10", "train", dir.resolve(base));
      assertThat(train.labels()).containsExactly(1, 2, 3, 4, 5);
      assertThat(train.name()).isEqualTo("cifar-10/train");
      assertThat(load("cifar-10", "test", dir.resolve(base)).labels()).containsExactly(7);
    }
  }

  @Test
  void refusesWhatItCannotFindAndSaysWhatToDo() throws IOException {
    refuses("mnist", "test", dir, "no data set 'mnist'; known are fashion-mnist, cifar-10");
    refuses("cifar-10", "val", dir, "no split 'val'; known are train, test");
    refuses("cifar-10", "test", dir, "bitquake data fetch cifar-10 --data DIR");
    refuses("fashion-mnist", "test", dir, "no t10k-images-idx3-ubyte (or .gz) in " + dir);
    refuses("fashion-mnist", "test", "nosuch://host/x", "data directory 'nosuch://host/x'");
    refuses("fashion-mnist", "test", "", "data directory ''");
    assertThatThrownBy(() -> Datasets.load("cifar-10", "test", Optional.empty(), HADOOP))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("bitquake data fetch cifar-10")
        .hasMessageContaining("--data DIR");
    writeFashion(dir, true, 20, 20);
    Files.delete(dir.resolve("t10k-labels-idx1-ubyte.gz"));
    refuses("fashion-mnist", "test", dir, dir + " lacks t10k-labels-idx1-ubyte");
  }

  @Test
  void refusesDifferentNumbersOfImagesAndLabels() throws IOException {
    writeFashion(dir, true, 20, 19);
    refuses("fashion-mnist", "test", dir, "has 20 images, but ");
    refuses("fashion-mnist", "test", dir, "t10k-labels-idx1-ubyte.gz has 19 labels");
  }

  private static void refuses(String name, String split, Object directory, String fact) {
    assertThatThrownBy(() -> load(name, split, directory))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(fact)
        .hasMessageNotContaining("\n");
  }

  /** The selection is a choice of distinct images in file order: a subsequence of the original. */
  @Test
  void theGeneratorKeepsFileOrderAndRepeatsNothing() {
    int size = 30_000;
    byte[] labels = labels(size);
    byte[] pixels = new byte[size * 2];
    for (int i = 0; i < size; i++) {
      pixels[2 * i] = (byte) (i >> 8);
      pixels[2 * i + 1] = (byte) i;
    }
    var all = new Dataset("all", new Shape(1, 1, 2), 10, pixels, labels);
    Dataset excerpt = FashionMnistExcerpt.draw(all);
    int last = -1;
    for (int i = 0; i < excerpt.size(); i++) {
      int index = ((excerpt.pixels()[2 * i] & 0xff) << 8) | (excerpt.pixels()[2 * i + 1] & 0xff);
      assertThat(index).isGreaterThan(last);
      assertThat(excerpt.label(i)).isEqualTo(index % 10);
      last = index;
    }
    assertThat(perClass(excerpt)).containsOnly(1_000);
  }
}
