package org.bitquake.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32;
import org.bitquake.Text;
import org.bitquake.data.Shape;
import org.bitquake.network.Activation;
import org.bitquake.network.Add;
import org.bitquake.network.AveragePool;
import org.bitquake.network.Concat;
import org.bitquake.network.Convolution;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.Convolution.WeightCodes;
import org.bitquake.network.GlobalSum;
import org.bitquake.network.Input;
import org.bitquake.network.Layer;
import org.bitquake.network.MaxPool;
import org.bitquake.network.Pad;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.Residual;
import org.bitquake.network.Window;

/**
 * What every engine must answer before it is used: the logits of five small networks, to the bit,
 * by their checksum.
 *
 * <p>The first has a convolution of 8-bit pixels with padding, a stride, groups, a depthwise layer,
 * pooling, a residual, a global sum and negative scales, with many sums that lie on a rounding tie.
 * In the second, {@code ratio · code + y} lies so close to a tie that one rounding (a fused
 * multiply-add, as the contract asks) and two give different codes. The third has what {@linkplain
 * QuantizedNetwork#isPlain plain} networks have not: zero points, tables of input codes, weights
 * with an offset, windows that are not square, sums, averages, parts side by side, codes at the
 * end. The fourth is the first with mid-rise weights, the fifth the third with weights that are
 * bytes and codes whose 0 is 0 in between.
 */
final class KnownAnswers {
  private static final int IMAGES = 33;
  private static final int TIE_CHANNELS = 64;
  private static final int TIE_PIXELS = 16;

  /** Each network with the checksum of its logits, with its own weights and with others loaded. */
  record Case(QuantizedNetwork network, byte[] images, long crc) {}

  private KnownAnswers() {}

  static List<Case> cases() {
    return List.of(
        new Case(everyLayer(), images(300), 0xf743c313L),
        new Case(nearTies(), imagesNearTies(), 0x9babcd9cL),
        new Case(
            zeroPoints("zero-points", 3, Activation.of(0.5f, -128, 127, 9)),
            images(300),
            0xdc3ba41fL),
        new Case(midRise(everyLayer()), images(300), 0xf5bdae3aL),
        new Case(zeroPoints("bytes", 0, Activation.of(0.5f, 0, 200, 0)), images(300), 0x658da083L));
  }

  /** What the engine gets wrong; empty if nothing. Networks that it does not do are left out. */
  static Optional<String> failure(EngineProvider provider) {
    for (Case known : cases()) {
      if (provider.unsupported(known.network()).isEmpty()) {
        long crc = checksum(provider, known.network(), known.images());
        if (crc != known.crc()) {
          return Optional.of(
              Text.of(
                  "it gives wrong logits on this machine (known-answer test %s: %08x instead of %08x)",
                  known.network().name(), crc, known.crc()));
        }
      }
    }
    return Optional.empty();
  }

  /** The checksum of the logits of the images with two sets of weights. */
  private static long checksum(EngineProvider provider, QuantizedNetwork network, byte[] images) {
    float[] logits = new float[IMAGES * network.classes()];
    var crc = new CRC32();
    try (var engine = provider.prepare(network)) {
      engine.logits(images, IMAGES, logits);
      update(crc, logits);
      byte[][] codes = network.copyCodes();
      for (byte[] layer : codes) {
        for (int i = 0; i < layer.length; i += 3) {
          layer[i] = (byte) (-1 - layer[i]);
        }
      }
      engine.load(codes);
      engine.logits(images, IMAGES, logits);
      update(crc, logits);
    }
    return crc.getValue();
  }

  private static void update(CRC32 crc, float[] logits) {
    for (float logit : logits) {
      int bits = Float.floatToRawIntBits(logit);
      for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
        crc.update(bits >> shift);
      }
    }
  }

  private static byte[] images(int size) {
    byte[] images = new byte[IMAGES * size];
    new Random(1).nextBytes(images);
    return images;
  }

  /** Every second pixel is the one whose residual is nearest to a tie. */
  private static byte[] imagesNearTies() {
    byte[] images = images(TIE_CHANNELS * TIE_PIXELS);
    for (int i = 0; i < images.length; i += 2) {
      images[i] = (byte) (4 * (i / TIE_PIXELS % TIE_CHANNELS) + 1);
    }
    return images;
  }

  private static QuantizedNetwork everyLayer() {
    var random = new Random(2);
    var layers = new ArrayList<Layer>();
    var image = new Shape(3, 10, 10);
    add(layers, random, "first", -1, image, new Geometry(8, 3, 3, 1, 1, 1), null, 4);
    add(
        layers,
        random,
        "keep",
        0,
        layers.get(0).outputShape(),
        new Geometry(8, 3, 3, 1, 1, 1),
        0,
        4);
    layers.add(new MaxPool("pool", 1, layers.get(1).outputShape(), 2, 2));
    Shape pooled = layers.get(2).outputShape();
    add(layers, random, "depthwise", 2, pooled, new Geometry(8, 3, 3, 1, 1, 8), null, 4);
    add(layers, random, "grouped", 3, pooled, new Geometry(12, 1, 1, 1, 0, 2), null, 4);
    add(
        layers,
        random,
        "strided",
        4,
        new Shape(12, 5, 5),
        new Geometry(20, 3, 3, 2, 1, 1),
        null,
        4);
    layers.add(new GlobalSum("sum", 5, layers.get(5).outputShape()));
    add(layers, random, "logits", 6, new Shape(20, 1, 1), new Geometry(10, 1, 1, 1, 0, 1), null, 0);
    return network("every-layer", image, layers);
  }

  private static QuantizedNetwork midRise(QuantizedNetwork network) {
    List<Layer> layers = network.layers().stream().map(KnownAnswers::midRise).toList();
    return network("mid-rise", network.inputShape(), layers);
  }

  private static Layer midRise(Layer layer) {
    return layer instanceof Convolution c
        ? new Convolution(
            c.name(),
            c.input(),
            c.inputShape(),
            c.geometry(),
            WeightCodes.midRise(c.weights().codes(), c.weights().bits(), c.weights().step()),
            c.bias(),
            c.scale(),
            c.residual(),
            c.activation())
        : layer;
  }

  private static QuantizedNetwork nearTies() {
    int channels = TIE_CHANNELS;
    float ratio = 1.3f;
    var image = new Shape(channels, 4, 4);
    var layers = new ArrayList<Layer>();
    var bias = new float[channels];
    var scale = new float[channels];
    for (int c = 0; c < channels; c++) {
      bias[c] = (float) (-(double) ratio * (4 * c + 1) + c % 14 + 0.5);
      scale[c] = 1;
    }
    // The weights of three in four channels are 0: the sum is the bias, and the tie is near.
    var codes = new byte[channels * channels];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) (i / channels % 4 == 0 ? i % 3 - 1 : 0);
    }
    layers.add(
        new Convolution(
            "near",
            -1,
            image,
            new Geometry(channels, 1, 1, 1, 0, 1),
            new WeightCodes(codes, 4, new float[] {1}),
            bias,
            scale,
            Optional.of(new Residual(-1, ratio)),
            Optional.of(new Activation(4, 1))));
    var random = new Random(3);
    add(layers, random, "logits", 0, image, new Geometry(10, 4, 4, 1, 0, 1), null, 0);
    return network("near-ties", image, layers);
  }

  /**
   * @param offset of the weights
   * @param codes of the first layers
   */
  private static QuantizedNetwork zeroPoints(String name, int offset, Activation codes) {
    var random = new Random(4);
    var layers = new ArrayList<Layer>();
    var image = new Shape(3, 10, 10);
    byte[][] tables = new byte[3][Input.PIXELS];
    for (byte[] table : tables) {
      random.nextBytes(table);
    }
    var input = new Input(image, new Activation(8, 0.02f, 113, 255, -128), tables);
    var wide = new Window(3, 2, 2, 1, 0, 1, 1, 2, 1, 2);
    layers.add(weighted(random, "wide", -1, image, new Geometry(8, wide, 1), offset, codes));
    Shape map = layers.get(0).outputShape();
    var around = new Window(3, 3, 1, 1, 1, 1, 1, 1, 1, 1);
    layers.add(weighted(random, "around", 0, map, new Geometry(8, around, 8), offset, codes));
    layers.add(new Add("add", 0, map, 0.75f, 1, -0.5f, Activation.of(1, 0, 255, 0)));
    layers.add(
        new Concat(
            "concat",
            List.of(2, 1),
            List.of(map, map),
            List.of(1f, 0.3f),
            Activation.of(1, -100, 100, 3)));
    layers.add(new Pad("pad", 3, layers.get(3).outputShape(), 1, 0, 0, 2));
    Shape padded = layers.get(4).outputShape();
    layers.add(new MaxPool("max", 4, padded, new Window(3, 2, 1, 2, 1, 0, 2, 1, 1, 1)));
    Shape pooled = layers.get(5).outputShape();
    layers.add(
        new AveragePool(
            "average",
            5,
            pooled,
            new Window(3, 3, 2, 2, 1, 1, 1, 1, 1, 1),
            false,
            1.25f,
            Activation.of(1, -128, 127, -20)));
    Shape last = layers.get(6).outputShape();
    var all = Window.square(last.height(), last.width(), 1, 0);
    layers.add(
        weighted(
            random,
            "codes",
            6,
            last,
            new Geometry(10, all, 1),
            offset,
            Activation.of(0.1f, -128, 127, 5)));
    return new QuantizedNetwork(name, input, layers, Map.of());
  }

  /** A layer of random 8-bit weights with an offset, and codes all over their range. */
  private static Convolution weighted(
      Random random, String name, int input, Shape in, Geometry g, int offset, Activation codes) {
    var weights = new byte[Math.toIntExact(g.outChannels() * g.taps(in))];
    random.nextBytes(weights);
    float spread = (float) (60 * 60 * Math.sqrt((double) g.taps(in)));
    var bias = new float[g.outChannels()];
    var scale = new float[g.outChannels()];
    for (int c = 0; c < bias.length; c++) {
      bias[c] = random.nextInt(4096) - 2048;
      scale[c] = (c % 4 == 3 ? -64f : 64f) / spread;
    }
    return new Convolution(
        name,
        input,
        in,
        g,
        new WeightCodes(weights, 8, new float[] {1}, 1, new int[] {offset}),
        bias,
        scale,
        Optional.empty(),
        Optional.of(codes));
  }

  private static QuantizedNetwork network(String name, Shape image, List<Layer> layers) {
    return new QuantizedNetwork(name, image, 1 / 255f, layers, Map.of());
  }

  /** Adds a layer of random 4-bit weights; scales are powers of two, which makes ties. */
  private static void add(
      List<Layer> layers,
      Random random,
      String name,
      int input,
      Shape in,
      Geometry g,
      Integer residual,
      int activationBits) {
    var codes = new byte[Math.toIntExact(g.outChannels() * g.taps(in))];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) (random.nextInt(16) - 8);
    }
    int spread = input < 0 ? 9 : 5;
    var bias = new float[g.outChannels()];
    var scale = new float[g.outChannels()];
    for (int c = 0; c < bias.length; c++) {
      bias[c] = random.nextInt(20 << spread);
      scale[c] = (c % 4 == 3 ? -1f : 1f) / (1 << (spread + random.nextInt(2)));
    }
    layers.add(
        new Convolution(
            name,
            input,
            in,
            g,
            new WeightCodes(codes, 4, new float[] {1}),
            bias,
            scale,
            Optional.ofNullable(residual).map(source -> new Residual(source, 0.7f)),
            activationBits == 0
                ? Optional.empty()
                : Optional.of(new Activation(activationBits, 1))));
  }
}
