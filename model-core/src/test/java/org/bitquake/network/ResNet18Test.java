package org.bitquake.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bitquake.data.Dataset;
import org.bitquake.data.Shape;
import org.bitquake.engine.ActivationStatistics;
import org.bitquake.engine.Engines;
import org.junit.jupiter.api.Test;

class ResNet18Test {
  private static final int NARROW = 8;

  /** {channels in, channels out, kernel, side of the output} of every layer, from the paper. */
  private static final int[][] LAYERS = {
    {3, 64, 3, 32},
    {64, 64, 3, 32},
    {64, 64, 3, 32},
    {64, 64, 3, 32},
    {64, 64, 3, 32},
    {64, 128, 3, 16},
    {64, 128, 1, 16},
    {128, 128, 3, 16},
    {128, 128, 3, 16},
    {128, 128, 3, 16},
    {128, 256, 3, 8},
    {128, 256, 1, 8},
    {256, 256, 3, 8},
    {256, 256, 3, 8},
    {256, 256, 3, 8},
    {256, 512, 3, 4},
    {256, 512, 1, 4},
    {512, 512, 3, 4},
    {512, 512, 3, 4},
    {512, 512, 3, 4},
    {512, 10, 1, 1}
  };

  @Test
  void hasThePapersLayers() {
    var layers = ResNet18.random(64, 1).weightLayers();
    assertThat(layers).hasSize(LAYERS.length);
    for (int i = 0; i < LAYERS.length; i++) {
      var c = layers.get(i);
      int[] is = {
        c.inputShape().channels(),
        c.geometry().outChannels(),
        c.geometry().kernelHeight(),
        c.outputShape().height()
      };
      assertThat(is).as(c.name()).isEqualTo(LAYERS[i]);
    }
  }

  @Test
  void hasElevenMillionWeightsAndHalfABillionProducts() {
    var network = ResNet18.random(64, 1);
    long weights = 0;
    long macs = 0;
    for (int[] l : LAYERS) {
      long its = (long) l[0] * l[1] * l[2] * l[2];
      weights += its;
      macs += its * l[3] * l[3];
    }
    assertThat(network.weightCount()).isEqualTo(weights).isBetween(11_100_000L, 11_250_000L);
    assertThat(network.macs()).isEqualTo(macs).isBetween(555_000_000L, 556_500_000L);
  }

  @Test
  void everyBlockAddsItsInputOrItsShortcut() {
    var network = ResNet18.random(NARROW, 1);
    for (int b = 0; b < 8; b++) {
      String block = "block" + b;
      var conv2 = (Convolution) layer(network, block + ".conv2");
      var conv1 = layer(network, block + ".conv1");
      int source = conv2.residual().orElseThrow().source();
      assertThat(network.layers().get(conv2.input())).isSameAs(conv1);
      boolean shortcut = b == 2 || b == 4 || b == 6;
      String expected = b == 0 ? "stem" : "block" + (b - 1) + ".conv2";
      var added = network.layers().get(source);
      assertThat(added.name()).isEqualTo(shortcut ? block + ".shortcut" : expected);
      var input = shortcut ? network.layers().get(added.input()) : added;
      assertThat(input.name()).isEqualTo(expected);
      assertThat(network.layers().get(conv1.input())).isSameAs(input);
    }
    assertThat(network.shapeOf(network.layers().size() - 2)).isEqualTo(new Shape(8 * NARROW, 1, 1));
  }

  @Test
  void aResidualIsBroughtToTheStepOfTheSum() {
    var random = new RandomParameters(3);
    ParameterSource source =
        slot -> {
          var p = random.parameters(slot);
          float step = slot.name().endsWith("shortcut") ? 0.25f : 0.5f;
          return new ParameterSource.Parameters(
              p.weights(), p.bias(), p.scale(), p.activation().map(a -> new Activation(4, step)));
        };
    var network = ResNet18.of("steps", NARROW, 1 / 255f, source, Map.of());
    for (var c : network.weightLayers()) {
      boolean narrows = c.name().matches("block[246]\\.conv2");
      c.residual().ifPresent(r -> assertThat(r.ratio()).isEqualTo(narrows ? 0.5f : 1f));
    }
  }

  @Test
  void aRandomOneIsAliveInEveryLayer() {
    for (long seed = 1; seed <= 3; seed++) {
      var network = ResNet18.random(NARROW, seed);
      var zeros = ActivationStatistics.zeroFractions(network, noise(4));
      assertThat(zeros).hasSize(20);
      assertThat(zeros).allSatisfy(z -> assertThat(z.fraction()).as(z.layer()).isBetween(0.2, 0.9));
    }
  }

  @Test
  void everyEngineAgreesOnIt() {
    var network = ResNet18.random(NARROW, 5);
    var images = noise(3);
    float[] expected = null;
    for (var status : Engines.all()) {
      if (status.usable() && status.provider().unsupported(network).isEmpty()) {
        float[] logits = new float[30];
        try (var engine = status.provider().prepare(network)) {
          engine.logits(images.pixels(), 3, logits);
        }
        expected = expected == null ? logits : expected;
        assertThat(logits).as(status.provider().name()).isEqualTo(expected);
      }
    }
    var distinct = IntStream.range(0, 10).mapToObj(i -> logit(network, images, i)).distinct();
    assertThat(distinct.count()).isGreaterThan(5);
  }

  private static float logit(QuantizedNetwork network, Dataset images, int i) {
    float[] logits = new float[30];
    try (var engine = Engines.prepare(network)) {
      engine.logits(images.pixels(), 3, logits);
    }
    return logits[i];
  }

  @Test
  void theSameSeedGivesTheSameNetwork() {
    String hash = ResNet18.random(NARROW, 1).contentHash();
    assertThat(ResNet18.random(NARROW, 1).contentHash()).isEqualTo(hash);
    assertThat(ResNet18.random(NARROW, 2).contentHash()).isNotEqualTo(hash);
  }

  @Test
  void onlyTheLogitsMayLackAnActivation() {
    var random = new RandomParameters(3);
    ParameterSource source =
        slot -> {
          var p = random.parameters(slot);
          return new ParameterSource.Parameters(p.weights(), p.bias(), p.scale(), Optional.empty());
        };
    assertThatThrownBy(() -> ResNet18.of("x", NARROW, 1 / 255f, source, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("activation");
  }

  private static Layer layer(QuantizedNetwork network, String name) {
    return network.layers().stream().filter(l -> l.name().equals(name)).findFirst().orElseThrow();
  }

  private static Dataset noise(int count) {
    byte[] pixels = new byte[count * ResNet18.INPUT_SHAPE.size()];
    new SplittableRandom(9).nextBytes(pixels);
    return new Dataset("noise", ResNet18.INPUT_SHAPE, 10, pixels, new byte[count]);
  }
}
