package org.bitquake.onnx;

import java.util.List;
import java.util.Optional;
import org.bitquake.data.Shape;
import org.bitquake.network.Affine;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.Convolution.WeightCodes;
import org.bitquake.network.Window;

/** What an edge of the ONNX graph carries, in terms of the integer graph. */
sealed interface Value permits Constant, Weights, Value.Answer, Value.Tensor {
  /** What it is, for messages. */
  String describe();

  /** Numbers that it holds, roughly. */
  default long size() {
    return 1;
  }

  /** How a tensor {@code [C, H, W]} of the integer graph lies in ONNX's. */
  enum Form {
    /** {@code [N, C, H, W]}. */
    MAP,
    /** {@code [N, C·H·W]}. */
    VECTOR,
    /** {@code [N, H, W, C]}. */
    LAST,
    /** {@code [N, H·W·C]}. */
    VECTOR_LAST;

    boolean flat() {
      return this == VECTOR || this == VECTOR_LAST;
    }

    Form flattened() {
      return this == LAST || this == VECTOR_LAST ? VECTOR_LAST : VECTOR;
    }
  }

  /** What is computed from images. */
  sealed interface Tensor extends Value permits Pixels, Codes, Levels, Sums, Floats {
    Shape shape();

    Form form();

    /** The same in another form. */
    Tensor in(Form form);
  }

  /**
   * The graph's input, and what elementwise nodes have made of it: a real number, or an integer,
   * for each pixel.
   *
   * @param integer whether its values are 8-bit integers
   * @param low what pixel 0 is as an integer: 0 or −128
   * @param reals {@code [1][256]}, or one row for each position along a dimension
   * @param along that dimension of ONNX's tensor; 0 with one row
   * @param given the step and the zero point of a DequantizeLinear, if that is all there was
   */
  record Pixels(
      Shape shape,
      Form form,
      boolean integer,
      int low,
      float[][] reals,
      int along,
      Optional<Quantizer> given)
      implements Tensor {
    Pixels(Shape shape, Form form, boolean integer, int low, float[][] reals, int along) {
      this(shape, form, integer, low, reals, along, Optional.empty());
    }

    @Override
    public String describe() {
      return "the image";
    }

    @Override
    public long size() {
      return 256L * reals.length;
    }

    @Override
    public Pixels in(Form newForm) {
      return new Pixels(shape, newForm, integer, low, reals, along, given);
    }
  }

  /**
   * What a layer of the integer graph writes: {@code real = step · (code − zero)}.
   *
   * @param max largest code
   * @param base what is added to a code for the number that it is in ONNX
   */
  record Codes(int position, Shape shape, double step, int zero, int max, int base, Form form)
      implements Tensor {
    @Override
    public String describe() {
      return "quantised activations";
    }

    @Override
    public Codes in(Form newForm) {
      return new Codes(position, shape, step, zero, max, base, newForm);
    }

    Codes at(int newPosition, Shape newShape) {
      return new Codes(newPosition, newShape, step, zero, max, base, form);
    }

    Codes withStep(double newStep) {
      return new Codes(position, shape, newStep, zero, max, base, form);
    }

    /** The same codes under other numbers. */
    Codes withZero(int point) {
      return new Codes(position, shape, step, zero, max, point - zero, form);
    }

    /** What would make these codes of their real numbers. */
    Quantizer quantizer() {
      return new Quantizer((float) step, zero + base, base, base + max);
    }
  }

  /** How a QuantizeLinear, and Clips after it, make integers of reals. */
  record Quantizer(float step, int zero, int low, int high) {}

  /**
   * What QuantizeLinear writes, before DequantizeLinear makes a layer of it.
   *
   * @param maker the node that made them
   */
  record Levels(Tensor source, Quantizer quantizer, Node maker) implements Tensor {
    @Override
    public String describe() {
      return "activations as integers";
    }

    @Override
    public Shape shape() {
      return source.shape();
    }

    @Override
    public Form form() {
      return source.form();
    }

    @Override
    public Levels in(Form form) {
      return new Levels(source.in(form), quantizer, maker);
    }
  }

  /** A layer with weights that has no output codes yet. */
  record Stem(String name, Codes input, Geometry geometry, WeightCodes weights) {}

  /** Max pooling that came before the quantiser; it may as well come after. */
  record Pool(String name, Window window) {}

  /**
   * A layer's results in float: the affine function of its accumulators, plus an addend, clipped.
   *
   * @param addend codes added last
   * @param low lower limit, such as a Relu's 0, or −∞
   * @param high upper limit, or ∞
   * @param pools max poolings that followed
   * @param shape after pooling
   */
  record Sums(
      Stem stem,
      Affine affine,
      Optional<Codes> addend,
      double low,
      double high,
      List<Pool> pools,
      Shape shape,
      Form form)
      implements Tensor {
    @Override
    public String describe() {
      return "sums that are not quantised";
    }

    @Override
    public long size() {
      return 8L * affine.channels() + pools.size();
    }

    /** True while biases and normalisation still fold into the layer. */
    boolean isOpen() {
      return addend.isEmpty()
          && low == Double.NEGATIVE_INFINITY
          && high == Double.POSITIVE_INFINITY
          && pools.isEmpty();
    }

    Sums with(Affine folded) {
      Require.that(
          isOpen(), "it follows an addition, an activation or a pooling and cannot be folded");
      return new Sums(stem, folded, addend, low, high, pools, shape, form);
    }

    Sums plus(Codes codes) {
      Require.that(
          isOpen(), "a layer can add one tensor of codes, before its activation and pooling");
      return new Sums(stem, affine, Optional.of(codes), low, high, pools, shape, form);
    }

    Sums clipped(double least, double most) {
      return new Sums(
          stem, affine, addend, Math.max(low, least), Math.min(high, most), pools, shape, form);
    }

    Sums pooled(List<Pool> all, Shape newShape) {
      return new Sums(stem, affine, addend, low, high, List.copyOf(all), newShape, form);
    }

    @Override
    public Sums in(Form newForm) {
      return new Sums(stem, affine, addend, low, high, pools, shape, newForm);
    }
  }

  /** Where floats without weights come from. */
  sealed interface Source {
    /** The codes themselves, which are clipped next. */
    record Same(String name, Codes codes) implements Source {}

    /**
     * Two tensors added.
     *
     * @param minus whether the second is subtracted
     */
    record Added(String name, Codes first, Codes second, boolean minus) implements Source {}

    /** Channels one behind another. */
    record Joined(String name, List<Codes> parts) implements Source {}

    record Averaged(String name, Codes codes, Window window, boolean countPadding)
        implements Source {}
  }

  /** Floats made of codes without weights, which a quantiser makes codes of. */
  record Floats(Source source, double low, double high, List<Pool> pools, Shape shape, Form form)
      implements Tensor {
    Floats(Source source, Shape shape, Form form) {
      this(source, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, List.of(), shape, form);
    }

    @Override
    public String describe() {
      return "sums, averages or joined tensors that are not quantised";
    }

    Floats clipped(double least, double most) {
      return new Floats(source, Math.max(low, least), Math.min(high, most), pools, shape, form);
    }

    Floats pooled(List<Pool> all, Shape newShape) {
      return new Floats(source, low, high, List.copyOf(all), newShape, form);
    }

    @Override
    public Floats in(Form newForm) {
      return new Floats(source, low, high, pools, shape, newForm);
    }
  }

  /** What a Softmax or the like makes of the last layer's results: only the output may read it. */
  record Answer(Tensor scores) implements Value {
    @Override
    public String describe() {
      return "what follows a Softmax, Sigmoid or ArgMax, which are supported at the very end alone";
    }
  }
}
