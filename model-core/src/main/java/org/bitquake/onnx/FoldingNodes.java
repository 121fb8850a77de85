package org.bitquake.onnx;

import java.util.Arrays;
import java.util.stream.IntStream;
import onnx.Onnx.AttributeProto.AttributeType;

/** Arithmetic of constants, as exporters spell out shapes, zero points and deviations with it. */
final class FoldingNodes {
  private static final int MAX_COUNT = 1 << 20;
  private static final int MAX_RANK = 8;

  private FoldingNodes() {}

  static Constant fold(Node node) {
    Constant first = node.constant(0, "input");
    return switch (node.op()) {
      case "Shape" -> integers(first.dims(), first.dims().length);
      case "Gather" -> gather(node, first);
      case "Slice" -> slice(node, first);
      case "Unsqueeze" -> first.reshaped(unsqueezed(node, first));
      case "Squeeze" -> first.reshaped(squeezed(node, first));
      case "Flatten" -> first.reshaped(flattened(node, first));
      case "Reshape" -> first.reshaped(reshaped(first, node.constant(1, "shape")));
      case "Concat" -> concat(node);
      case "Transpose" -> transpose(node, first);
      case "Cast" -> cast(first, node.integer("to", 0));
      case "ConstantOfShape" -> constantOfShape(node, first);
      case "Identity", "Dropout" -> first;
      case "Add", "Sub", "Mul", "Div", "Pow" -> arithmetic(node, first);
      case "Sqrt", "Neg", "Reciprocal" -> unary(node.op(), first);
      default -> throw Require.no("it is not supported for constants");
    };
  }

  private static Constant integers(int[] values, int... dims) {
    return Constant.of(values.clone(), Integer.MIN_VALUE, Integer.MAX_VALUE, dims);
  }

  private static int[] axes(Node node) {
    int[] axes =
        node.has(1) ? node.constant(1, "axes").integers("its axes") : node.integers("axes");
    Require.that(axes == null || axes.length <= MAX_RANK, "it has more than %d axes", MAX_RANK);
    return axes == null ? new int[0] : axes;
  }

  private static int[] unsqueezed(Node node, Constant c) {
    int rank = c.dims().length + axes(node).length;
    int[] added = Arrays.stream(axes(node)).map(a -> a < 0 ? a + rank : a).distinct().toArray();
    int[] dims = new int[rank];
    int from = 0;
    for (int i = 0; i < rank; i++) {
      int d = i;
      boolean isNew = Arrays.stream(added).anyMatch(a -> a == d);
      Require.that(isNew || from < c.dims().length, "its axes %s do not fit", added.length);
      dims[i] = isNew ? 1 : c.dims()[from++];
    }
    return dims;
  }

  private static int[] squeezed(Node node, Constant c) {
    int rank = c.dims().length;
    int[] axes = Arrays.stream(axes(node)).map(a -> a < 0 ? a + rank : a).toArray();
    return IntStream.range(0, rank)
        .filter(
            d -> axes.length == 0 ? c.dims()[d] != 1 : Arrays.stream(axes).noneMatch(a -> a == d))
        .map(d -> c.dims()[d])
        .toArray();
  }

  private static int[] flattened(Node node, Constant c) {
    int axis = Math.floorMod(node.integer("axis", 1), Math.max(1, c.dims().length));
    int rows = Arrays.stream(c.dims(), 0, axis).reduce(1, Math::multiplyExact);
    return new int[] {rows, rows == 0 ? 0 : c.length() / rows};
  }

  private static int[] reshaped(Constant c, Constant shape) {
    int[] to = shape.integers("its shape").clone();
    int product = 1;
    int open = -1;
    for (int i = 0; i < to.length; i++) {
      to[i] = to[i] == 0 && i < c.dims().length ? c.dims()[i] : to[i];
      open = to[i] == -1 ? i : open;
      product = to[i] == -1 ? product : Math.multiplyExact(product, to[i]);
    }
    if (open >= 0) {
      to[open] = product == 0 ? 0 : c.length() / product;
    }
    return to;
  }

  private static Constant gather(Node node, Constant c) {
    Constant index = node.constant(1, "indices");
    Require.that(
        c.dims().length == 1 && node.integer("axis", 0) <= 0,
        "it gathers from a constant of %d" + " dimensions; one is supported",
        c.dims().length);
    int[] at = index.integers("its indices").clone();
    for (int i = 0; i < at.length; i++) {
      at[i] += at[i] < 0 ? c.length() : 0;
      Require.that(at[i] >= 0 && at[i] < c.length(), "its index %d is outside", at[i]);
    }
    return c.picked(at, index.dims());
  }

  private static Constant slice(Node node, Constant c) {
    Require.that(c.dims().length == 1, "it slices a constant of %d dimensions", c.dims().length);
    int[] starts =
        node.has(1) ? node.constant(1, "starts").integers("its starts") : node.integers("starts");
    int[] ends =
        node.has(2) ? node.constant(2, "ends").integers("its ends") : node.integers("ends");
    Require.that(
        starts != null && ends != null && starts.length == 1 && ends.length == 1 && !node.has(4),
        "its slices are not one range of step 1");
    int n = c.length();
    int from = Math.max(0, Math.min(n, starts[0] < 0 ? starts[0] + n : starts[0]));
    int to = Math.max(from, Math.min(n, ends[0] < 0 ? ends[0] + n : ends[0]));
    return c.picked(IntStream.range(from, to).toArray(), to - from);
  }

  private static Constant concat(Node node) {
    long count = 0;
    for (int i = 0; i < node.inputs().size(); i++) {
      Constant c = node.constant(i, "part");
      Require.that(c.dims().length == 1, "it joins constants of %d dimensions", c.dims().length);
      count += c.integers("its part").length;
      Require.that(count <= MAX_COUNT, "it makes more than %d values", MAX_COUNT);
    }
    int[] values = new int[(int) count];
    int to = 0;
    for (int i = 0; i < node.inputs().size(); i++) {
      int[] part = node.constant(i, "part").ints();
      System.arraycopy(part, 0, values, to, part.length);
      to += part.length;
    }
    return integers(values, values.length);
  }

  private static Constant transpose(Node node, Constant c) {
    int rank = c.dims().length;
    int[] given = node.integers("perm");
    int[] perm = given != null ? given : IntStream.range(0, rank).map(i -> rank - 1 - i).toArray();
    int[] from = order(c.dims(), perm);
    return c.picked(from, Arrays.stream(perm).map(p -> c.dims()[p]).toArray());
  }

  /**
   * Where each value comes from when dimensions are put in another order.
   *
   * @param perm for each dimension, which it was
   */
  static int[] order(int[] was, int... perm) {
    int rank = was.length;
    Require.that(
        Arrays.equals(Arrays.stream(perm).sorted().toArray(), IntStream.range(0, rank).toArray()),
        "its perm %s is no order of %d dimensions",
        Arrays.toString(perm),
        rank);
    int[] strides = new int[rank];
    for (int d = rank - 1, stride = 1; d >= 0; stride *= was[d--]) {
      strides[d] = stride;
    }
    int[] from = new int[Arrays.stream(was).reduce(1, Math::multiplyExact)];
    for (int i = 0; i < from.length; i++) {
      int rest = i;
      for (int d = rank - 1; d >= 0; d--) {
        from[i] += rest % was[perm[d]] * strides[perm[d]];
        rest /= was[perm[d]];
      }
    }
    return from;
  }

  private static Constant cast(Constant c, int type) {
    int n = c.length();
    if (type == 1) {
      float[] reals = new float[n];
      for (int i = 0; i < n; i++) {
        reals[i] = c.isFloat() ? c.floats()[i] : c.ints()[i];
      }
      return Constant.of(reals, c.dims());
    }
    int low = type == 2 ? 0 : type == 3 ? -128 : Integer.MIN_VALUE;
    int high = type == 2 ? 255 : type == 3 ? 127 : Integer.MAX_VALUE;
    Require.that(
        type == 2 || type == 3 || type == 6 || type == 7, "it casts to data type %d", type);
    int[] ints = new int[n];
    for (int i = 0; i < n; i++) {
      double value = c.isFloat() ? c.floats()[i] : c.ints()[i];
      Require.that(
          value > low - 1.0 && value < high + 1.0, "it casts %s, which does not fit", value);
      ints[i] = (int) value;
    }
    return Constant.of(ints, low, high, c.dims());
  }

  private static Constant constantOfShape(Node node, Constant shape) {
    int[] dims = shape.integers("its shape");
    Require.that(dims.length <= MAX_RANK, "its shape has %d dimensions", dims.length);
    long count = 1;
    for (int d : dims) {
      Require.that(d >= 0, "its shape has a dimension of %d", d);
      count = Math.min(MAX_COUNT + 1L, count * d);
    }
    Require.that(count <= MAX_COUNT, "it makes more than %d values", MAX_COUNT);
    var value = node.attribute("value", AttributeType.TENSOR);
    Constant one = value.isPresent() ? Constant.of(value.get().getT()) : Constant.of(new float[1]);
    Require.that(one.length() == 1, "its value is not one number");
    return one.picked(new int[(int) count], dims);
  }

  private static Constant unary(String op, Constant c) {
    float[] values = c.reals("its input").clone();
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (op) {
            case "Sqrt" -> (float) Math.sqrt(values[i]);
            case "Neg" -> -values[i];
            default -> 1 / values[i];
          };
    }
    return Constant.of(values, c.dims());
  }

  private static Constant arithmetic(Node node, Constant a) {
    Constant b = node.constant(1, "input");
    Require.that(a.isFloat() == b.isFloat(), "it computes with integers and floats");
    boolean same = Arrays.equals(a.dims(), b.dims());
    Require.that(
        same || a.length() == 1 || b.length() == 1,
        "it computes with constants %s and %s; equal shapes, or one number, are supported",
        Arrays.toString(a.dims()),
        Arrays.toString(b.dims()));
    Constant larger =
        a.length() > b.length() || (a.length() == b.length() && a.dims().length >= b.dims().length)
            ? a
            : b;
    int n = a.length() == 0 || b.length() == 0 ? 0 : larger.length();
    float[] reals = new float[a.isFloat() ? n : 0];
    int[] ints = new int[a.isFloat() ? 0 : n];
    for (int i = 0; i < n; i++) {
      int x = a.length() == 1 ? 0 : i;
      int y = b.length() == 1 ? 0 : i;
      if (a.isFloat()) {
        reals[i] = real(node.op(), a.floats()[x], b.floats()[y]);
      } else {
        ints[i] = integer(node.op(), a.ints()[x], b.ints()[y]);
      }
    }
    return a.isFloat() ? Constant.of(reals, larger.dims()) : integers(ints, larger.dims());
  }

  private static float real(String op, float x, float y) {
    return switch (op) {
      case "Add" -> x + y;
      case "Sub" -> x - y;
      case "Mul" -> x * y;
      case "Div" -> x / y;
      default -> (float) Math.pow(x, y);
    };
  }

  private static int integer(String op, int x, int y) {
    return switch (op) {
      case "Add" -> Math.addExact(x, y);
      case "Sub" -> Math.subtractExact(x, y);
      case "Mul" -> Math.multiplyExact(x, y);
      case "Div" -> {
        Require.that(y != 0, "it divides by 0");
        yield x / y;
      }
      default -> throw Require.no("it raises integers to a power");
    };
  }
}
