package org.bitquake.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.Convolution.WeightCodes;

/**
 * ResNet-18 for CIFAR images with random weights, of any width: a 3×3 stem, four stages of two
 * basic blocks with {@code width} times 1, 2, 4 and 8 channels, 1×1 shortcuts where the shape
 * changes, a global sum and ten logits. With width 64: 11.2 million weights, 556 million
 * multiply-accumulates.
 */
public final class ResNet18Random {
  private static final int BITS = 4;

  private final List<Layer> layers = new ArrayList<>();
  private final Shape image;
  private final float ratio;
  private final SplittableRandom random;

  private ResNet18Random(int size, float ratio, long seed) {
    this.image = new Shape(3, size, size);
    this.ratio = ratio;
    this.random = new SplittableRandom(seed);
  }

  /**
   * A network that depends on its arguments only.
   *
   * @param width channels of the first stage
   * @param size height and width of an image, a multiple of 8
   * @param ratio of every residual
   */
  public static QuantizedNetwork of(int width, int size, float ratio, long seed) {
    return new ResNet18Random(size, ratio, seed).make(width);
  }

  private QuantizedNetwork make(int width) {
    add("stem", QuantizedNetwork.INPUT, new Geometry(width, 3, 3, 1, 1, 1), -1, BITS);
    for (int stage = 0; stage < 4; stage++) {
      block(width << stage, stage == 0 ? 1 : 2);
      block(width << stage, 1);
    }
    layers.add(new GlobalSum("sum", last(), shape(last())));
    add("fc", last(), new Geometry(10, 1, 1, 1, 0, 1), -1, 0);
    return new QuantizedNetwork("resnet18-" + width, image, 1 / 255f, layers, Map.of());
  }

  private void block(int channels, int stride) {
    int source = last();
    String name = "block" + layers.size();
    int shortcut = source;
    if (shape(source).channels() != channels) {
      add(name + ".shortcut", source, new Geometry(channels, 1, 1, stride, 0, 1), -1, BITS);
      shortcut = last();
    }
    add(name + ".conv1", source, new Geometry(channels, 3, 3, stride, 1, 1), -1, BITS);
    add(name + ".conv2", last(), new Geometry(channels, 3, 3, 1, 1, 1), shortcut, BITS);
  }

  private int last() {
    return layers.size() - 1;
  }

  private Shape shape(int position) {
    return position == QuantizedNetwork.INPUT ? image : layers.get(position).outputShape();
  }

  /** Biases and scales that leave about half of the codes at 0 and few at the top. */
  private void add(String name, int input, Geometry g, int residual, int activationBits) {
    Shape in = shape(input);
    int taps = Math.toIntExact(g.taps(in));
    byte[] codes = new byte[g.outChannels() * taps];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) (random.nextInt(1 << BITS) - (1 << (BITS - 1)));
    }
    double spread =
        GraphCheck.codes(Input.ofPixels(image, 1 / 255f), layers, input).max()
            / 3.0
            * Math.sqrt(taps)
            * 4.6;
    float[] bias = new float[g.outChannels()];
    float[] scale = new float[g.outChannels()];
    for (int c = 0; c < bias.length; c++) {
      bias[c] = (float) ((random.nextDouble() + 0.3) * spread);
      scale[c] = (float) (5 / spread * (0.7 + 0.6 * random.nextDouble()));
    }
    layers.add(
        new Convolution(
            name,
            input,
            in,
            g,
            new WeightCodes(codes, BITS, new float[] {0.05f}),
            bias,
            scale,
            residual < 0 ? Optional.empty() : Optional.of(new Residual(residual, ratio)),
            activationBits == 0
                ? Optional.empty()
                : Optional.of(new Activation(activationBits, 0.1f))));
  }
}
