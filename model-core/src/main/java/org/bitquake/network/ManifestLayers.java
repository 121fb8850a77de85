package org.bitquake.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.Convolution.WeightCodes;
import org.bitquake.network.Manifest.ActivationNode;
import org.bitquake.network.Manifest.AddNode;
import org.bitquake.network.Manifest.AveragePoolNode;
import org.bitquake.network.Manifest.ConcatNode;
import org.bitquake.network.Manifest.ConvolutionNode;
import org.bitquake.network.Manifest.GlobalSumNode;
import org.bitquake.network.Manifest.MaxPoolNode;
import org.bitquake.network.Manifest.Node;
import org.bitquake.network.Manifest.Offsets;
import org.bitquake.network.Manifest.PadNode;
import org.bitquake.network.Manifest.WindowNode;

/** Makes the layers of a network from those of its manifest and the arrays beside it. */
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

  private final Shape image;
  private final Arrays arrays;
  private final List<Layer> layers = new ArrayList<>();

  private ManifestLayers(Shape image, Arrays arrays) {
    this.image = image;
    this.arrays = arrays;
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
        if (c.offsets() != null) {
          List<Integer> offsets = c.offsets() == Offsets.EACH ? channels : List.of(1);
          specs.add(new ArraySpec(c.name() + ".offset", Npy.INT16, offsets));
        }
      }
    }
    return specs;
  }

  /** Where a layer's arrays come from. */
  interface Arrays {
    byte[] codes(String name);

    float[] floats(String name);

    int[] shorts(String name);
  }

  static List<Layer> layers(Shape inputShape, List<Node> nodes, Arrays arrays) {
    var made = new ManifestLayers(inputShape, arrays);
    for (Node node : nodes) {
      made.layers.add(named(node.name(), () -> made.layer(node)));
    }
    return made.layers;
  }

  private Layer layer(Node node) {
    if (node instanceof ConvolutionNode c) {
      return convolution(c, shape(c.name(), c.input()));
    }
    if (node instanceof MaxPoolNode p) {
      Shape in = shape(p.name(), p.input());
      return p.window() == null
          ? new MaxPool(p.name(), p.input(), in, p.size(), p.stride())
          : new MaxPool(p.name(), p.input(), in, window(p.window()));
    }
    if (node instanceof AveragePoolNode p) {
      Shape in = shape(p.name(), p.input());
      var activation = activation(p.activation());
      return new AveragePool(
          p.name(), p.input(), in, window(p.window()), p.countPadding(), p.ratio(), activation);
    }
    if (node instanceof GlobalSumNode s) {
      return new GlobalSum(s.name(), s.input(), shape(s.name(), s.input()));
    }
    if (node instanceof AddNode a) {
      Shape in = shape(a.name(), a.input());
      var activation = activation(a.activation());
      return new Add(a.name(), a.input(), in, a.ratio(), a.second(), a.secondRatio(), activation);
    }
    if (node instanceof ConcatNode c) {
      List<Shape> shapes = c.inputs().stream().map(i -> shape(c.name(), i)).toList();
      return new Concat(c.name(), c.inputs(), shapes, c.ratios(), activation(c.activation()));
    }
    var p = (PadNode) node;
    Check.that(p.padding().size() == 4, "padding %s has not 4 sizes", p.padding());
    return new Pad(
        p.name(),
        p.input(),
        shape(p.name(), p.input()),
        p.padding().get(0),
        p.padding().get(1),
        p.padding().get(2),
        p.padding().get(3));
  }

  private Shape shape(String name, int input) {
    Check.layerInput(name, input);
    Check.that(
        input < layers.size(), "layer %s: its input %d is not an earlier layer", name, input);
    return input == QuantizedNetwork.INPUT ? image : layers.get(input).outputShape();
  }

  private static Window window(WindowNode w) {
    Check.that(
        w.kernel().size() == 2
            && w.strides().size() == 2
            && w.padding().size() == 4
            && w.dilation().size() == 2,
        "its window has kernel %s, strides %s, padding %s, dilation %s: 2, 2, 4 and 2 numbers are"
            + " needed",
        w.kernel(),
        w.strides(),
        w.padding(),
        w.dilation());
    return new Window(
        w.kernel().get(0),
        w.kernel().get(1),
        w.strides().get(0),
        w.strides().get(1),
        w.padding().get(0),
        w.padding().get(1),
        w.padding().get(2),
        w.padding().get(3),
        w.dilation().get(0),
        w.dilation().get(1));
  }

  static Activation activation(ActivationNode a) {
    var plain = new Activation(a.bits(), a.step());
    return new Activation(
        a.bits(),
        a.step(),
        Objects.requireNonNullElse(a.zero(), 0),
        Objects.requireNonNullElse(a.maxCode(), plain.maxCode()),
        Objects.requireNonNullElse(a.base(), 0));
  }

  private Convolution convolution(ConvolutionNode c, Shape input) {
    var k = c.kernel();
    Check.that(
        c.window() == null || c.window().kernel().equals(k.subList(2, 4)),
        "its window and its kernel %s differ",
        k);
    var window =
        c.window() == null
            ? Window.square(k.get(2), k.get(3), c.stride(), c.padding())
            : window(c.window());
    var geometry = new Geometry(k.get(0), window, c.groups());
    Check.that(
        (long) k.get(1) * c.groups() == input.channels(),
        "layer %s: kernel %s in %d groups does not fit %d input channels",
        c.name(),
        k,
        c.groups(),
        input.channels());
    var weights =
        new WeightCodes(
            arrays.codes(c.name() + ".codes"),
            c.weightBits(),
            arrays.floats(c.name() + ".step"),
            Objects.requireNonNullElse(c.weightGain(), 1),
            c.offsets() == null ? new int[1] : arrays.shorts(c.name() + ".offset"));
    return new Convolution(
        c.name(),
        c.input(),
        input,
        geometry,
        weights,
        arrays.floats(c.name() + ".bias"),
        arrays.floats(c.name() + ".scale"),
        Optional.ofNullable(c.residual()).map(r -> new Residual(r.source(), r.ratio())),
        Optional.ofNullable(c.activation()).map(ManifestLayers::activation));
  }

  private interface Maker {
    Layer make();
  }

  /** Adds the layer to messages of parts that do not know it. */
  private static Layer named(String layer, Maker maker) {
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
