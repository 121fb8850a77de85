package org.bitquake.onnx;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bitquake.data.Shape;
import org.bitquake.network.Activation;
import org.bitquake.network.Affine;
import org.bitquake.network.Convolution;
import org.bitquake.network.GlobalSum;
import org.bitquake.network.Layer;
import org.bitquake.network.MaxPool;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.Residual;
import org.bitquake.onnx.Value.Codes;
import org.bitquake.onnx.Value.Pool;
import org.bitquake.onnx.Value.Quantizer;
import org.bitquake.onnx.Value.Sums;

/** The layers of the integer graph so far, and how a layer is made of what ONNX spreads out. */
final class LayerList {
  private static final int MAX_NAME = 60;
  private static final int MAX_LAYERS = 4096;

  private final List<Layer> layers = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private Optional<Double> imageStep = Optional.empty();

  List<Layer> layers() {
    return layers;
  }

  /** Real value of a pixel's code, as the layers that read the image have it. */
  float imageStep() {
    Require.that(imageStep.isPresent(), "no layer reads the image");
    return (float) imageStep.orElseThrow().doubleValue();
  }

  /** The codes as a layer's operand: the image must have one step for all readers. */
  private Codes read(Codes codes) {
    if (codes.position() == QuantizedNetwork.INPUT) {
      double known = imageStep.orElse(codes.step());
      Require.that(
          known == codes.step(), "the image is read with steps %s and %s", known, codes.step());
      imageStep = Optional.of(codes.step());
    }
    return codes;
  }

  /** A name that layers may have, after a node's: {@code /layer1/conv/Conv} is layer1.conv. */
  String name(Node node) {
    Require.that(names.size() < MAX_LAYERS, "the network has more than %d layers", MAX_LAYERS);
    String given = node.proto().getName();
    String base = given.isEmpty() ? node.op() : given.replaceFirst("/" + node.op() + "$", "");
    base = base.replaceAll("[^A-Za-z0-9_.-]", ".").replaceFirst("^[^A-Za-z0-9]+", "");
    base = base.isEmpty() ? node.op() : base;
    base = base.substring(Math.max(0, base.length() - MAX_NAME));
    base = base.replaceFirst("^[^A-Za-z0-9]+", "");
    base = base.isEmpty() ? "layer" : base;
    String name = base;
    for (int i = 2; !names.add(name); i++) {
      name = base + "_" + i;
    }
    return name;
  }

  Codes pool(Codes in, Pool pool) {
    var layer =
        new MaxPool(pool.name(), read(in).position(), in.shape(), pool.size(), pool.stride());
    layers.add(layer);
    return in.at(layers.size() - 1, layer.outputShape());
  }

  /** The sum over all positions, whose real value is the average. */
  Codes average(Codes in, String name, boolean flat) {
    Require.that(
        in.offset() == 0, "it averages codes with a zero point; only additions read those");
    var layer = new GlobalSum(name, read(in).position(), in.shape());
    layers.add(layer);
    int area = in.shape().height() * in.shape().width();
    int max = Math.multiplyExact(in.max(), area);
    return new Codes(layers.size() - 1, layer.outputShape(), in.step() / area, 0, max, flat);
  }

  /** The layer whose sums these are, quantised so, and the poolings that followed. */
  Codes quantize(Sums sums, Quantizer q) {
    int low = q.low() - q.zero();
    int high = q.high() - q.zero();
    low = sums.rectified() ? Math.max(low, 0) : low;
    Require.that(
        low <= 0 && high > 0, "its codes %d…%d around the zero point are not supported", low, high);
    int max = high - low;
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(max);
    Require.that(
        bits <= 8 && max == (1 << bits) - 1,
        "its codes range over %d…%d; activations need 2^b values, b up to 8 bits (0…15 for 4)",
        q.low(),
        q.high());
    Require.that(
        sums.cap() == Float.POSITIVE_INFINITY || Math.rint(sums.cap() / q.step()) >= high,
        "the activation before it clips at %s, below its largest code, %s",
        sums.cap(),
        q.step() * high);
    Affine affine = low == 0 ? sums.affine() : sums.affine().plus(-low * (double) q.step());
    Optional<Residual> residual = sums.addend().map(a -> residual(a, q.step()));
    var addend = sums.addend();
    if (addend.isPresent() && addend.get().offset() != 0) {
      affine = affine.plus(-addend.get().offset() * addend.get().step());
    }
    add(sums, affine.fold(q.step()), residual, Optional.of(new Activation(bits, q.step())));
    Shape shape = layers.get(layers.size() - 1).outputShape();
    var codes = new Codes(layers.size() - 1, shape, q.step(), -low, max, sums.flat());
    for (Pool pool : sums.pools()) {
      codes = pool(codes, pool);
    }
    return codes;
  }

  /** The last layer, whose sums are the logits. */
  void logits(Sums sums) {
    Require.that(sums.isOpen(), "the graph's output follows an activation or addition, not logits");
    add(sums, sums.affine().fold(1), Optional.empty(), Optional.empty());
  }

  private Residual residual(Codes addend, float step) {
    return new Residual(read(addend).position(), (float) (addend.step() / step));
  }

  private void add(
      Sums sums, Affine.Folded folded, Optional<Residual> residual, Optional<Activation> output) {
    var stem = sums.stem();
    layers.add(
        new Convolution(
            stem.name(),
            read(stem.input()).position(),
            stem.input().shape(),
            stem.geometry(),
            stem.weights(),
            folded.bias(),
            folded.scale(),
            residual,
            output));
  }
}
