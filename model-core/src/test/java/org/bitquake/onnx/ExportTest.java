package org.bitquake.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.InputException;
import org.bitquake.data.Datasets;
import org.bitquake.network.Layer;
import org.bitquake.network.MobileNet;
import org.bitquake.network.QnnFile;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.RandomNetworks;
import org.bitquake.network.ResNet18;
import org.bitquake.network.Vgg11;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is exported reads back as the same network, and ONNX Runtime computes the same with it. */
class ExportTest {
  static Stream<QuantizedNetwork> architectures() {
    return Stream.of(
        ResNet18.random(8, 3),
        Vgg11.random(8, 4),
        MobileNet.random(8, 5),
        RandomNetworks.midRise(Vgg11.random(8, 6)),
        RandomNetworks.midRise(MobileNet.random(8, 7)));
  }

  private static QuantizedNetwork trained(String name) throws IOException {
    Path file = Path.of("..", "conf", "networks", "lenet5-" + name + ".qnn.npz");
    try (var in = Files.newInputStream(file)) {
      return QnnFile.read(in, name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"standard", "as", "saq", "as-saq"})
  void aTrainedNetworkIsTheSameForOnnxRuntime(String name) throws Exception {
    QuantizedNetwork network = trained(name);
    assertReadsBack(network);
    var data = Datasets.load("fashion-mnist", "test", Optional.empty(), new Configuration());
    int count = 1_000;
    byte[] images = Arrays.copyOf(data.pixels(), count * data.shape().size());

    var result = compare(network, images, count);

    assertThat(result.samePredictions()).isEqualTo(count);
    assertThat(result.differing()).isLessThan(result.codes() / 10_000);
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void aRandomNetworkIsTheSameForOnnxRuntime(QuantizedNetwork network) throws Exception {
    assertReadsBack(network);
    int count = 12;
    byte[] images = new byte[count * network.inputShape().size()];
    new SplittableRandom(7).nextBytes(images);

    var result = compare(network, images, count);

    assertThat(result.differing()).isLessThan(result.codes() / 1_000);
  }

  private static RuntimeComparison.Result compare(
      QuantizedNetwork network, byte[] images, int count) throws Exception {
    var levels = RuntimeComparison.exportedLevels(network);
    var model = OnnxFile.model(network);
    return RuntimeComparison.compare(network, model, levels, images, count);
  }

  @Test
  void anyNetworkReadsBackOrIsRefusedForItsResiduals() {
    int refused = 0;
    for (int seed = 0; seed < 400; seed++) {
      QuantizedNetwork network =
          seed < 300
              ? RandomNetworks.of(seed)
              : RandomNetworks.midRise(RandomNetworks.of(seed - 300));
      try {
        assertReadsBack(network);
      } catch (InputException e) {
        boolean steps = e.getMessage().contains("its mid-rise weights have a step per channel");
        if (steps) {
          assertThat(network.weightLayers())
              .anyMatch(c -> c.weights().isMidRise() && c.weights().step().length > 1);
        } else {
          assertThat(e).hasMessageContaining("residual's ratio");
          assertThat(network.weightLayers()).anyMatch(c -> c.residual().isPresent());
        }
        refused++;
      }
    }
    assertThat(refused).isLessThan(260);
  }

  private static void assertReadsBack(QuantizedNetwork network) {
    byte[] file = OnnxFile.bytes(network);
    QuantizedNetwork back = OnnxFile.read(file, "model.onnx", "model");
    assertThat(back.contentHash()).as(network.name()).isEqualTo(network.contentHash());
    assertThat(back.name()).isEqualTo(network.name());
    assertThat(back.provenance()).isEqualTo(network.provenance());
    assertThat(back.layers().stream().map(Layer::name))
        .containsExactlyElementsOf(network.layers().stream().map(Layer::name).toList());
    assertThat(OnnxFile.bytes(back)).isEqualTo(file);
  }
}
