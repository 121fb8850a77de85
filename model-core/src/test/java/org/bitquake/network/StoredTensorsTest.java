package org.bitquake.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.Convolution.WeightCodes;
import org.junit.jupiter.api.Test;

class StoredTensorsTest {
  private static final Shape MAP = new Shape(2, 4, 4);

  private static Convolution convolution(String name, int input, Shape in, int kernel, int bits) {
    var geometry = new Geometry(2, kernel, kernel, 1, 0, 1);
    byte[] codes = new byte[2 * (int) geometry.taps(in)];
    return new Convolution(
        name,
        input,
        in,
        geometry,
        new WeightCodes(codes, 4, new float[] {1}),
        new float[2],
        new float[] {1, 1},
        Optional.empty(),
        bits == 0 ? Optional.empty() : Optional.of(new Activation(bits, 1)));
  }

  private static QuantizedNetwork network(Layer... layers) {
    return new QuantizedNetwork("some", MAP, 1, List.of(layers), Map.of());
  }

  private static List<String> names(QuantizedNetwork network) {
    return StoredTensors.of(network).positions().stream()
        .map(p -> p == QuantizedNetwork.INPUT ? "image" : network.layers().get(p).name())
        .toList();
  }

  @Test
  void pooledMapsAreStoredInsteadOfWhatIsPooled() {
    var its =
        network(
            convolution("conv", -1, MAP, 1, 3),
            new MaxPool("pool", 0, MAP, 2, 2),
            convolution("logits", 1, new Shape(2, 2, 2), 2, 0));
    var stored = StoredTensors.of(its);
    assertThat(names(its)).containsExactly("image", "pool");
    assertThat(stored.bits(1)).isEqualTo(3);
    assertThat(stored.bits(QuantizedNetwork.INPUT)).isEqualTo(8);
    assertThat(stored.bits(0)).isZero();
    assertThat(stored.bits(2)).isZero();
  }

  @Test
  void aMapWithAnotherReaderIsStoredToo() {
    var its =
        network(
            convolution("conv", -1, MAP, 1, 3),
            new MaxPool("pool", 0, MAP, Window.square(1, 1, 1, 0)),
            new Add("add", 0, MAP, 1, 1, 1, new Activation(5, 1)),
            convolution("logits", 2, MAP, 4, 0));
    assertThat(names(its)).containsExactly("image", "conv", "pool", "add");
    assertThat(StoredTensors.of(its).bits(2)).isEqualTo(5);
  }

  @Test
  void sumsStayInAccumulatorsAndTheMapThatTheySumUpIsStored() {
    var its =
        network(
            convolution("conv", -1, MAP, 1, 4),
            new GlobalSum("sum", 0, MAP),
            convolution("logits", 1, new Shape(2, 1, 1), 1, 0));
    assertThat(names(its)).containsExactly("image", "conv");
  }

  @Test
  void paddingIsNotStored() {
    var padded = new Shape(2, 6, 6);
    var its =
        network(
            new Pad("pad", -1, MAP, 1, 1, 1, 1),
            convolution("conv", 0, padded, 3, 4),
            new Pad("pad2", 1, MAP, 1, 1, 1, 1),
            convolution("logits", 2, padded, 6, 0));
    assertThat(names(its)).containsExactly("image", "conv");
    var stored = StoredTensors.of(its);
    assertThat(stored.behind(0)).isEqualTo(QuantizedNetwork.INPUT);
    assertThat(stored.behind(2)).isEqualTo(1);
    assertThat(stored.behind(1)).isEqualTo(1);
  }

  @Test
  void theAnswerIsNotStored() {
    var its = network(convolution("codes", -1, MAP, 4, 4));
    assertThat(names(its)).containsExactly("image");
  }

  @Test
  void knownNetworks() {
    assertThat(StoredTensors.of(Vgg11.random(8, 1)).positions())
        .as("the image, five pooled maps and the three convolutions without pooling")
        .hasSize(1 + 5 + 3);
    var resnet = ResNet18.random(4, 1);
    assertThat(StoredTensors.of(resnet).positions())
        .as("the image and all convolutions")
        .hasSize(1 + 20);
  }
}
