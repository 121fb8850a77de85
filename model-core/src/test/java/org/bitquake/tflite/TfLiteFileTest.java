package org.bitquake.tflite;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.bitquake.InputException;
import org.bitquake.data.CifarJpeg;
import org.bitquake.data.Shape;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The published int8 networks of MLPerf Tiny, against what TensorFlow Lite answers. */
class TfLiteFileTest {
  private static final Path MODELS = Path.of("../../shared/data/mlperf-tiny");
  private static final int PICTURE = 3 * 32 * 32;

  /** Mutations of each of three files; 10,000 in all with -Dbitquake.mutations=3334. */
  private static final int MUTATIONS = Integer.getInteger("bitquake.mutations", 1000);

  private static CifarJpeg.Pictures pictures;

  @BeforeAll
  static void read() throws IOException {
    boolean there = Files.exists(MODELS) && Files.exists(CifarJpeg.ZIP);
    assumeTrue(there, "needs the models and pictures in ../shared/data");
    pictures = CifarJpeg.first(500);
  }

  private static byte[] file(String model) throws IOException {
    return Files.readAllBytes(MODELS.resolve(model + ".tflite"));
  }

  /** TensorFlow Lite's int8 outputs, {@code [n][outputs]}. */
  private static byte[][] outputs(String model) throws IOException {
    try (var zip = new ZipFile(MODELS.resolve("tflite-outputs.npz").toFile())) {
      byte[] npy = zip.getInputStream(zip.getEntry(model + ".npy")).readAllBytes();
      int header = 10 + (npy[8] & 0xff) + ((npy[9] & 0xff) << 8);
      Matcher shape =
          Pattern.compile("\\((\\d+), (\\d+)\\)").matcher(new String(npy, 0, header, ISO_8859_1));
      assertThat(shape.find()).isTrue();
      byte[][] rows = new byte[Integer.parseInt(shape.group(1))][];
      int columns = Integer.parseInt(shape.group(2));
      for (int i = 0; i < rows.length; i++) {
        rows[i] = Arrays.copyOfRange(npy, header + i * columns, header + (i + 1) * columns);
      }
      return rows;
    }
  }

  /** The pictures as a model takes them: planes side by side, each pixel 3×3 times, or cut off. */
  private static byte[] inputs(Shape shape, int count) {
    byte[] inputs = new byte[count * shape.size()];
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < shape.size(); k++) {
        int x = k % shape.width();
        int y = k / shape.width() % shape.height();
        int c = k / shape.width() / shape.height();
        int from = shape.height() == 96 ? (c * 32 + y / 3) * 32 + x / 3 : k;
        inputs[i * shape.size() + k] = pictures.pixels()[i * PICTURE + from];
      }
    }
    return inputs;
  }

  @ParameterizedTest
  @CsvSource({
    "pretrainedResnet_quant, 3×32×32, 12501632, 0.98",
    "pretrainedResnet_large_int8, 3×32×32, 76473920, 0.99",
    "vww_96_int8, 3×96×96, 7489664, 0.98",
    "kws_ref_model, 1×49×10, 2656768, 0.98"
  })
  void predictsWhatTensorFlowLiteDoes(String model, String shape, long macs, double share)
      throws IOException {
    QuantizedNetwork network = TfLiteFile.read(file(model), model, model);
    assertThat(network.inputShape()).hasToString(shape);
    assertThat(network.macs()).isEqualTo(macs);
    assertThat(network.provenance()).containsEntry("imported.leftOut", "SOFTMAX");
    byte[][] theirs = outputs(model);
    int[] ours = new int[theirs.length];
    try (var engine = new ReferenceEngine(network)) {
      engine.predict(inputs(network.inputShape(), ours.length), ours.length, ours);
    }
    int same = 0;
    for (int i = 0; i < ours.length; i++) {
      same += ours[i] == TensorFlowLite.firstMaximum(theirs[i]) ? 1 : 0;
    }
    assertThat(same).isGreaterThanOrEqualTo((int) Math.ceil(share * ours.length));
  }

  @Test
  void theAutoencodersCodesAreTensorFlowLites() throws IOException {
    QuantizedNetwork network = TfLiteFile.read(file("ad01_int8"), "ad01", "ad01");
    byte[][] theirs = outputs("ad01_int8");
    int[] byDistance = new int[256];
    try (var engine = new ReferenceEngine(network)) {
      engine.trace(
          inputs(network.inputShape(), theirs.length),
          theirs.length,
          (image, position, layer, codes) -> {
            if (position == network.layers().size() - 1) {
              for (int c = 0; c < codes.length; c++) {
                int code = codes[c] + network.outputCodes().orElseThrow().base();
                byDistance[Math.abs(code - theirs[image][c])]++;
              }
            }
          });
    }
    assertThat(byDistance[0]).isGreaterThan(63_900);
    assertThat(Arrays.stream(byDistance, 0, 3).sum()).isEqualTo(64_000);
  }

  @Test
  void sharesOfRightAnswersAreThePublishedOnes() throws IOException {
    QuantizedNetwork network = TfLiteFile.read(file("pretrainedResnet_quant"), "resnet", "resnet");
    int[] ours = new int[500];
    try (var engine = new ReferenceEngine(network)) {
      engine.predict(pictures.pixels(), ours.length, ours);
    }
    int right = 0;
    for (int i = 0; i < ours.length; i++) {
      right += ours[i] == pictures.labels()[i] ? 1 : 0;
    }
    // Three runtimes: 75.0, 75.4, 75.2 % of these 500.
    assertThat(right / 500.0).isBetween(0.744, 0.76);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pretrainedResnet_quant", "kws_ref_model", "ad01_int8"})
  void damagedFilesAreRefusedInOneLineOrAreANetwork(String model) throws IOException {
    byte[] sound = file(model);
    var random = new SplittableRandom(5);
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bad = sound.clone();
      int changes = 1 + random.nextInt(4);
      for (int k = 0; k < changes; k++) {
        // Half of them where the structure is: at the ends, not in the weights.
        int at =
            switch (random.nextInt(4)) {
              case 0 -> random.nextInt(64);
              case 1 -> bad.length - 1 - random.nextInt(Math.min(bad.length, 20_000));
              default -> random.nextInt(bad.length);
            };
        bad[at] = (byte) random.nextInt(256);
      }
      byte[] cut = random.nextInt(4) == 0 ? Arrays.copyOf(bad, random.nextInt(bad.length)) : bad;
      try {
        TfLiteFile.read(cut, "bad.tflite", "bad");
      } catch (InputException e) {
        refused++;
        assertThat(e.getMessage())
            .startsWith("bad.tflite: cannot import this TensorFlow Lite model: ")
            .doesNotContain("\n");
      }
    }
    assertThat(refused).isGreaterThan(MUTATIONS / 5);
  }

  @Test
  void saysWhatItIsNot() {
    assertThatThrownBy(() -> TfLiteFile.read(new byte[100], "x.tflite", "x"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("not a TensorFlow Lite file");
  }

  /** Pixels of these are worth 1/255 or 1, but for features of sounds. */
  @ParameterizedTest
  @CsvSource({
    "pretrainedResnet_quant, false",
    "pretrainedResnet_large_int8, false",
    "vww_96_int8, false",
    "kws_ref_model, true"
  })
  void anInputWorthOtherThanPixelsIsNoted(String model, boolean noted) throws IOException {
    var network = TfLiteFile.read(file(model), model, model);
    String warning = network.provenance().getOrDefault("imported.warning", "none");
    assertThat(warning).contains(noted ? "--mean" : "none");
    var said = TfLiteFile.read(file(model), model, model, List.of(0.5), List.of(0.5));
    assertThat(said.provenance()).doesNotContainKey("imported.warning");
  }
}
