package org.bitquake.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution.Activation;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.Convolution.WeightCodes;

/** Draws sound networks of every kind of layer, with many exact rounding ties. */
public final class RandomNetworks {
  private final SplittableRandom random;
  private final List<Layer> layers = new ArrayList<>();
  private final Shape image;

  private RandomNetworks(long seed) {
    this.random = new SplittableRandom(seed);
    this.image = new Shape(1 + random.nextInt(4), 4 + random.nextInt(7), 4 + random.nextInt(7));
  }

  /** A network that depends on the seed only. */
  public static QuantizedNetwork of(long seed) {
    return new RandomNetworks(seed).make(seed);
  }

  private QuantizedNetwork make(long seed) {
    int blocks = random.nextInt(5);
    for (int b = 0; b < blocks; b++) {
      switch (random.nextInt(5)) {
        case 0, 1 -> convolution(last(), anyGeometry(shape(last())), Optional.empty());
        case 2 -> pool();
        case 3 -> shortcut();
        default -> residual();
      }
    }
    if (random.nextInt(3) == 0) {
      layers.add(new GlobalSum("sum", last(), shape(last())));
    }
    Shape in = shape(last());
    var dense = new Geometry(2 + random.nextInt(9), in.height(), in.width(), 1, 0, 1);
    layers.add(layer("logits", last(), dense, Optional.empty(), Optional.empty()));
    return new QuantizedNetwork(
        "random-" + seed, image, 1 / 255f, layers, Map.of("seed", Long.toString(seed)));
  }

  private int last() {
    return layers.size() - 1;
  }

  private Shape shape(int position) {
    return position == QuantizedNetwork.INPUT ? image : layers.get(position).outputShape();
  }

  private String name(String kind) {
    return kind + layers.size();
  }

  private void pool() {
    Shape in = shape(last());
    int size = 1 + random.nextInt(Math.min(3, Math.min(in.height(), in.width())));
    layers.add(new MaxPool(name("pool"), last(), in, size, 1 + random.nextInt(3)));
  }

  /** Two convolutions of the same input, added. */
  private void shortcut() {
    int source = last();
    Geometry g = anyGeometry(shape(source));
    convolution(source, g, Optional.empty());
    convolution(source, g, Optional.of(new Residual(last(), ratio())));
  }

  /** A convolution that keeps its input's shape, to which the input is added. */
  private void residual() {
    int channels = shape(last()).channels();
    int groups = random.nextBoolean() ? channels : 1;
    var g = new Geometry(channels, 3, 3, 1, 1, groups);
    convolution(last(), g, Optional.of(new Residual(last(), ratio())));
  }

  private float ratio() {
    float[] ratios = {1, 0.5f, 0.75f, 1.3f, -0.7f, 0.1f};
    return ratios[random.nextInt(ratios.length)];
  }

  private Geometry anyGeometry(Shape in) {
    int padding = random.nextInt(3);
    int groups = random.nextInt(3) == 0 ? in.channels() : 1;
    return new Geometry(
        groups * (1 + random.nextInt(3)),
        1 + random.nextInt(Math.min(5, in.height() + 2 * padding)),
        1 + random.nextInt(Math.min(5, in.width() + 2 * padding)),
        1 + random.nextInt(3),
        padding,
        groups);
  }

  private void convolution(int input, Geometry g, Optional<Residual> residual) {
    var activation = new Activation(1 + random.nextInt(8), 0.01f + random.nextFloat());
    layers.add(layer(name("conv"), input, g, residual, Optional.of(activation)));
  }

  private Convolution layer(
      String name, int input, Geometry g, Optional<Residual> residual, Optional<Activation> act) {
    Shape in = shape(input);
    int bits = 2 + random.nextInt(7);
    int taps = (int) g.taps(in);
    byte[] codes = new byte[g.outChannels() * taps];
    boolean extreme = random.nextInt(4) == 0;
    for (int i = 0; i < codes.length; i++) {
      int low = -(1 << (bits - 1));
      codes[i] =
          (byte)
              (extreme ? (random.nextBoolean() ? low : -low - 1) : low + random.nextInt(1 << bits));
    }
    float[] bias = new float[g.outChannels()];
    float[] scale = new float[g.outChannels()];
    double spread = maxCode(input) * Math.sqrt(taps) * (1 << (bits - 1)) / 3.0;
    double wanted = act.map(Activation::maxCode).orElse(10) / spread;
    boolean ties = random.nextInt(2) == 0;
    for (int c = 0; c < bias.length; c++) {
      double size = wanted * (0.5 + random.nextDouble());
      // A power of two and an integer bias put many sums exactly on k + ½.
      scale[c] =
          (float)
              (ties ? Math.min(0.5, Math.pow(2, Math.rint(Math.log(size) / Math.log(2)))) : size);
      scale[c] *= random.nextInt(5) == 0 ? -1 : 1;
      double shift = (random.nextDouble() - 0.3) * spread;
      bias[c] = (float) (ties ? Math.rint(shift) : shift);
    }
    float[] step = new float[random.nextBoolean() ? 1 : g.outChannels()];
    for (int i = 0; i < step.length; i++) {
      step[i] = 0.001f + random.nextFloat();
    }
    return new Convolution(
        name, input, in, g, new WeightCodes(codes, bits, step), bias, scale, residual, act);
  }

  private int maxCode(int position) {
    return GraphCheck.maxCode(layers, position);
  }
}
