package org.bitquake.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.ZipFile;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.data.Dataset;
import org.bitquake.data.Shape;
import org.bitquake.data.format.DataSpec;
import org.bitquake.data.format.ImageLoader;
import org.bitquake.data.format.ImageProgress;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.network.QnnFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictCommandTest {
  private static final Path NETWORK = Path.of("../conf/networks/lenet5-as.qnn.npz");

  private static final ImageProgress NOTHING = ImageProgress.NONE;

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(Object... args) {
    String[] texts = Arrays.stream(args).map(Object::toString).toArray(String[]::new);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), texts);
  }

  /** Each array's header, and its values. */
  private static Map<String, byte[]> arrays(Path file) throws Exception {
    Map<String, byte[]> arrays = new TreeMap<>();
    try (var zip = new ZipFile(file.toFile())) {
      for (var entry : java.util.Collections.list(zip.entries())) {
        arrays.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
      }
    }
    return arrays;
  }

  private static int header(byte[] npy) {
    return 10 + (npy[8] & 0xff) + ((npy[9] & 0xff) << 8);
  }

  private static String shape(byte[] npy) {
    String text = new String(npy, 10, header(npy) - 10, StandardCharsets.ISO_8859_1);
    return text.replaceAll(".*'descr': '([^']*)'.*\\((.*)\\).*\\s*", "$1 $2");
  }

  @Test
  void answersAreTheReferenceEnginesLayerByLayer() throws Exception {
    Path file = folder.resolve("answers.npz");
    Path images = folder.resolve("images.npz");
    assertThat(run("data", "convert", "fashion-mnist", "--images", 50, "-o", images)).isZero();
    assertThat(run("predict", NETWORK, "--data", images, "--layers", "-o", file))
        .as(err.toString())
        .isZero();
    assertThat(out.toString()).contains("50 images, ", " as labelled, 0 with a tie");
    var arrays = arrays(file);
    assertThat(shape(arrays.get("predictions.npy"))).isEqualTo("<u2 50,");
    assertThat(shape(arrays.get("logits.npy"))).isEqualTo("<f4 50, 10");
    assertThat(shape(arrays.get("layer.conv1.npy"))).isEqualTo("|u1 50, 6, 28, 28");
    Dataset data =
        ImageLoader.load(
            DataSpec.at(images.toString(), "test"), Optional.empty(), new Configuration(), NOTHING);
    try (var in = Files.newInputStream(NETWORK);
        var engine = new ReferenceEngine(QnnFile.read(in, "lenet5-as"))) {
      float[] logits = new float[50 * 10];
      engine.logits(data.pixels(), 50, logits);
      byte[] written = arrays.get("logits.npy");
      float[] theirs = new float[logits.length];
      ByteBuffer.wrap(written, header(written), 4 * theirs.length)
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(theirs);
      assertThat(theirs).isEqualTo(logits);
      byte[] layer = arrays.get("layer.conv1.npy");
      engine.trace(
          data.pixels(),
          50,
          (image, position, it, codes) -> {
            for (int i = 0; i < codes.length && position == 0; i++) {
              assertThat(layer[header(layer) + image * codes.length + i] & 0xff)
                  .isEqualTo(codes[i]);
            }
          });
    }
  }

  /** Grey images for a network of three channels, and labels that it has no class for. */
  @Test
  void whatItSaysOfImagesIsTrue() throws Exception {
    Path colour = folder.resolve("colour.qnn.npz");
    try (var stream = Files.newOutputStream(colour)) {
      QnnFile.write(SmallWorld.network("colour", new Shape(3, 32, 32), 10, 2, 1), stream);
    }
    Path file = folder.resolve("answers.npz");
    assertThat(run("predict", colour, "--images", 5, "-o", file)).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(err.toString())
        .contains("are 3×28×28 (grey three times), but network colour reads 3×32×32");
    err.getBuffer().setLength(0);
    Path five = folder.resolve("five.qnn.npz");
    try (var stream = Files.newOutputStream(five)) {
      QnnFile.write(SmallWorld.network("five", new Shape(1, 28, 28), 5, 2, 1), stream);
    }
    assertThat(run("predict", five, "-o", file)).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString())
        .contains("image 0 of fashion-mnist/test has label 9, but network five has classes 0…4");
    assertThat(file).doesNotExist();
  }

  @Test
  void whatDoesNotFitIsOneLine() {
    Path file = folder.resolve("answers.npz");
    assertThat(run("predict", NETWORK, "--images", 0, "-o", file)).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(run("predict", NETWORK, "--split", "all", "-o", file))
        .isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(run("predict", NETWORK, "--crop", 20, "-o", file)).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(err.toString().lines())
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).startsWith("bitquake: "));
    assertThat(err.toString()).contains("1×20×20", "reads 1×28×28");
    assertThat(file).doesNotExist();
  }
}
