package org.bitquake.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.Convolution.WeightCodes;
import org.junit.jupiter.api.Test;

class QuantizedNetworkTest {
  private static final Shape IMAGE = new Shape(2, 6, 6);

  private static Convolution layer(
      String name, int input, Shape in, Geometry g, Optional<Residual> residual, int actBits) {
    byte[] codes = new byte[(int) g.taps(in) * g.outChannels()];
    float[] ones = new float[g.outChannels()];
    Arrays.fill(ones, 1);
    var weights = new WeightCodes(codes, 4, new float[] {0.1f});
    Optional<Activation> activation =
        actBits == 0 ? Optional.empty() : Optional.of(new Activation(actBits, 0.5f));
    return new Convolution(name, input, in, g, weights, ones, ones, residual, activation);
  }

  private static Convolution conv(String name, int input, Shape in) {
    return layer(name, input, in, new Geometry(2, 3, 3, 1, 1, 1), Optional.empty(), 4);
  }

  private static Convolution dense(String name, int input, Shape in) {
    var g = new Geometry(3, in.height(), in.width(), 1, 0, 1);
    return layer(name, input, in, g, Optional.empty(), 0);
  }

  private static QuantizedNetwork network(Layer... layers) {
    return new QuantizedNetwork("n", IMAGE, 1 / 255f, List.of(layers), Map.of("seed", "1"));
  }

  private static void refused(Runnable maker, String... parts) {
    assertThatIllegalArgumentException().isThrownBy(maker::run).withMessageContainingAll(parts);
  }

  @Test
  void countsWeightsProductsAndCodes() {
    var pool = new MaxPool("pool", 0, IMAGE, 2, 2);
    var sum = new GlobalSum("sum", 1, pool.outputShape());
    QuantizedNetwork n = network(conv("c", -1, IMAGE), pool, sum, dense("d", 2, sum.outputShape()));
    assertThat(n.weightCount()).isEqualTo(2 * 2 * 9 + 3 * 2);
    assertThat(n.macs()).isEqualTo(36 * 2 * 2 * 9 + 3 * 2);
    assertThat(n.classes()).isEqualTo(3);
    assertThat(List.of(n.maxCode(-1), n.maxCode(0), n.maxCode(1), n.maxCode(2)))
        .containsExactly(255, 15, 15, 9 * 15);
    assertThat(n.shapeOf(-1)).isEqualTo(IMAGE);
    assertThat(n.shapeOf(1)).isEqualTo(new Shape(2, 3, 3));
    refused(() -> n.maxCode(3), "layer d", "logits");
  }

  @Test
  void refusesGraphsThatAreNotSound() {
    Convolution c = conv("c", -1, IMAGE);
    Convolution d = dense("d", 0, IMAGE);
    refused(() -> network(), "0 layers");
    refused(() -> network(c, conv("c", 0, IMAGE), dense("d", 1, IMAGE)), "layer c", "two");
    refused(() -> network(conv("c", 0, IMAGE), d), "layer c", "earlier");
    refused(() -> network(c, dense("d", 0, new Shape(2, 5, 6))), "layer d", "2×5×6", "2×6×6");
    refused(() -> network(dense("x", -1, IMAGE), d), "layer x", "activation");
    refused(() -> network(c), "layer c", "last");
    refused(() -> network(c, new MaxPool("p", 0, IMAGE, 2, 2)), "layer p", "last");
    refused(() -> network(c, dense("d", -1, IMAGE)), "layer c", "no later layer");
    refused(
        () -> network(c, layer("d", 0, IMAGE, new Geometry(3, 3, 3, 1, 1, 1), Optional.empty(), 0)),
        "layer d",
        "3×6×6");
    assertThat(network(c, d).layers()).hasSize(2);
  }

  @Test
  void refusesResidualsThatDoNotFit() {
    Convolution c = conv("c", -1, IMAGE);
    var g = new Geometry(2, 3, 3, 1, 1, 1);
    var self = layer("r", 0, IMAGE, g, Optional.of(new Residual(1, 1)), 4);
    refused(() -> network(c, self, dense("d", 1, IMAGE)), "layer r", "residual", "earlier");
    var narrow = new Geometry(2, 3, 3, 2, 1, 1);
    var smaller = layer("r", 0, IMAGE, narrow, Optional.of(new Residual(0, 1)), 4);
    refused(() -> network(c, smaller, dense("d", 1, smaller.outputShape())), "layer r", "residual");
    var good = layer("r", 0, IMAGE, g, Optional.of(new Residual(-1, 0.5f)), 4);
    assertThat(network(c, good, dense("d", 1, IMAGE)).layers()).hasSize(3);
    refused(() -> new Residual(-2, 1), "residual source -2");
    refused(() -> new Residual(0, Float.NaN), "residual ratio", "NaN");
  }

  @Test
  void refusesAccumulatorsThatCanOverflow() {
    // 255 · 2^7 · taps ≤ 2^31 − 1 up to 65,793 taps.
    assertThat(overflow(65_793).layers()).hasSize(1);
    refused(() -> overflow(65_794), "layer d", "overflows", "2147516160");
  }

  private static QuantizedNetwork overflow(int taps) {
    var in = new Shape(taps, 1, 1);
    var weights = new WeightCodes(new byte[taps], 8, new float[] {1});
    float[] one = {1};
    var d =
        new Convolution(
            "d",
            -1,
            in,
            new Geometry(1, 1, 1, 1, 0, 1),
            weights,
            one,
            one,
            Optional.empty(),
            Optional.empty());
    return new QuantizedNetwork("n", in, 1, List.of(d), Map.of());
  }

  @Test
  void refusesLayersThatAreNotSound() {
    refused(() -> new GlobalSum("", 0, IMAGE), "layer name");
    refused(() -> new GlobalSum("../x", 0, IMAGE), "layer name \"../x\"");
    refused(() -> new GlobalSum("s", -2, IMAGE), "layer s", "-2");
    refused(() -> new MaxPool("p", 0, IMAGE, 7, 1), "layer p", "7×7");
    refused(() -> new Activation(9, 1), "9 bits");
    refused(() -> new Activation(0, 1), "0 bits");
    refused(() -> new Activation(4, 0), "activation step");
    refused(() -> new WeightCodes(new byte[1], 9, new float[] {1}), "9 bits");
    refused(() -> new WeightCodes(new byte[1], 1, new float[] {1}), "1 bits");
    refused(() -> new WeightCodes(new byte[] {0, 8}, 4, new float[] {1}), "8 at position 1");
    refused(() -> new WeightCodes(new byte[] {-9}, 4, new float[] {1}), "-9", "-8…7");
    refused(() -> new WeightCodes(new byte[1], 4, new float[] {-1}), "weight step[0]");
    refused(() -> new Geometry(3, 3, 3, 1, 1, 2), "3 output channels", "2 groups");
    refused(() -> new Geometry(3, 0, 3, 1, 1, 1), "kernel 0×3");
    var wide = new Geometry(2, 1, 1, 1, 1 << 12, 1);
    refused(() -> layer("c", -1, IMAGE, wide, Optional.empty(), 4), "layer c", "larger");
  }

  @Test
  void refusesArraysOfTheWrongLength() {
    var in = new Shape(1, 2, 2);
    var g = new Geometry(2, 2, 2, 1, 0, 1);
    refused(() -> dense(in, g, 7, 1, 2, 2), "layer d", "7 weight codes", "8");
    refused(() -> dense(in, g, 8, 3, 2, 2), "layer d", "3 weight steps");
    refused(() -> dense(in, g, 8, 1, 1, 2), "layer d", "1 biases and 2 scales");
    refused(() -> dense(in, g, 8, 1, 2, 3), "layer d", "2 biases and 3 scales");
    refused(() -> dense(new Shape(1, 1, 2), g, 8, 1, 2, 2), "layer d", "kernel");
    refused(() -> dense(new Shape(3, 2, 2), new Geometry(2, 2, 2, 1, 0, 2), 8, 1, 2, 2), "groups");
    assertThat(dense(in, g, 8, 2, 2, 2).isDense()).isTrue();
  }

  private static Convolution dense(
      Shape in, Geometry g, int codes, int steps, int biases, int scales) {
    float[] step = new float[steps];
    Arrays.fill(step, 1);
    return new Convolution(
        "d",
        -1,
        in,
        g,
        new WeightCodes(new byte[codes], 4, step),
        new float[biases],
        new float[scales],
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void refusesNumbersThatAreNotFinite() {
    float[] nan = {Float.NaN};
    float[] one = {1};
    var in = new Shape(1, 1, 1);
    var g = new Geometry(1, 1, 1, 1, 0, 1);
    var w = new WeightCodes(new byte[1], 4, one);
    refused(
        () -> new Convolution("d", -1, in, g, w, nan, one, Optional.empty(), Optional.empty()),
        "layer d: bias[0] is NaN");
    refused(
        () -> new Convolution("d", -1, in, g, w, one, nan, Optional.empty(), Optional.empty()),
        "layer d: scale[0] is NaN");
  }

  @Test
  void contentHashSeesWhatDeterminesResultsAndNothingElse() {
    QuantizedNetwork n = network(conv("c", -1, IMAGE), dense("d", 0, IMAGE));
    assertThat(n.contentHash()).matches("[0-9a-f]{64}").isEqualTo(n.withName("m").contentHash());
    assertThat(n.withName("m").name()).isEqualTo("m");
    QuantizedNetwork renamed = network(conv("x", -1, IMAGE), dense("y", 0, IMAGE));
    assertThat(renamed.contentHash()).isEqualTo(n.contentHash());
    var wider =
        network(
            layer("c", -1, IMAGE, new Geometry(2, 3, 3, 1, 1, 1), Optional.empty(), 5),
            dense("d", 0, IMAGE));
    assertThat(wider.contentHash()).isNotEqualTo(n.contentHash());
    long distinct =
        LongStream.range(0, 300)
            .boxed()
            .flatMap(seed -> Stream.of(RandomNetworks.of(seed), RandomNetworks.wide(seed)))
            .map(QuantizedNetwork::contentHash)
            .distinct()
            .count();
    assertThat(distinct).isEqualTo(600);
  }

  @Test
  void keepsItsOwnCopyOfArrays() {
    byte[] codes = {1};
    float[] step = {1};
    var w = new WeightCodes(codes, 4, step);
    codes[0] = 7;
    step[0] = 3;
    assertThat(w.codes()).containsExactly((byte) 1);
    assertThat(w.step()).containsExactly(1f);
    QuantizedNetwork n = RandomNetworks.of(5);
    String before = n.contentHash();
    n.copyCodes()[0][0]++;
    assertThat(n.contentHash()).isEqualTo(before);
  }
}
