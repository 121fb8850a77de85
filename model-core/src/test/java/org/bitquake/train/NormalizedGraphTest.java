package org.bitquake.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.commons.rng.simple.RandomSource;
import org.bitquake.data.Dataset;
import org.bitquake.network.Convolution;
import org.bitquake.quant.Quantizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NormalizedGraphTest {
  private static final int IMAGES = 50;

  private static Architecture architecture(KnownModel model) {
    return model.architecture(OptionalInt.of(4));
  }

  @Test
  void allThatIsAddedInAStageHasOneStep() {
    var graph = architecture(KnownModel.RESNET18);

    assertThat(step(graph, "stem")).isEqualTo(step(graph, "block1.conv2"));
    assertThat(step(graph, "stem")).isNotEqualTo(step(graph, "block2.conv2"));
    assertThat(step(graph, "block2.shortcut")).isEqualTo(step(graph, "block3.conv2"));
    assertThat(graph.layers().get(graph.layers().size() - 1).inputArea()).isEqualTo(16);
  }

  @ParameterizedTest
  @EnumSource(names = {"VGG11", "MOBILENET"})
  void inAChainEveryLayerReadsTheStepOfTheOneBeforeThroughThePoolsToo(KnownModel model) {
    var layers = architecture(model).layers();

    for (int l = 0; l < layers.size(); l++) {
      boolean last = l == layers.size() - 1;
      assertThat(layers.get(l).inputStep()).isEqualTo(l == 0 ? OptionalInt.empty() : of(l - 1));
      assertThat(layers.get(l).outputStep()).isEqualTo(last ? OptionalInt.empty() : of(l));
    }
  }

  /** The scale of a channel has γ's sign. */
  @ParameterizedTest
  @EnumSource(names = {"RESNET18", "VGG11", "MOBILENET"})
  void theIntegerNetworkIsTheGraphAlsoWhereGammasAreNegative(KnownModel known) {
    var data = noise();
    var model = new QuantizedModel(architecture(known), Quantizer.LSQ, 4, 4);
    model.initialize(RandomSource.XO_SHI_RO_256_PP.create(5L));
    for (var s : model.slots()) {
      int gammas = s.gammaOffset().isPresent() ? s.biases() : 0;
      for (int i = 0; i < gammas; i++) {
        model.master()[s.gammaOffset().getAsInt() + i] = i % 2 == 0 ? 1 : -0.7f;
        model.master()[s.biasOffset() + i] = 0.1f * (i % 3);
      }
    }
    var batches = new Batches(data, IMAGES);
    batches.load(IntStream.range(0, IMAGES).toArray(), 0);
    for (int pass = 0; pass < 20; pass++) { // running statistics approach the batch's
      model.pass(batches.images(), batches.labels(), null);
    }
    var network = model.architecture().export(model, "negative", Map.of());
    var agreement = Agreement.of(network, model, data);

    assertThat(network.weightLayers())
        .filteredOn(c -> c.activation().isPresent())
        .allSatisfy(NormalizedGraphTest::assertAlternates);
    assertThat(network.weightLayers())
        .allSatisfy(c -> c.residual().ifPresent(r -> assertThat(r.ratio()).isEqualTo(1f)));
    assertThat(agreement.unexplained()).isEmpty();
    assertThat(agreement.share()).isGreaterThanOrEqualTo(0.9);
  }

  private static void assertAlternates(Convolution c) {
    for (int i = 0; i < c.scale().length; i++) {
      assertThat(c.scale()[i] > 0).isEqualTo(i % 2 == 0);
    }
  }

  private static OptionalInt of(int step) {
    return OptionalInt.of(step);
  }

  private static OptionalInt step(Architecture graph, String layer) {
    return graph.layers().stream()
        .filter(l -> l.name().equals(layer))
        .findFirst()
        .orElseThrow()
        .outputStep();
  }

  private static Dataset noise() {
    var shape = architecture(KnownModel.VGG11).inputShape();
    var pixels = new byte[IMAGES * shape.size()];
    RandomSource.XO_SHI_RO_256_PP.create(6L).nextBytes(pixels);
    var labels = new byte[IMAGES];
    for (int i = 0; i < IMAGES; i++) {
      labels[i] = (byte) (i % 10);
    }
    return new Dataset("noise", shape, 10, pixels, labels);
  }
}
