package org.bitquake.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.Convolution.WeightCodes;

/** Draws sound networks of every kind of layer, with many exact rounding ties. */
public final class RandomNetworks {
  private final SplittableRandom random;
  private final List<Layer> layers = new ArrayList<>();
  private final Input input;

  /**
   * Whether zero points, windows and layers beyond the {@linkplain QuantizedNetwork#isPlain plain}
   * ones are drawn.
   */
  private final boolean wide;

  private RandomNetworks(long seed, boolean wide) {
    this.random = new SplittableRandom(seed);
    this.wide = wide;
    var shape = new Shape(1 + random.nextInt(4), 4 + random.nextInt(7), 4 + random.nextInt(7));
    this.input = wide ? anyInput(shape) : Input.ofPixels(shape, 1 / 255f);
  }

  /** A plain network that depends on the seed only. */
  public static QuantizedNetwork of(long seed) {
    return new RandomNetworks(seed, false).make(seed);
  }

  /** A network with mid-rise weights of up to seven bits where this one has plain ones. */
  public static QuantizedNetwork midRise(QuantizedNetwork plain) {
    List<Layer> layers = plain.layers().stream().map(RandomNetworks::midRise).toList();
    return new QuantizedNetwork(plain.name(), plain.input(), layers, plain.provenance());
  }

  private static Layer midRise(Layer layer) {
    if (!(layer instanceof Convolution c)) {
      return layer;
    }
    int bits = Math.min(7, c.weights().bits());
    byte[] codes = c.weights().codes().clone();
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) (codes[i] >> (c.weights().bits() - bits));
    }
    return new Convolution(
        c.name(),
        c.input(),
        c.inputShape(),
        c.geometry(),
        WeightCodes.midRise(codes, bits, c.weights().step()),
        c.bias(),
        c.scale(),
        c.residual(),
        c.activation());
  }

  /** A network of everything that the integer contract has. */
  public static QuantizedNetwork wide(long seed) {
    return new RandomNetworks(seed, true).makeWide(seed);
  }

  private Input anyInput(Shape shape) {
    boolean tables = random.nextBoolean();
    Activation codes =
        tables
            ? anyActivation()
            : new Activation(8, 0.02f, random.nextInt(256), 255, random.nextInt(2) * -128);
    byte[][] table = new byte[tables ? shape.channels() : 0][Input.PIXELS];
    for (byte[] row : table) {
      for (int i = 0; i < row.length; i++) {
        row[i] = (byte) random.nextInt(codes.maxCode() + 1);
      }
    }
    return new Input(shape, codes, table);
  }

  private Activation anyActivation() {
    if (random.nextInt(3) == 0) {
      return new Activation(1 + random.nextInt(8), 0.01f + random.nextFloat());
    }
    int low = -random.nextInt(129);
    int high = low + 1 + random.nextInt(Math.min(255, 127 - low + 128));
    int zero = random.nextInt(3) == 0 ? low : low + random.nextInt(high - low + 1);
    return Activation.of(0.01f + random.nextFloat(), low, high, zero);
  }

  private Window anyWindow(Shape in) {
    int[] pad = {random.nextInt(3), random.nextInt(3), random.nextInt(3), random.nextInt(3)};
    int dilationY = 1 + random.nextInt(2);
    int dilationX = 1 + random.nextInt(2);
    int kernelY = 1 + random.nextInt(1 + (Math.min(5, in.height()) - 1) / dilationY);
    int kernelX = 1 + random.nextInt(1 + (Math.min(5, in.width()) - 1) / dilationX);
    return new Window(
        kernelY,
        kernelX,
        1 + random.nextInt(3),
        1 + random.nextInt(3),
        pad[0],
        pad[1],
        pad[2],
        pad[3],
        dilationY,
        dilationX);
  }

  /** Windows of which each holds a position of the map. */
  private Window anyPool(Shape in) {
    int y = 1 + random.nextInt(Math.min(3, in.height()));
    int x = 1 + random.nextInt(Math.min(3, in.width()));
    return new Window(
        y,
        x,
        1 + random.nextInt(3),
        1 + random.nextInt(3),
        random.nextInt(y),
        random.nextInt(x),
        random.nextInt(y),
        random.nextInt(x),
        1,
        1);
  }

  private QuantizedNetwork makeWide(long seed) {
    int blocks = random.nextInt(6);
    for (int b = 0; b < blocks; b++) {
      int before = last();
      Shape in = shape(before);
      switch (random.nextInt(9)) {
        case 0, 1, 2 -> {
          int groups = random.nextInt(3) == 0 ? in.channels() : 1;
          convolution(
              before,
              new Geometry(groups * (1 + random.nextInt(3)), anyWindow(in), groups),
              Optional.empty());
        }
        case 3 -> layers.add(new MaxPool(name("pool"), before, in, anyPool(in)));
        case 4 ->
            layers.add(
                new AveragePool(
                    name("average"),
                    before,
                    in,
                    anyPool(in),
                    random.nextBoolean(),
                    random.nextInt(2) == 0 ? 1 : 0.1f + random.nextFloat(),
                    anyActivation()));
        case 5 ->
            layers.add(
                new Pad(
                    name("pad"),
                    before,
                    in,
                    random.nextInt(3),
                    random.nextInt(3),
                    random.nextInt(3),
                    random.nextInt(3)));
        case 6 -> {
          residual();
          layers.add(
              new Add(name("add"), before, in, ratio(), last(), ratio() / 2, anyActivation()));
        }
        case 7 -> {
          residual();
          int second = last();
          layers.add(
              new Concat(
                  name("concat"),
                  List.of(before, second, before),
                  List.of(in, in, in),
                  List.of(1f, 0.5f + random.nextFloat(), 0.25f),
                  anyActivation()));
        }
        default -> shortcut();
      }
    }
    boolean average = random.nextInt(4) == 0;
    if (!average && random.nextInt(3) == 0) {
      layers.add(new GlobalSum("sum", last(), shape(last())));
    }
    Shape in = shape(last());
    int classes = 2 + random.nextInt(9);
    boolean codes = random.nextBoolean();
    Optional<Activation> written =
        codes || average ? Optional.of(anyActivation()) : Optional.empty();
    var dense =
        average
            ? new Geometry(classes, 1, 1, 1, 0, 1)
            : new Geometry(classes, in.height(), in.width(), 1, 0, 1);
    layers.add(layer("logits", last(), dense, Optional.empty(), written));
    if (average) {
      layers.add(
          new AveragePool(
              "mean",
              last(),
              shape(last()),
              Window.square(in.height(), in.width(), 1, 0),
              true,
              1,
              anyActivation()));
    }
    return new QuantizedNetwork("wide-" + seed, input, layers, Map.of("seed", "" + seed));
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
        "random-" + seed, input, layers, Map.of("seed", Long.toString(seed)));
  }

  private int last() {
    return layers.size() - 1;
  }

  private Shape shape(int position) {
    return position == QuantizedNetwork.INPUT ? input.shape() : layers.get(position).outputShape();
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
    var activation =
        wide ? anyActivation() : new Activation(1 + random.nextInt(8), 0.01f + random.nextFloat());
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
    var weights = wide ? anyWeights(codes, bits, step) : new WeightCodes(codes, bits, step);
    return new Convolution(name, input, in, g, weights, bias, scale, residual, act);
  }

  private WeightCodes anyWeights(byte[] codes, int bits, float[] step) {
    if (random.nextInt(3) == 0 && bits < 8) {
      return new WeightCodes(codes, bits, step, 2, new int[] {1});
    }
    int[] offset = new int[random.nextBoolean() ? 1 : step.length];
    for (int i = 0; i < offset.length; i++) {
      offset[i] = random.nextInt(3) == 0 ? 0 : random.nextInt(1 << bits) - (1 << (bits - 1));
    }
    return new WeightCodes(codes, bits, step, 1, offset);
  }

  private int maxCode(int position) {
    return GraphCheck.codes(input, layers, position).max();
  }
}
