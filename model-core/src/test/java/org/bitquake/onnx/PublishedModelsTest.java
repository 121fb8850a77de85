package org.bitquake.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.data.CifarJpeg;
import org.bitquake.data.Dataset;
import org.bitquake.data.Datasets;
import org.bitquake.engine.Npz;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models that other programs wrote, against what those programs, or others, answer with them. */
class PublishedModelsTest {
  private static final Path DATA = Path.of("../../shared/data");

  private static QuantizedNetwork read(String model, InputFormat format) throws IOException {
    Path file = DATA.resolve(model + ".onnx");
    assumeTrue(Files.exists(file), "needs " + file);
    return OnnxFile.read(Files.readAllBytes(file), model, "model", format);
  }

  private static float[] outputs(String folder, String name) throws IOException {
    try (var npz = new Npz(DATA.resolve(folder).resolve("outputs.npz"))) {
      return npz.floats(name);
    }
  }

  private static Dataset fashion() throws IOException {
    return Datasets.load("fashion-mnist", "test", Optional.empty(), new Configuration());
  }

  private static int[] predictions(QuantizedNetwork network, byte[] images, int count) {
    int[] result = new int[count];
    try (var engine = new ReferenceEngine(network)) {
      engine.predict(images, count, result);
    }
    return result;
  }

  private static float[] logits(QuantizedNetwork network, byte[] images, int count) {
    float[] result = new float[count * network.classes()];
    try (var engine = new ReferenceEngine(network)) {
      engine.logits(images, count, result);
    }
    return result;
  }

  private static int firstMaximum(float[] logits, int from, int classes) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      best = logits[from + c] > logits[from + best] ? c : best;
    }
    return best;
  }

  /** PyTorch's exporter: Cast, ConstantOfShape, zero points, sums, joined and averaged tensors. */
  @ParameterizedTest
  @CsvSource({"residual, 83.31", "mobile, 88.17", "branches, 87.42"})
  void predictsWhatPyTorchDoes(String model, double accuracy) throws IOException {
    QuantizedNetwork network = read("torch-onnx/" + model, InputFormat.plain());
    Dataset data = fashion();
    float[] theirs = outputs("torch-onnx", model);
    int[] ours = predictions(network, data.pixels(), data.size());
    int same = 0;
    int images = theirs.length / 10;
    for (int i = 0; i < images; i++) {
      same += ours[i] == firstMaximum(theirs, i * 10, 10) ? 1 : 0;
    }
    int right = 0;
    for (int i = 0; i < ours.length; i++) {
      right += ours[i] == data.label(i) ? 1 : 0;
    }
    assertThat(same).isGreaterThanOrEqualTo(images * 99 / 100);
    assertThat(100.0 * right / ours.length).isBetween(accuracy - 0.3, accuracy + 0.3);
  }

  private static byte[] cifar(int bytes) throws IOException {
    assumeTrue(Files.exists(CifarJpeg.ZIP), "needs " + CifarJpeg.ZIP);
    var pictures = CifarJpeg.first(200);
    byte[] images = new byte[200 * bytes];
    for (int i = 0; i < 200; i++) {
      System.arraycopy(pictures.pixels(), i * 3072, images, i * bytes, bytes);
    }
    return images;
  }

  /** Classes agree; where they do not, the two best are equal in the evaluation in double. */
  private static void requireAlike(String model, QuantizedNetwork network, byte[] images)
      throws IOException {
    float[] theirs = outputs("qonnx", model);
    int classes = network.classes();
    float[] ours = logits(network, images, 200);
    int same = 0;
    int equal = 0;
    for (int i = 0; i < 200; i++) {
      int best = firstMaximum(ours, i * classes, classes);
      int expected = firstMaximum(theirs, i * classes, classes);
      same += best == expected ? 1 : 0;
      float gap = theirs[i * classes + expected] - theirs[i * classes + best];
      assertThat(gap).as("image %d", i).isLessThan(1e-5f);
    }
    for (int k = 0; k < ours.length; k++) {
      equal += Math.abs(ours[k] - theirs[k]) < 1e-4 ? 1 : 0;
    }
    assertThat(same).isGreaterThanOrEqualTo(198);
    assertThat(equal).isEqualTo(ours.length);
  }

  /** Two bits everywhere, batch normalisation before quantisers, 2x − 1 in front. */
  @Test
  void brevitasOfTwoBits() throws IOException {
    QuantizedNetwork network = read("qonnx/TFC_2W2A", InputFormat.plain());
    assertThat(network.weightLayers()).allMatch(c -> c.weights().bits() == 2);
    requireAlike("TFC_2W2A", network, fashion().pixels());
  }

  /** Three bits, a scale for each channel; features of 8 bits, signed. */
  @Test
  void keywordsOfThreeBits() throws IOException {
    var format = features(128 / 255.0, 1 / 255.0);
    QuantizedNetwork network = read("qonnx/kwsmlp_w3a3", format);
    assertThat(network.weightLayers()).allMatch(c -> c.weights().bits() == 3);
    requireAlike("kwsmlp_w3a3", network, cifar(490));
  }

  /** Six bits, biases too, Softmax at the end; features that nothing quantises. */
  @Test
  void jetsOfSixBits() throws IOException {
    QuantizedNetwork network = read("qonnx/qkeras_jettagging", features(128 / 255.0, 64 / 255.0));
    assertThat(network.provenance()).containsEntry("imported.leftOut", "Softmax");
    float[] scores = outputs("qonnx", "qkeras_jettagging");
    byte[] images = cifar(16);
    float[] ours = logits(network, images, 200);
    int same = 0;
    double largest = 0;
    for (int i = 0; i < 200; i++) {
      same += firstMaximum(ours, i * 5, 5) == firstMaximum(scores, i * 5, 5) ? 1 : 0;
      double[] e = new double[5];
      for (int c = 0; c < 5; c++) {
        e[c] = Math.exp(ours[i * 5 + c]);
      }
      double sum = Arrays.stream(e).sum();
      for (int c = 0; c < 5; c++) {
        largest = Math.max(largest, Math.abs(e[c] / sum - scores[i * 5 + c]));
      }
    }
    assertThat(same).isGreaterThanOrEqualTo(198);
    assertThat(largest).isLessThan(1e-6);
  }

  private static InputFormat features(double mean, double std) {
    return new InputFormat(
        List.of(mean), List.of(std), InputFormat.Layout.NCHW, InputFormat.Channels.RGB);
  }
}
