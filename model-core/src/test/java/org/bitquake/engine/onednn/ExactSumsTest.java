package org.bitquake.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bitquake.data.Shape;
import org.bitquake.engine.Engine;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.network.Activation;
import org.bitquake.network.Convolution;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.Convolution.WeightCodes;
import org.bitquake.network.Input;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.tflite.TfLiteFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums of floats are exact as far as they are promised to be: up to 2^24 = 255 · 65,793 + 1. */
class ExactSumsTest {
  /** 127 · 518 = 65,786; 128 · 514 = 65,792. */
  private static final int MOST_POSITIVE = 518;

  private static final int MOST_NEGATIVE = 514;

  /** Every product is one of floats. */
  private final FloatProvider provider =
      new FloatProvider(Optional.of(new Isa(false, false, false)));

  @BeforeEach
  void loads() {
    var why = provider.unavailable();
    assumeTrue(why.isEmpty(), () -> why.orElse(""));
  }

  @Test
  void sumsOfOneSignReachTheBound() {
    var network = network(0, MOST_POSITIVE, MOST_NEGATIVE);

    assertThat(provider.unsupported(network)).isEmpty();
    try (var engine = provider.prepare(network)) {
      for (byte[] image : images(MOST_POSITIVE, MOST_NEGATIVE)) {
        assertThat(logits(engine, image)).isEqualTo(reference(network, network.copyCodes(), image));
      }
    }
  }

  @Test
  void oneMoreWeightOfASignIsTooMuch() {
    assertThat(provider.unsupported(network(0, MOST_POSITIVE + 1, 1))).isPresent();
    assertThat(provider.unsupported(network(0, 1, MOST_NEGATIVE + 1))).isPresent();
    assertThat(provider.unsupported(network(255, MOST_POSITIVE + 1, 1))).isPresent();
  }

  /** Values of −128 to 127: each weight counts for both signs, one of them half as much. */
  @Test
  void aZeroPointMakesBothSignsCount() {
    assertThat(provider.unsupported(network(128, MOST_POSITIVE, MOST_NEGATIVE))).isEmpty();
    assertThat(provider.unsupported(network(128, MOST_POSITIVE + 10, MOST_NEGATIVE))).isPresent();
    assertThat(provider.unsupported(network(128, 2 * MOST_POSITIVE - 4, 0))).isEmpty();
  }

  @Test
  void theReferenceAnswersForFaultyWeightsThatGoBeyond() {
    var network = network(0, MOST_POSITIVE, MOST_NEGATIVE);
    byte[][] codes = network.copyCodes();
    Arrays.fill(codes[0], (byte) 127);
    try (var engine = provider.prepare(network)) {
      engine.load(codes);
      for (byte[] image : images(MOST_POSITIVE, MOST_NEGATIVE)) {
        assertThat(logits(engine, image)).isEqualTo(reference(network, codes, image));
      }
    }
  }

  /**
   * Products of bytes are summed in int32, and the sum is rounded to a float once. Where there is a
   * zero point, what it adds is subtracted from that float: 514 · 255 · 128 is the most.
   */
  @ParameterizedTest
  @CsvSource({
    "0, 5000, 1, true",
    "0, 1, 5000, true",
    "0, 5001, 4990, true",
    "255, 512, 2, true",
    "255, 1, 513, true",
    "113, 400, 114, true",
    "255, 513, 2, false",
    "1, 2, 513, false"
  })
  void bytesGoBeyond(int zero, int positive, int negative, boolean bytes) {
    var here = new FloatProvider();
    assumeTrue(here.unavailable().isEmpty(), "oneDNN does not load here");
    var isa = Isa.ofThisProcess();
    assumeTrue(isa.subtractsZeroPoints(), "needs VNNI of 512 bits");
    var network = network(zero, positive, negative);

    assertThat(new Forms(network, isa).inBytes(0)).isEqualTo(bytes);
    assertThat(here.unsupported(network)).isEmpty();
    try (var engine = here.prepare(network)) {
      for (byte[] image : images(positive, negative)) {
        assertThat(logits(engine, image)).isEqualTo(reference(network, network.copyCodes(), image));
      }
    }
  }

  /** Codes drawn evenly are what bit flips at 50 % leave. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "pretrainedResnet_quant",
        "pretrainedResnet_large_int8",
        "vww_96_int8",
        "kws_ref_model",
        "ad01_int8"
      })
  void publishedNetworksStayBelowItUnderFaults(String model) throws IOException {
    Path file = Path.of("../../shared/data/mlperf-tiny").resolve(model + ".tflite");
    assumeTrue(Files.exists(file), "needs " + file);
    var network = TfLiteFile.read(Files.readAllBytes(file), model, model);
    var random = new SplittableRandom(9);
    for (var layer : network.weightLayers()) {
      byte[] codes = new byte[layer.weights().codes().length];
      random.nextBytes(codes);
      assertThat(FloatWeights.sumsExactly(layer, codes, network.codes(layer.input())))
          .as(layer.name())
          .isTrue();
    }
  }

  /** All pixels at 255, then those of one sign, less one at the far end, which an odd sum needs. */
  private static List<byte[]> images(int positive, int negative) {
    byte[][] images = new byte[3][positive + negative];
    Arrays.fill(images[0], (byte) 255);
    Arrays.fill(images[1], 0, positive, (byte) 255);
    images[1][positive - 1] = (byte) 254;
    Arrays.fill(images[2], positive, images[2].length, (byte) 255);
    return List.of(images);
  }

  private static float[] reference(QuantizedNetwork network, byte[][] codes, byte[] image) {
    try (var engine = new ReferenceEngine(network)) {
      engine.load(codes);
      return logits(engine, image);
    }
  }

  private static float[] logits(Engine engine, byte[] image) {
    float[] logits = new float[2];
    engine.logits(image, 1, logits);
    return logits;
  }

  /** Two classes, each the sum of inputs times 127, then of inputs times −128. */
  private static QuantizedNetwork network(int zero, int positive, int negative) {
    var shape = new Shape(positive + negative, 1, 1);
    byte[] codes = new byte[2 * shape.channels()];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) (i % shape.channels() < positive ? 127 : -128);
    }
    var sum =
        new Convolution(
            "sum",
            QuantizedNetwork.INPUT,
            shape,
            new Geometry(2, 1, 1, 1, 0, 1),
            new WeightCodes(codes, 8, new float[] {1}),
            new float[2],
            new float[] {1, 0.5f},
            Optional.empty(),
            Optional.empty());
    var input = new Input(shape, new Activation(8, 1, zero, 255, 0), new byte[0][]);
    return new QuantizedNetwork("sums", input, List.of(sum), Map.of());
  }
}
