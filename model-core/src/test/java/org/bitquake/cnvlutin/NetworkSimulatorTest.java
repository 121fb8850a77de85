package org.bitquake.cnvlutin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.bitquake.data.Dataset;
import org.bitquake.engine.ActivationStatistics;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.ResNet18;
import org.junit.jupiter.api.Test;

class NetworkSimulatorTest {
  private static final int IMAGES = 3;
  private static final Accelerator ALL_ENCODED =
      new Accelerator(4, 4, 16, 16, LaneAssignment.CONTIGUOUS, 3, true, true);

  private final QuantizedNetwork network = ResNet18.random(4, 9);
  private final byte[] images = images(network);

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
    long stem = ActivationStatistics.zeroFractions(network, data).get(0).zeros();
    long read = IntStream.range(0, IMAGES).mapToLong(i -> counts[i][1].zeroActivations()).sum();
    assertThat(network.weightLayers().get(1).input()).as("layer 1 reads the stem").isZero();
    assertThat(read).isEqualTo(stem).isPositive();
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
