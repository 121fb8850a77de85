package org.bitquake.cnvlutin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bitquake.data.Dataset;
import org.bitquake.engine.ActivationStatistics;
import org.bitquake.network.MobileNet;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.ResNet18;
import org.bitquake.network.Vgg11;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("networks")
class NetworkSimulatorTest {
  private static final int IMAGES = 3;
  private static final Accelerator ALL_ENCODED =
      new Accelerator(4, 4, 16, 16, LaneAssignment.CONTIGUOUS, 3, true, true);

  private final QuantizedNetwork network;
  private final byte[] images;

  NetworkSimulatorTest(QuantizedNetwork network) {
    this.network = network;
    images = images(network);
  }

  static List<QuantizedNetwork> networks() {
    return List.of(ResNet18.random(4, 9), Vgg11.random(4, 9), MobileNet.random(4, 9));
  }

  private static byte[] images(QuantizedNetwork network) {
    byte[] images = new byte[IMAGES * network.inputShape().size()];
    new Random(2).nextBytes(images);
    return images;
  }

  private LayerCounts[][] run(Accelerator accelerator, LayerSimulator.Maker maker, byte[][] codes) {
    var counts = new LayerCounts[IMAGES][network.weightLayers().size()];
    try (var simulator = new NetworkSimulator(network, accelerator, maker, IMAGES)) {
      simulator.load(codes);
      simulator.run(
          images,
          IMAGES,
          (image, layer, its) -> {
            assertThat(counts[image][layer]).isNull();
            counts[image][layer] = its;
          });
    }
    return counts;
  }

  @Test
  void bothSimulatorsAgreeOnEveryLayerOfANetwork() {
    var counting = run(ALL_ENCODED, CountingSimulator::new, network.copyCodes());
    var literal = run(ALL_ENCODED, LiteralSimulator::new, network.copyCodes());
    assertThat(counting).isDeepEqualTo(literal);
    assertThat(Arrays.stream(counting[0]).mapToLong(LayerCounts::macs).sum())
        .isEqualTo(network.macs());
  }

  @Test
  void zerosAreThoseOfTheActivationsRead() {
    var counts = run(ALL_ENCODED, CountingSimulator::new, network.copyCodes());
    var data = new Dataset("random", network.inputShape(), 10, images, new byte[IMAGES]);
    int reader = readerOfAConvolution();
    int source = reader - 1;
    long written = ActivationStatistics.zeroFractions(network, data).get(source).zeros();
    long read =
        IntStream.range(0, IMAGES).mapToLong(i -> counts[i][reader].zeroActivations()).sum();
    assertThat(read).isEqualTo(written).isPositive();
  }

  /** The first layer that reads the layer with weights before it, with no pool between. */
  private int readerOfAConvolution() {
    var layers = network.weightLayers();
    return IntStream.range(1, layers.size())
        .filter(l -> layers.get(l).input() >= 0)
        .filter(l -> network.layers().get(layers.get(l).input()) == layers.get(l - 1))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theImageAndFullyConnectedLayersAreEncodedOnRequestOnly() {
    var counts = run(Accelerator.ISCA_2016, CountingSimulator::new, network.copyCodes())[0];
    int last = counts.length - 1;
    for (int layer = 0; layer <= last; layer++) {
      var encoded =
          counts[layer].cnvlutin().weightReads() != counts[layer].baseline().weightReads();
      assertThat(encoded).as("layer %d", layer).isEqualTo(layer > 0 && layer < last);
    }
    assertThat(Accelerator.ISCA_2016.encodes(network.weightLayers().get(0))).isFalse();
    assertThat(ALL_ENCODED.encodes(network.weightLayers().get(0))).isTrue();
    assertThat(ALL_ENCODED.encodes(network.weightLayers().get(last))).isTrue();
  }

  @Test
  void otherWeightsMakeOtherActivations() {
    byte[][] codes = network.copyCodes();
    Arrays.fill(codes[0], (byte) 0);
    var faulty = run(ALL_ENCODED, CountingSimulator::new, codes);
    var clean = run(ALL_ENCODED, CountingSimulator::new, network.copyCodes());
    assertThat(faulty[0][0]).as("the stem reads the image").isEqualTo(clean[0][0]);
    assertThat(faulty[0][1]).isNotEqualTo(clean[0][1]);
  }
}
