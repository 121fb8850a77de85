package org.bitquake.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bitquake.data.Shape;
import org.bitquake.network.Activation;
import org.bitquake.network.Add;
import org.bitquake.network.AveragePool;
import org.bitquake.network.Convolution;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.Convolution.WeightCodes;
import org.bitquake.network.Input;
import org.bitquake.network.Layer;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.Window;

/**
 * A drawn network of ResNet-8's shape as TensorFlow Lite quantises it: 8-bit weights and codes,
 * zero points, windows padded on two sides only, sums and an average with scales of their own.
 */
final class WiderNetwork {
  private static final Shape IMAGE = new Shape(3, 32, 32);

  /** Of the sums of a layer, in codes: most of what is written is inside its range. */
  private static final float SPREAD = 60;

  private final SplittableRandom random;
  private final List<Layer> layers = new ArrayList<>();

  private WiderNetwork(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /**
   * Weights drawn.
   *
   * @param width channels of the first of three stages; each of the others has twice as many
   */
  static QuantizedNetwork of(int width, long seed) {
    var input = new Input(IMAGE, new Activation(8, 1 / 255f, 0, 255, -128), new byte[0][]);
    return new QuantizedNetwork("wider", input, new WiderNetwork(seed).draw(width), Map.of());
  }

  private List<Layer> draw(int width) {
    int at = convolution("first", QuantizedNetwork.INPUT, IMAGE, width, square(3), relu());
    for (int stage = 0; stage < 3; stage++) {
      at = block("stage" + stage, at, width << stage, stage > 0);
    }
    Shape map = shape(at);
    var all = Window.square(map.height(), map.width(), 1, 0);
    layers.add(new AveragePool("average", at, map, all, false, 1, relu()));
    at = layers.size() - 1;
    convolution("scores", at, shape(at), 10, Window.square(1, 1, 1, 0), signed());
    return layers;
  }

  private int block(String name, int from, int width, boolean halve) {
    Window first = halve ? new Window(3, 3, 2, 2, 0, 0, 1, 1, 1, 1) : square(3);
    int at = convolution(name + ".a", from, shape(from), width, first, relu());
    int main = convolution(name + ".b", at, shape(at), width, square(3), signed());
    int around =
        halve
            ? convolution(
                name + ".c", from, shape(from), width, Window.square(1, 1, 2, 0), signed())
            : from;
    layers.add(new Add(name + ".sum", around, shape(around), 0.7f, main, 0.6f, relu()));
    return layers.size() - 1;
  }

  private static Window square(int kernel) {
    return Window.square(kernel, kernel, 1, kernel / 2);
  }

  private static Activation relu() {
    return Activation.of(0.02f, -128, 127, -128);
  }

  private static Activation signed() {
    return Activation.of(0.03f, -128, 127, 3);
  }

  private Shape shape(int position) {
    return layers.get(position).outputShape();
  }

  /** Weights about normal, as training leaves them, the largest of a layer near 127. */
  private int convolution(
      String name, int input, Shape in, int channels, Window window, Activation codes) {
    var geometry = new Geometry(channels, window, 1);
    int taps = (int) geometry.taps(in);
    byte[] weights = new byte[channels * taps];
    for (int i = 0; i < weights.length; i++) {
      int sum = 0;
      for (int k = 0; k < 12; k++) {
        sum += random.nextInt(19) - 9;
      }
      weights[i] = (byte) Math.max(-127, Math.min(127, 2 * sum));
    }
    float[] scale = new float[channels];
    Arrays.fill(scale, (float) (SPREAD / (38 * 80 * Math.sqrt(taps))));
    layers.add(
        new Convolution(
            name,
            input,
            in,
            geometry,
            new WeightCodes(weights, 8, new float[] {0.01f}),
            new float[channels],
            scale,
            Optional.empty(),
            Optional.of(codes)));
    return layers.size() - 1;
  }
}
