package org.bitquake.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.bitquake.data.Shape;
import org.bitquake.network.Activation;
import org.bitquake.network.Add;
import org.bitquake.network.Affine;
import org.bitquake.network.AveragePool;
import org.bitquake.network.Concat;
import org.bitquake.network.Convolution;
import org.bitquake.network.GlobalSum;
import org.bitquake.network.Input;
import org.bitquake.network.Layer;
import org.bitquake.network.MaxPool;
import org.bitquake.network.Pad;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.Residual;
import org.bitquake.onnx.Value.Codes;
import org.bitquake.onnx.Value.Floats;
import org.bitquake.onnx.Value.Form;
import org.bitquake.onnx.Value.Pool;
import org.bitquake.onnx.Value.Quantizer;
import org.bitquake.onnx.Value.Source;
import org.bitquake.onnx.Value.Source.Added;
import org.bitquake.onnx.Value.Source.Averaged;
import org.bitquake.onnx.Value.Source.Joined;
import org.bitquake.onnx.Value.Source.Same;
import org.bitquake.onnx.Value.Sums;

/** The layers of the integer graph so far, and how a layer is made of what ONNX spreads out. */
final class LayerList {
  private static final int MAX_NAME = 60;
  private static final int MAX_LAYERS = 4096;

  private final List<Layer> layers = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final IdentityHashMap<Floats, Codes> unquantised = new IdentityHashMap<>();
  private Optional<Input> input = Optional.empty();

  List<Layer> layers() {
    return layers;
  }

  /** What layers read the image as. */
  Input input() {
    return input.orElseThrow(() -> Require.no("no layer reads the image"));
  }

  /** The image as codes, which must be the same wherever it is read. */
  Codes input(Input read, Form form) {
    Require.that(
        input.filter(known -> !same(known, read)).isEmpty(),
        "the image is read with step %s and zero point %s here, and otherwise before; quantise it"
            + " once",
        read.codes().step(),
        read.codes().zero());
    input = Optional.of(read);
    Activation a = read.codes();
    return new Codes(
        QuantizedNetwork.INPUT, read.shape(), a.step(), a.zero(), a.maxCode(), a.base(), form);
  }

  private static boolean same(Input a, Input b) {
    return a.shape().equals(b.shape())
        && a.codes().equals(b.codes())
        && Arrays.deepEquals(a.tables(), b.tables());
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

  private Codes pooled(Codes codes, List<Pool> pools) {
    Codes result = codes;
    for (Pool pool : pools) {
      result = pool(result, pool);
    }
    return result;
  }

  Codes pool(Codes in, Pool pool) {
    return copied(in, new MaxPool(pool.name(), in.position(), in.shape(), pool.window()));
  }

  /**
   * @param sides above, left, below, right
   */
  Codes pad(Codes in, String name, int[] sides) {
    return copied(
        in, new Pad(name, in.position(), in.shape(), sides[0], sides[1], sides[2], sides[3]));
  }

  private Codes copied(Codes in, Layer layer) {
    layers.add(layer);
    return in.at(layers.size() - 1, layer.outputShape());
  }

  /** The sum over all positions, whose real value is the average. */
  Codes average(Codes in, String name, Form form) {
    var layer = new GlobalSum(name, in.position(), in.shape());
    layers.add(layer);
    int area = in.shape().height() * in.shape().width();
    return new Codes(
        layers.size() - 1,
        layer.outputShape(),
        in.step() / area,
        Math.multiplyExact(in.zero(), area),
        Math.multiplyExact(in.max(), area),
        0,
        form);
  }

  /** The layer whose sums these are, quantised so, and the poolings that followed. */
  Codes quantize(Sums sums, Quantizer q) {
    Activation codes = activation(q, sums.low(), sums.high());
    Optional<Residual> residual =
        sums.addend().map(a -> new Residual(a.position(), (float) (a.step() / q.step())));
    add(sums, sums.affine().fold(q.step()), residual, Optional.of(codes));
    return pooled(written(codes, q, sums.form()), sums.pools());
  }

  /** The layer that these floats make with this quantiser. */
  Codes quantize(Floats floats, Quantizer q) {
    Activation codes = activation(q, floats.low(), floats.high());
    if (floats.source() instanceof Same same) {
      Codes clipped = requantize(same.codes(), codes, q, same::name);
      return pooled(clipped, floats.pools()).in(floats.form());
    }
    layers.add(layer(floats.source(), codes));
    return pooled(written(codes, q, floats.form()), floats.pools());
  }

  private static Layer layer(Source source, Activation out) {
    if (source instanceof Added a) {
      float second = ratio(a.second(), out);
      return new Add(
          a.name(),
          a.first().position(),
          a.first().shape(),
          ratio(a.first(), out),
          a.second().position(),
          a.minus() ? -second : second,
          out);
    }
    if (source instanceof Averaged a) {
      return new AveragePool(
          a.name(),
          a.codes().position(),
          a.codes().shape(),
          a.window(),
          a.countPadding(),
          ratio(a.codes(), out),
          out);
    }
    var joined = (Joined) source;
    return concat(joined.name(), joined.parts(), out);
  }

  private static Concat concat(String name, List<Codes> parts, Activation out) {
    return new Concat(
        name,
        parts.stream().map(Codes::position).toList(),
        parts.stream().map(Codes::shape).toList(),
        parts.stream().map(p -> ratio(p, out)).toList(),
        out);
  }

  private static float ratio(Codes codes, Activation out) {
    return (float) (codes.step() / out.step());
  }

  /** Codes quantised again: the same, if all of them have their place there; else a layer. */
  Codes requantize(Codes in, Quantizer q, Node maker) {
    var all = activation(q, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    return requantize(in, all, q, () -> name(maker));
  }

  private Codes requantize(Codes in, Activation out, Quantizer q, Supplier<String> name) {
    if (in.step() == out.step()
        && out.zero() >= in.zero()
        && out.maxCode() - out.zero() >= in.max() - in.zero()) {
      return in.withZero(q.zero());
    }
    layers.add(concat(name.get(), List.of(in), out));
    return written(out, q, in.form());
  }

  /** Codes of floats that need no quantiser: clipped or joined codes of one step. */
  Codes codes(Floats floats) {
    return unquantised.computeIfAbsent(floats, this::unquantised);
  }

  private Codes unquantised(Floats floats) {
    List<Codes> parts =
        floats.source() instanceof Same same
            ? List.of(same.codes())
            : floats.source() instanceof Joined joined ? joined.parts() : List.of();
    Require.that(
        !parts.isEmpty() && parts.stream().allMatch(p -> p.step() == parts.get(0).step()),
        "it reads %s; it needs quantised activations (QuantizeLinear, DequantizeLinear) there",
        floats.describe());
    int low = parts.stream().mapToInt(p -> -p.zero()).min().orElseThrow();
    int high = parts.stream().mapToInt(p -> p.max() - p.zero()).max().orElseThrow();
    return quantize(floats, new Quantizer((float) parts.get(0).step(), 0, low, high));
  }

  /**
   * What a quantiser writes of clipped numbers: rounding keeps order, so the limits are codes.
   * Codes {@code 0 … 2^b − 1} whose 0 is 0 stay plain, whatever they are called in ONNX.
   */
  private static Activation activation(Quantizer q, double low, double high) {
    int least = limit(q, low);
    int most = limit(q, high);
    Require.that(
        q.zero() >= least && q.zero() <= most,
        "its codes are limited to %d…%d, which leaves out their zero point %d",
        least,
        most,
        q.zero());
    var codes = Activation.of(q.step(), least, most, q.zero());
    var plain = new Activation(codes.bits(), q.step());
    boolean isPlain = codes.zero() == 0 && codes.maxCode() == plain.maxCode();
    return isPlain ? plain : codes;
  }

  private static int limit(Quantizer q, double real) {
    double code = Math.rint((float) real / q.step()) + q.zero();
    return (int) Math.max(q.low(), Math.min(q.high(), code));
  }

  private Codes written(Activation a, Quantizer q, Form form) {
    int position = layers.size() - 1;
    Shape shape = layers.get(position).outputShape();
    return new Codes(position, shape, a.step(), a.zero(), a.maxCode(), 0, form).withZero(q.zero());
  }

  /** The last layer, whose sums are the logits. */
  void logits(Sums sums) {
    Require.that(sums.isOpen(), "the graph's output follows an activation or addition, not logits");
    add(sums, sums.affine().fold(1), Optional.empty(), Optional.empty());
  }

  private void add(
      Sums sums, Affine.Folded folded, Optional<Residual> residual, Optional<Activation> output) {
    var stem = sums.stem();
    layers.add(
        new Convolution(
            stem.name(),
            stem.input().position(),
            stem.input().shape(),
            stem.geometry(),
            stem.weights(),
            folded.bias(),
            folded.scale(),
            residual,
            output));
  }
}
