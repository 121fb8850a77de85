package org.bitquake.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.ZipFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.data.Shape;
import org.bitquake.data.format.NumpyWriter;
import org.bitquake.engine.Engines;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.jobs.data.PictureFolder;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels from 0 to 999, in every form that has labels, from a file to rows and answers. */
class ThousandClassesTest {
  private static final Shape SHAPE = new Shape(1, 28, 28);
  private static final int CLASSES = 1000;
  private static final int IMAGES = 24;

  private static final String CONFIG =
      """
      name: thousand
      seed: 3
      networks: [net.qnn.npz]
      data: {path: %s}
      faults: {kinds: [bit-flip], rates: [0.01]}
      trials: {perCell: 2}
      images: all
      output: unused
      """;

  @TempDir static Path temp;
  private static SmallWorld world;
  private static Dataset data;
  private static int correct;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** What the network says of every second image is its label; 0 and 999 are labels, too. */
  @BeforeAll
  static void write() throws IOException {
    world = new SmallWorld(temp);
    var network = SmallWorld.network("net", SHAPE, CLASSES, 2, 5);
    world.write("net.qnn.npz", network);
    byte[] pixels = new byte[IMAGES * SHAPE.size()];
    new Random(9).nextBytes(pixels);
    int[] predictions = predictions(network, pixels);
    int[] labels =
        IntStream.range(0, IMAGES).map(i -> i % 2 == 0 ? predictions[i] : 333 * (i % 4)).toArray();
    assertThat(Arrays.stream(labels)).contains(333, 999).anyMatch(l -> l > 255 && l % 333 != 0);
    correct = (int) IntStream.range(0, IMAGES).filter(i -> labels[i] == predictions[i]).count();
    data = new Dataset("x", SHAPE, CLASSES, pixels, Dataset.labels(labels, CLASSES));
    try (var stream = Files.newOutputStream(temp.resolve("images.npz"))) {
      NumpyWriter.write(data, stream);
    }
    PictureFolder.flat(data, temp.resolve("folder"));
    List<Row> rows =
        IntStream.range(0, IMAGES).mapToObj(i -> RowFactory.create(png(i), labels[i])).toList();
    TestSpark.session()
        .createDataFrame(rows, StructType.fromDDL("image BINARY, label INT"))
        .coalesce(1)
        .write()
        .parquet(temp.resolve("parquet").toString());
  }

  private static int[] predictions(QuantizedNetwork network, byte[] pixels) {
    int[] predictions = new int[IMAGES];
    try (var engine = new ReferenceEngine(network)) {
      engine.predict(pixels, IMAGES, predictions);
    }
    return predictions;
  }

  private static byte[] png(int image) {
    try {
      return Files.readAllBytes(
          temp.resolve("folder").resolve(org.bitquake.Text.of("%05d.png", image)));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private int run(Object... args) {
    String[] texts = Arrays.stream(args).map(Object::toString).toArray(String[]::new);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), texts);
  }

  private static int[] labels(Path answers) throws IOException {
    try (var zip = new ZipFile(answers.toFile())) {
      byte[] npy = zip.getInputStream(zip.getEntry("labels.npy")).readAllBytes();
      var values = ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN);
      int from = npy.length - 2 * IMAGES;
      return IntStream.range(0, IMAGES).map(i -> values.getShort(from + 2 * i) & 0xffff).toArray();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"images.npz", "folder", "parquet"})
  void predictAndCampaignReadThem(String place) throws IOException {
    Path answers = temp.resolve(place + ".answers");
    assertThat(
            run(
                "predict",
                temp.resolve("net.qnn.npz"),
                "--data",
                temp.resolve(place),
                "-o",
                answers))
        .as(err.toString())
        .isZero();
    assertThat(out.toString()).contains("24 images, " + correct + " as labelled, ");
    assertThat(out.toString()).contains(" with the label among the five largest logits, ");
    assertThat(labels(answers)).isEqualTo(IntStream.range(0, IMAGES).map(data::label).toArray());

    Path results = temp.resolve(place + ".results");
    assertThat(world.run(Text.of(CONFIG, place), results, Engines::prepare)).isZero();
    var rows =
        new TableStore(results.toString(), new Configuration())
            .read(TestSpark.session(), "trials")
            .collectAsList();
    assertThat(rows).hasSize(2);
    assertThat(rows).allMatch(row -> row.<Integer>getAs("golden_correct") == correct);
  }

  @Test
  void aLabelThatTheNetworkHasNoClassForIsOneLineBeforeAnyTrial() throws IOException {
    int[] labels = IntStream.range(0, IMAGES).map(data::label).toArray();
    labels[7] = 1000;
    var more = new Dataset("x", SHAPE, 1001, data.pixels(), Dataset.labels(labels, 1001));
    try (var stream = Files.newOutputStream(temp.resolve("more.npz"))) {
      NumpyWriter.write(more, stream);
    }
    PictureFolder.flat(more, temp.resolve("more"));
    for (String place : List.of("more.npz", "more")) {
      err.getBuffer().setLength(0);
      Path network = temp.resolve("net.qnn.npz");
      assertThat(run("predict", network, "--data", temp.resolve(place), "-o", temp.resolve("no")))
          .isEqualTo(ExitCode.WRONG_INPUT);
      assertThat(err.toString().lines()).hasSize(1);
      assertThat(err.toString()).contains("label 1000, but the network has classes 0…999");
      Path results = temp.resolve("none");
      assertThatThrownBy(() -> world.run(Text.of(CONFIG, place), results, Engines::prepare))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("campaign.yaml:4:1: data: ")
          .hasMessageContaining("label 1000, but the network has classes 0…999")
          .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
      assertThat(results).doesNotExist();
    }
  }
}
