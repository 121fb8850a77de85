package org.bitquake.onnx;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.bitquake.data.Shape;
import org.bitquake.network.Activation;
import org.bitquake.network.Add;
import org.bitquake.network.AveragePool;
import org.bitquake.network.Concat;
import org.bitquake.network.Convolution;
import org.bitquake.network.GlobalSum;
import org.bitquake.network.Layer;
import org.bitquake.network.LayerCases;
import org.bitquake.network.MaxPool;
import org.bitquake.network.Pad;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.TensorCodes;
import org.bitquake.network.Window;

/**
 * What a layer makes of given codes, output by output straight from its definition, and how far
 * another order of the same float32 operations may be away.
 */
final class LayerOracle implements LayerCases<LayerOracle.Results> {
  /** Largest relative error of one float operation. */
  private static final double ULP = 0x1p-23;

  /**
   * @param real before rounding, in steps; or exact codes
   * @param rounding how far away other float32 sums may be
   * @param codes how codes are made; null where {@code real} are codes
   */
  record Results(float[] real, double[] rounding, Activation codes) {
    int code(int k) {
      return codes == null
          ? (int) real[k]
          : (int) Math.max(0, Math.min(codes.maxCode(), Math.rint(real[k]) + codes.zero()));
    }
  }

  private final QuantizedNetwork network;
  private final Layer layer;
  private final IntFunction<int[]> operands;
  private final int outputs;

  LayerOracle(QuantizedNetwork network, Layer layer, IntFunction<int[]> operands, int images) {
    this.network = network;
    this.layer = layer;
    this.operands = operands;
    this.outputs = images * layer.outputShape().size();
  }

  Results results() {
    return layer.match(this);
  }

  private Results empty(Activation codes) {
    return new Results(new float[outputs], new double[outputs], codes);
  }

  private int zero(int position) {
    return network.codes(position).zero();
  }

  /** Sees a position of the map under a window. */
  private interface Tap {
    void see(int input, int tap);
  }

  /** The positions of channel c of the image of output k, under its window. */
  private void taps(Window w, int k, int channel, Tap tap) {
    Shape from = layer.inputShape();
    Shape to = layer.outputShape();
    int x = k % to.width() * w.strideX() - w.left();
    int y = k / to.width() % to.height() * w.strideY() - w.top();
    int image = k / to.size();
    for (int t = 0; t < w.taps(); t++) {
      int iy = y + t / w.kernelWidth() * w.dilationY();
      int ix = x + t % w.kernelWidth() * w.dilationX();
      if (iy >= 0 && ix >= 0 && iy < from.height() && ix < from.width()) {
        tap.see(image * from.size() + (channel * from.height() + iy) * from.width() + ix, t);
      }
    }
  }

  private int channel(int k) {
    Shape to = layer.outputShape();
    return k / to.width() / to.height() % to.channels();
  }

  @Override
  public Results convolution(Convolution c) {
    Results r = empty(c.activation().orElse(null));
    int[] in = operands.apply(c.input());
    int zero = zero(c.input());
    var w = c.weights();
    int perGroup = c.inputShape().channels() / c.geometry().groups();
    int outPerGroup = c.geometry().outChannels() / c.geometry().groups();
    int kernel = c.geometry().window().taps();
    Window window = c.geometry().window();
    Shape from = c.inputShape();
    Shape to = c.outputShape();
    int residualZero = c.residual().map(x -> zero(x.source())).orElse(0);
    int[] second = c.residual().map(x -> operands.apply(x.source())).orElse(new int[0]);
    for (int k = 0; k < outputs; k++) {
      int o = channel(k);
      int offset = w.offset()[w.offset().length == 1 ? 0 : o];
      int x0 = k % to.width() * window.strideX() - window.left();
      int y0 = k / to.width() % to.height() * window.strideY() - window.top();
      int plane = k / to.size() * from.channels() + o / outPerGroup * perGroup;
      long[] sum = new long[2];
      for (int t = 0; t < perGroup * kernel; t++) {
        int iy = y0 + t % kernel / window.kernelWidth() * window.dilationY();
        int ix = x0 + t % window.kernelWidth() * window.dilationX();
        if (iy >= 0 && ix >= 0 && iy < from.height() && ix < from.width()) {
          int at = ((plane + t / kernel) * from.height() + iy) * from.width() + ix;
          int weight = w.gain() * w.codes()[o * perGroup * kernel + t] + offset;
          sum[0] += (long) weight * (in[at] - zero);
          sum[1] += Math.abs(weight * (in[at] - zero));
        }
      }
      float scale = c.scale()[o];
      float y = ((float) sum[0] + c.bias()[o]) * scale;
      double size = (sum[1] + Math.abs(c.bias()[o])) * Math.abs(scale);
      if (c.residual().isPresent()) {
        var residual = c.residual().get();
        int code = second[k] - residualZero;
        y = Math.fma(residual.ratio(), code, y);
        size += Math.abs(residual.ratio() * code);
      }
      r.real()[k] = y;
      r.rounding()[k] = ULP * (c.geometry().taps(c.inputShape()) + 16) * size;
    }
    return r;
  }

  @Override
  public Results maxPool(MaxPool p) {
    Results r = empty(null);
    int[] in = operands.apply(p.input());
    for (int k = 0; k < outputs; k++) {
      int[] most = new int[1];
      taps(p.window(), k, channel(k), (at, t) -> most[0] = Math.max(most[0], in[at]));
      r.real()[k] = most[0];
    }
    return r;
  }

  @Override
  public Results averagePool(AveragePool p) {
    Results r = empty(p.activation());
    int[] in = operands.apply(p.input());
    int zero = zero(p.input());
    for (int k = 0; k < outputs; k++) {
      int[] sum = new int[3];
      taps(
          p.window(),
          k,
          channel(k),
          (at, t) -> {
            sum[0] += in[at] - zero;
            sum[1] += Math.abs(in[at] - zero);
            sum[2]++;
          });
      int n = p.countPadding() ? p.window().taps() : sum[2];
      float factor = (float) ((double) p.ratio() / n);
      r.real()[k] = sum[0] * factor;
      r.rounding()[k] = ULP * (p.window().taps() + 16) * sum[1] * factor;
    }
    return r;
  }

  @Override
  public Results globalSum(GlobalSum s) {
    Results r = empty(null);
    int[] in = operands.apply(s.input());
    int area = s.inputShape().height() * s.inputShape().width();
    for (int k = 0; k < in.length; k++) {
      r.real()[k / area] += in[k];
    }
    return r;
  }

  @Override
  public Results add(Add add) {
    Results r = empty(add.activation());
    int[] a = operands.apply(add.input());
    int[] b = operands.apply(add.second());
    int aZero = zero(add.input());
    int bZero = zero(add.second());
    for (int k = 0; k < outputs; k++) {
      float x = (a[k] - aZero) * add.ratio();
      float y = (b[k] - bZero) * add.secondRatio();
      r.real()[k] = x + y;
      r.rounding()[k] = 16 * ULP * (Math.abs(x) + Math.abs(y));
    }
    return r;
  }

  @Override
  public Results concat(Concat c) {
    Results r = empty(c.activation());
    int size = c.outputShape().size();
    int area = c.outputShape().height() * c.outputShape().width();
    int first = 0;
    for (int p = 0; p < c.inputs().size(); p++) {
      int[] in = operands.apply(c.inputs().get(p));
      TensorCodes read = network.codes(c.inputs().get(p));
      int part = c.inputShapes().get(p).size();
      for (int k = 0; k < in.length; k++) {
        int at = k / part * size + first * area + k % part;
        r.real()[at] = (in[k] - read.zero()) * c.ratios().get(p);
        r.rounding()[at] = 16 * ULP * Math.abs(r.real()[at]);
      }
      first += c.inputShapes().get(p).channels();
    }
    return r;
  }

  @Override
  public Results pad(Pad p) {
    Results r = empty(null);
    int[] in = operands.apply(p.input());
    Arrays.fill(r.real(), zero(p.input()));
    Shape from = p.inputShape();
    Shape to = p.outputShape();
    for (int k = 0; k < in.length; k++) {
      int x = k % from.width() + p.left();
      int y = k / from.width() % from.height() + p.top();
      int plane = k / from.width() / from.height();
      r.real()[(plane * to.height() + y) * to.width() + x] = in[k];
    }
    return r;
  }
}
