package org.bitquake.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.data.Datasets;
import org.bitquake.data.Shape;
import org.bitquake.network.Activation;
import org.bitquake.network.Convolution;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.Convolution.WeightCodes;
import org.bitquake.network.GlobalSum;
import org.bitquake.network.Layer;
import org.bitquake.network.MaxPool;
import org.bitquake.network.QnnFile;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.ResNet18;
import org.bitquake.tflite.TfLiteFile;

/**
 * A network and the images it is measured on.
 *
 * @param pixels {@code [images, C, H, W]}
 * @param batches images of a trial, ascending
 * @param trials whether fault trials are measured, or predictions only
 * @param model what TensorFlow Lite runs beside the engines, a {@code .tflite} file
 */
record Workload(
    String title,
    QuantizedNetwork network,
    byte[] pixels,
    List<Integer> batches,
    boolean trials,
    Optional<byte[]> model) {
  static final String LENET5 = "LeNet-5";
  static final String CONVOLUTIONS = "3×3 convolutions";
  static final String RESNET18 = "ResNet-18";
  static final String WIDER = "8-bit ResNet-8";
  static final int WIDTH = 64;
  static final int WIDER_WIDTH = 16;
  private static final long SEED = 1;

  /** The trained network at {@code home/conf/networks} on the test images it was trained for. */
  static Workload lenet5(Path home) throws IOException {
    var hadoop = new Configuration();
    var file = home.resolve("conf/networks/lenet5-standard.qnn.npz");
    var network = QnnFile.read(new org.apache.hadoop.fs.Path(file.toUri()), hadoop);
    var images = Datasets.load("fashion-mnist", "test", Optional.empty(), hadoop);
    return new Workload(
        LENET5, network, images.pixels(), List.of(30, 250, images.size()), true, Optional.empty());
  }

  /** Weights and images drawn. */
  static Workload resnet18(int width) {
    var network = ResNet18.random(width, SEED);
    return drawn(RESNET18, network, List.of(30, 250), true);
  }

  /** What plain networks have not: 8-bit weights, zero points, sums and averages of their own. */
  static Workload wider(int width) {
    return drawn(WIDER, WiderNetwork.of(width, SEED), List.of(30, 250), true);
  }

  /**
   * A model beside TensorFlow Lite.
   *
   * @throws org.bitquake.InputException if it cannot be imported
   */
  static Workload tflite(Path file) throws IOException {
    byte[] model = Files.readAllBytes(file);
    String name = file.getFileName().toString();
    var network = TfLiteFile.read(model, file.toString(), name);
    return new Workload(
        name, network, noise(250, network), List.of(30, 250), false, Optional.of(model));
  }

  private static Workload drawn(
      String title, QuantizedNetwork network, List<Integer> batches, boolean trials) {
    byte[] pixels = noise(batches.get(batches.size() - 1), network);
    return new Workload(title, network, pixels, batches, trials, Optional.empty());
  }

  /** What engines are best at: four 3×3 convolutions; at 256 channels 604 M products an image. */
  static Workload convolutions(int channels) {
    var network = stack(channels, 16, 4);
    return drawn(CONVOLUTIONS, network, List.of(4, 64), false);
  }

  private static QuantizedNetwork stack(int channels, int side, int depth) {
    var random = new SplittableRandom(SEED);
    var image = new Shape(4, side, side);
    var tensor = new Shape(channels, side, side);
    List<Layer> layers = new ArrayList<>();
    var first = new Geometry(channels, 1, 1, 1, 0, 1);
    layers.add(layer(random, "first", QuantizedNetwork.INPUT, image, first, 60));
    var square = new Geometry(channels, 3, 3, 1, 1, 1);
    for (int i = 1; i <= depth; i++) {
      layers.add(layer(random, "conv" + i, i - 1, tensor, square, 0.1));
    }
    // A sum over more than 4×4 positions would not fit 16 bits in the layer behind it.
    var pool = new MaxPool("maximum", depth, tensor, side / 4, side / 4);
    layers.add(pool);
    layers.add(new GlobalSum("pool", depth + 1, pool.outputShape()));
    var logits = new Geometry(10, 1, 1, 1, 0, 1);
    layers.add(layer(random, "fc", depth + 2, new Shape(channels, 1, 1), logits, 0));
    return new QuantizedNetwork("convolutions", image, 1 / 255f, layers, Map.of());
  }

  /**
   * Weights of 4 bits, evenly drawn.
   *
   * @param perCode what the layer's sums are divided by, over the root of the taps; 0 for logits
   */
  private static Convolution layer(
      SplittableRandom random, String name, int input, Shape in, Geometry g, double perCode) {
    int taps = (int) g.taps(in);
    byte[] codes = new byte[g.outChannels() * taps];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) (random.nextInt(15) - 7);
    }
    float[] scale = new float[g.outChannels()];
    Arrays.fill(scale, perCode == 0 ? 1 : (float) (1 / (perCode * Math.sqrt(taps))));
    return new Convolution(
        name,
        input,
        in,
        g,
        new WeightCodes(codes, 4, new float[] {0.03f}),
        new float[g.outChannels()],
        scale,
        Optional.empty(),
        perCode == 0 ? Optional.empty() : Optional.of(new Activation(4, 0.1f)));
  }

  private static byte[] noise(int images, QuantizedNetwork network) {
    byte[] pixels = new byte[images * network.inputShape().size()];
    new SplittableRandom(SEED).nextBytes(pixels);
    return pixels;
  }
}
