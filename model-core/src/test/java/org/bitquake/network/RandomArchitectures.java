package org.bitquake.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.ResNet18.Slot;

/** Well-known architectures for 3×32×32 images with random 4-bit parameters, of any width. */
public final class RandomArchitectures {
  private static final Shape IMAGE = new Shape(3, 32, 32);
  private static final int CLASSES = 10;

  private final List<Layer> layers = new ArrayList<>();
  private final RandomParameters parameters;

  private RandomArchitectures(long seed) {
    this.parameters = new RandomParameters(seed);
  }

  /**
   * VGG-11 for CIFAR (Simonyan and Zisserman, arXiv 1409.1556, configuration A with one classifier
   * layer).
   *
   * @param width channels of the first convolution, 64 in the paper
   */
  public static QuantizedNetwork vgg11(int width, long seed) {
    var net = new RandomArchitectures(seed);
    int[] multiples = {1, 0, 2, 0, 4, 4, 0, 8, 8, 0, 8, 8, 0}; // 0 pools
    for (int multiple : multiples) {
      String name = (multiple == 0 ? "pool" : "conv") + net.layers.size();
      if (multiple == 0) {
        net.layers.add(new MaxPool(name, net.last(), net.shape(), 2, 2));
      } else {
        net.add(name, new Geometry(multiple * width, 3, 3, 1, 1, 1));
      }
    }
    return net.classify("vgg11-random", "classifier");
  }

  /**
   * MobileNet (arXiv 1704.04861) for CIFAR: a stem, then pairs of a depthwise 3×3 and a pointwise
   * 1×1 convolution, then the average.
   *
   * @param width channels of the stem, 32 in the paper
   */
  public static QuantizedNetwork mobileNet(int width, long seed) {
    var net = new RandomArchitectures(seed);
    net.add("stem", new Geometry(width, 3, 3, 1, 1, 1));
    int[][] pairs = {{2, 1}, {4, 2}, {4, 1}, {8, 2}, {8, 1}, {16, 2}}; // {width, stride}
    for (int p = 0; p < pairs.length; p++) {
      int channels = net.shape().channels();
      net.add("pair" + p + ".depthwise", new Geometry(channels, 3, 3, pairs[p][1], 1, channels));
      net.add("pair" + p + ".pointwise", new Geometry(pairs[p][0] * width, 1, 1, 1, 0, 1));
    }
    net.layers.add(new GlobalSum("pool", net.last(), net.shape()));
    return net.classify("mobilenet-random", "fc"); // of which RandomParameters knows that it sums
  }

  private QuantizedNetwork classify(String name, String layer) {
    add(layer, new Geometry(CLASSES, 1, 1, 1, 0, 1));
    var c = (Convolution) layers.remove(layers.size() - 1);
    layers.add(
        new Convolution(
            c.name(),
            c.input(),
            c.inputShape(),
            c.geometry(),
            c.weights(),
            c.bias(),
            c.scale(),
            Optional.empty(),
            Optional.empty()));
    return new QuantizedNetwork(name, IMAGE, 1 / 255f, layers, Map.of());
  }

  private int last() {
    return layers.size() - 1;
  }

  private Shape shape() {
    return layers.isEmpty() ? IMAGE : layers.get(last()).outputShape();
  }

  private void add(String name, Geometry g) {
    var p = parameters.parameters(new Slot(name, last(), shape(), g, OptionalInt.empty()));
    layers.add(
        new Convolution(
            name,
            last(),
            shape(),
            g,
            p.weights(),
            p.bias(),
            p.scale(),
            Optional.empty(),
            p.activation()));
  }
}
