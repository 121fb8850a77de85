package org.bitquake.onnx;

import java.util.Arrays;
import org.bitquake.data.Shape;
import org.bitquake.onnx.Value.Floats;
import org.bitquake.onnx.Value.Form;
import org.bitquake.onnx.Value.Levels;
import org.bitquake.onnx.Value.Pixels;
import org.bitquake.onnx.Value.Sums;
import org.bitquake.onnx.Value.Tensor;

/** Nodes that only change how a tensor lies in ONNX. */
final class ShapeNodes {
  private final QuantizerNodes quantizers;

  ShapeNodes(QuantizerNodes quantizers) {
    this.quantizers = quantizers;
  }

  /** What is reshaped: integers become those of a layer first, so that it is made once. */
  private Tensor operand(Node node) {
    Tensor in = node.tensor(0);
    if (in instanceof Sums || in instanceof Floats) {
      node.requireOnlyReader(0);
    }
    return in instanceof Levels levels
        ? quantizers.levels(quantizers.codes(levels), levels.maker())
        : in;
  }

  /** Nodes that change nothing. */
  Value same(Node node) {
    Value in = node.input(0);
    if (in instanceof Sums || in instanceof Floats || in instanceof Levels) {
      node.requireOnlyReader(0);
    }
    return in;
  }

  /** Dropout, which does nothing at inference. */
  Value dropout(Node node) {
    node.allow("ratio", "seed", "is_test");
    return same(node);
  }

  Value flatten(Node node) {
    node.allow("axis");
    Tensor in = operand(node);
    int axis = node.integer("axis", 1);
    int rank = in.form().flat() ? 2 : 4;
    Require.that(
        axis == 1 || axis == 1 - rank, "axis is %d; only 1 is supported, all but the batch", axis);
    return in.in(in.form().flattened());
  }

  /** Reshape between {@code [N, C, H, W]} and {@code [N, C·H·W]}. */
  Value reshape(Node node) {
    node.allow("allowzero").must("allowzero", 0);
    Tensor in = operand(node);
    int[] to = node.constant(1, "shape").integers("its shape");
    int[] sizes = sizes(in, to);
    if (sizes.length == 1 && sizes[0] == in.shape().size()) {
      return in.in(in.form().flattened());
    }
    if (sizes.length == 3) {
      for (Form form : new Form[] {Form.MAP, Form.LAST}) {
        boolean alike = form.flattened() == in.form().flattened();
        if (alike && Arrays.equals(sizes, dims(in.shape(), form))) {
          return in.in(form);
        }
      }
      if (in instanceof Pixels p && p.along() == 0 && (long) sizes[0] * sizes[1] * sizes[2] > 0) {
        var shape = new Shape(sizes[0], sizes[1], sizes[2]);
        if (shape.size() == p.shape().size()) {
          return new Pixels(shape, Form.MAP, p.integer(), p.low(), p.reals(), 0, p.given());
        }
      }
    }
    throw Require.no(
        "it reshapes %s to %s; only flattening all but the batch, and back, is supported",
        in.shape(), Arrays.toString(to));
  }

  private static int[] dims(Shape s, Form form) {
    return form == Form.LAST
        ? new int[] {s.height(), s.width(), s.channels()}
        : new int[] {s.channels(), s.height(), s.width()};
  }

  /** A shape without the batch; one that is −1 is what is left, 0 what it was. */
  private static int[] sizes(Tensor in, int[] to) {
    boolean sound =
        to.length > 1
            && to.length <= 4
            && Arrays.stream(to).allMatch(d -> d >= -1)
            && Arrays.stream(to).filter(d -> d == -1).count() <= 1;
    if (!sound) {
      return new int[0];
    }
    int[] was = in.form().flat() ? new int[] {in.shape().size()} : dims(in.shape(), in.form());
    int[] sizes = Arrays.copyOfRange(to, 1, to.length);
    long product = 1;
    int open = -1;
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = sizes[i] == 0 && i < was.length ? was[i] : sizes[i];
      open = sizes[i] == -1 ? i : open;
      product = sizes[i] == -1 ? product : Math.multiplyExact(product, (long) sizes[i]);
    }
    if (open >= 0 && product > 0 && in.shape().size() % product == 0) {
      sizes[open] = (int) (in.shape().size() / product);
    }
    return sizes;
  }

  /** Squeeze of height and width of one, and Unsqueeze back. */
  Value squeeze(Node node, boolean un) {
    node.allow("axes");
    Tensor in = operand(node);
    int[] axes =
        node.has(1) ? node.constant(1, "axes").integers("its axes") : node.integers("axes");
    int[] positive =
        Arrays.stream(axes == null ? new int[] {2, 3} : axes)
            .map(a -> a < 0 ? a + 4 : a)
            .sorted()
            .toArray();
    Shape s = in.shape();
    int[] expected = in.form() == Form.LAST ? new int[] {1, 2} : new int[] {2, 3};
    Require.that(
        s.height() * s.width() == 1 && in.form().flat() == un && Arrays.equals(positive, expected),
        "it changes the axes %s of a tensor %s; height and width of 1 are supported",
        Arrays.toString(axes),
        s);
    return in.in(un ? Form.MAP : Form.VECTOR);
  }

  /** Transpose of weights, of the image, and of maps from and to channels last. */
  Value transpose(Node node) {
    node.allow("perm");
    int[] perm = node.integers("perm");
    if (node.input(0) instanceof Weights weights) {
      return perm == null ? weights.transposed() : weights.transposed(perm);
    }
    Tensor in = operand(node);
    if (in instanceof Pixels pixels) {
      return PixelNodes.transposed(pixels, perm);
    }
    boolean toLast = Arrays.equals(perm, new int[] {0, 2, 3, 1}) && in.form() == Form.MAP;
    boolean toFirst = Arrays.equals(perm, new int[] {0, 3, 1, 2}) && in.form() == Form.LAST;
    Require.that(
        toLast || toFirst,
        "it orders the dimensions of %s %s; only channels first to last, and back, are supported",
        in.describe(),
        Arrays.toString(perm));
    return in.in(toLast ? Form.LAST : Form.MAP);
  }

  /** The shape of a tensor; the batch, which is open, is 0, as Reshape copies it. */
  static Constant shape(Node node) {
    node.allow("start", "end");
    Tensor in = node.tensor(0);
    int[] rest = in.form().flat() ? new int[] {in.shape().size()} : dims(in.shape(), in.form());
    int[] all = new int[rest.length + 1];
    System.arraycopy(rest, 0, all, 1, rest.length);
    int start = bound(node.integer("start", 0), all.length);
    int end = bound(node.integer("end", all.length), all.length);
    int[] part = Arrays.copyOfRange(all, start, Math.max(start, end));
    return Constant.of(part, Integer.MIN_VALUE, Integer.MAX_VALUE, part.length);
  }

  private static int bound(int index, int length) {
    return Math.max(0, Math.min(length, index < 0 ? index + length : index));
  }
}
