package org.bitquake.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution.Activation;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.Convolution.WeightCodes;
import org.bitquake.network.Manifest.ActivationNode;
import org.bitquake.network.Manifest.ConvolutionNode;
import org.bitquake.network.Manifest.GlobalSumNode;
import org.bitquake.network.Manifest.MaxPoolNode;
import org.bitquake.network.Manifest.Node;
import org.bitquake.network.Manifest.ResidualNode;

/** Between the layers of a network and those of its manifest. */
final class ManifestLayers {
  /** An array that a layer needs: its name, dtype and shape. */
  record ArraySpec(String name, String dtype, List<Integer> shape) {
    long elements() {
      long n = 1;
      for (int d : shape) {
        Check.that(d >= 1, "array %s: shape %s", name, shape);
        n = Math.multiplyExact(n, (long) d);
      }
      return n;
    }
  }

  private ManifestLayers() {}

  static Node node(Layer layer) {
    if (layer instanceof MaxPool p) {
      return new MaxPoolNode(p.name(), p.input(), p.size(), p.stride());
    }
    if (layer instanceof GlobalSum) {
      return new GlobalSumNode(layer.name(), layer.input());
    }
    var c = (Convolution) layer;
    var g = c.geometry();
    int channels = c.inputShape().channels() / g.groups();
    return new ConvolutionNode(
        c.name(),
        c.input(),
        List.of(g.outChannels(), channels, g.kernelHeight(), g.kernelWidth()),
        g.stride(),
        g.padding(),
        g.groups(),
        c.weights().bits(),
        c.weights().step().length > 1,
        c.residual().map(r -> new ResidualNode(r.source(), r.ratio())).orElse(null),
        c.activation().map(a -> new ActivationNode(a.bits(), a.step())).orElse(null));
  }

  /** The arrays of the layers, in the order of the file. */
  static List<ArraySpec> arrays(List<Node> nodes) {
    List<ArraySpec> specs = new ArrayList<>();
    for (Node node : nodes) {
      if (node instanceof ConvolutionNode c) {
        Check.layerName(c.name());
        Check.that(
            c.kernel().size() == 4, "layer %s: kernel %s has not 4 sizes", c.name(), c.kernel());
        List<Integer> channels = List.of(c.kernel().get(0));
        specs.add(new ArraySpec(c.name() + ".codes", Npy.INT8, c.kernel()));
        List<Integer> steps = c.stepPerChannel() ? channels : List.of(1);
        specs.add(new ArraySpec(c.name() + ".step", Npy.FLOAT32, steps));
        specs.add(new ArraySpec(c.name() + ".bias", Npy.FLOAT32, channels));
        specs.add(new ArraySpec(c.name() + ".scale", Npy.FLOAT32, channels));
      }
    }
    return specs;
  }

  /** Where a layer's arrays come from. */
  interface Arrays {
    byte[] codes(String name);

    float[] floats(String name);
  }

  static List<Layer> layers(Shape inputShape, List<Node> nodes, Arrays arrays) {
    List<Layer> layers = new ArrayList<>();
    for (Node node : nodes) {
      layers.add(layer(inputShape, layers, node, arrays));
    }
    return layers;
  }

  private static Layer layer(Shape image, List<Layer> before, Node node, Arrays arrays) {
    if (node instanceof MaxPoolNode p) {
      return new MaxPool(
          p.name(), p.input(), shape(image, before, p.name(), p.input()), p.size(), p.stride());
    }
    if (node instanceof GlobalSumNode s) {
      return new GlobalSum(s.name(), s.input(), shape(image, before, s.name(), s.input()));
    }
    var c = (ConvolutionNode) node;
    Shape input = shape(image, before, c.name(), c.input());
    return named(c.name(), () -> convolution(c, input, arrays));
  }

  private static Shape shape(Shape image, List<Layer> before, String name, int input) {
    Check.layerInput(name, input);
    Check.that(
        input < before.size(), "layer %s: its input %d is not an earlier layer", name, input);
    return input == QuantizedNetwork.INPUT ? image : before.get(input).outputShape();
  }

  private static Convolution convolution(ConvolutionNode c, Shape input, Arrays arrays) {
    var k = c.kernel();
    var geometry = new Geometry(k.get(0), k.get(2), k.get(3), c.stride(), c.padding(), c.groups());
    Check.that(
        (long) k.get(1) * c.groups() == input.channels(),
        "layer %s: kernel %s in %d groups does not fit %d input channels",
        c.name(),
        k,
        c.groups(),
        input.channels());
    var weights =
        new WeightCodes(
            arrays.codes(c.name() + ".codes"), c.weightBits(), arrays.floats(c.name() + ".step"));
    return new Convolution(
        c.name(),
        c.input(),
        input,
        geometry,
        weights,
        arrays.floats(c.name() + ".bias"),
        arrays.floats(c.name() + ".scale"),
        Optional.ofNullable(c.residual()).map(r -> new Residual(r.source(), r.ratio())),
        Optional.ofNullable(c.activation()).map(a -> new Activation(a.bits(), a.step())));
  }

  private interface Maker {
    Convolution make();
  }

  /** Adds the layer to messages of parts that do not know it. */
  private static Convolution named(String layer, Maker maker) {
    try {
      return maker.make();
    } catch (IllegalArgumentException e) {
      String message = e.getMessage();
      throw message.startsWith("layer ")
          ? e
          : new IllegalArgumentException("layer " + layer + ": " + message, e);
    }
  }
}
