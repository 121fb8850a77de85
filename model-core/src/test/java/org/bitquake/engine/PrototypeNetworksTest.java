package org.bitquake.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.assertj.core.data.Offset;
import org.bitquake.data.Dataset;
import org.bitquake.network.LeNet5;
import org.bitquake.network.PrototypeFile;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two LeNet-5 that PyTorch trained on Fashion-MNIST, with the logits that PyTorch gave. */
class PrototypeNetworksTest {
  private static final Path SHARED = Path.of("..", "..", "shared");
  private static final Path IMAGES = SHARED.resolve("data/fashion-mnist/t10k-images-idx3-ubyte.gz");
  private static final Path LABELS = SHARED.resolve("data/fashion-mnist/t10k-labels-idx1-ubyte.gz");

  /** How far from k + ½ PyTorch's float sums may fall on the other side. */
  private static final double NEAR_TIE = 1e-5;

  private static final int COUNT = 10_000;

  private static byte[] idx(Path path, int header) throws IOException {
    try (var in = new GZIPInputStream(Files.newInputStream(path))) {
      byte[] all = in.readAllBytes();
      return Arrays.copyOfRange(all, header, all.length);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"standard", "saq"})
  void predictsWhatPyTorchPredicted(String name) throws IOException {
    Path file = SHARED.resolve("reference/lenet5-" + name + ".npz");
    assumeTrue(Files.exists(file) && Files.exists(IMAGES), "the prototype networks are not here");
    try (var npz = new Npz(file)) {
      QuantizedNetwork network =
          PrototypeFile.read(Files.readAllBytes(file), file.toString(), name);
      assertThat(network.weightCount()).isEqualTo(61_470);
      assertThat(network.macs()).isEqualTo(416_520);
      byte[] images = idx(IMAGES, 16);
      float[] logits = new float[COUNT * 10];
      try (Engine engine = Engines.prepare(network)) {
        engine.logits(images, COUNT, logits);
      }
      float[] golden = npz.floats("golden_logits");
      checkLogits(network, images, logits, golden);
      byte[] labels = idx(LABELS, 8);
      assertThat(accuracy(logits, labels)).isCloseTo(accuracy(golden, labels), within(0.1));
      assertThat(accuracy(golden, labels)).isCloseTo(npz.number("accuracy"), within(1e-4));
      checkZeros(network, images, labels, npz);
    }
  }

  private static Offset<Double> within(double offset) {
    return Offset.offset(offset);
  }

  private static void checkLogits(
      QuantizedNetwork network, byte[] images, float[] logits, float[] golden) {
    var oracle = new NaiveInference(network, network.copyCodes());
    double[] closest = new double[1];
    oracle.watch(
        (layer, y, max) -> {
          if (y > 0 && y < max) {
            closest[0] = Math.min(closest[0], Math.abs(y - Math.floor(y) - 0.5));
          }
        });
    int agreeing = 0;
    double worst = 0;
    for (int i = 0; i < COUNT; i++) {
      agreeing += argmax(logits, i) == argmax(golden, i) ? 1 : 0;
      if (distance(logits, golden, i) > 1e-4) {
        closest[0] = 1;
        oracle.logits(images, i);
        worst = Math.max(worst, closest[0]);
      }
    }
    assertThat(agreeing).isGreaterThanOrEqualTo(COUNT * 999 / 1000);
    assertThat(worst).as("distance from a rounding tie of images that differ").isLessThan(NEAR_TIE);
  }

  private static double distance(float[] a, float[] b, int image) {
    double most = 0;
    for (int c = 0; c < 10; c++) {
      most = Math.max(most, Math.abs(a[image * 10 + c] - b[image * 10 + c]));
    }
    return most;
  }

  private static int argmax(float[] logits, int image) {
    int best = 0;
    for (int c = 1; c < 10; c++) {
      best = logits[image * 10 + c] > logits[image * 10 + best] ? c : best;
    }
    return best;
  }

  private static double accuracy(float[] logits, byte[] labels) {
    int correct = 0;
    for (int i = 0; i < COUNT; i++) {
      correct += argmax(logits, i) == labels[i] ? 1 : 0;
    }
    return 100.0 * correct / COUNT;
  }

  private static void checkZeros(QuantizedNetwork network, byte[] images, byte[] labels, Npz npz)
      throws IOException {
    // The prototype noted the zeros of the last batch it looked at: images 4,000 to 4,999.
    var dataset =
        new Dataset(
            "fashion-mnist/test",
            LeNet5.INPUT_SHAPE,
            10,
            Arrays.copyOfRange(images, 4000 * 784, 5000 * 784),
            Arrays.copyOfRange(labels, 4000, 5000));
    double[] expected = npz.doubles("zero_fraction");
    var zeros = ActivationStatistics.zeroFractions(network, dataset);
    assertThat(zeros).extracting(z -> z.layer()).containsExactly("conv1", "conv2", "fc1", "fc2");
    for (int i = 0; i < 4; i++) {
      assertThat(zeros.get(i).fraction()).isCloseTo(expected[i], within(1e-4));
    }
  }
}
