package org.bitquake.landscape;

import java.util.ArrayList;
import java.util.List;
import org.bitquake.data.Dataset;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution;
import org.bitquake.network.Layer;
import org.bitquake.network.MaxPool;
import org.bitquake.network.QuantizedNetwork;

/**
 * The mean cross-entropy in double, one image at a time in loops that follow the definitions, with
 * rounding offsets, clips and winners of the maxima frozen at the weight codes: a smooth function
 * of the weights, to differentiate numerically. The oracle of {@link Derivatives}.
 */
final class FrozenLoss {
  private final QuantizedNetwork network;
  private final Dataset images;
  private final List<List<Frozen>> frozen = new ArrayList<>();

  /** Of one layer on one image: what a value is but for its slope, whether it moves, who won. */
  private record Frozen(double[] offset, boolean[] moves, int[] winner) {}

  FrozenLoss(QuantizedNetwork network, Dataset images) {
    this.network = network;
    this.images = images;
    double[][] centre = weights(new double[Math.toIntExact(network.weightCount())]);
    for (int i = 0; i < images.size(); i++) {
      List<Frozen> record = new ArrayList<>();
      run(i, centre, record, true);
      frozen.add(record);
    }
  }

  /** The loss at codes + v, v in units of the steps. */
  double at(double[] v) {
    double[][] w = weights(v);
    double sum = 0;
    for (int i = 0; i < images.size(); i++) {
      double[] z = run(i, w, frozen.get(i), false);
      double all = 0;
      for (double logit : z) {
        all += Math.exp(logit - z[images.label(i)]);
      }
      sum += Math.log(all);
    }
    return sum / images.size();
  }

  private double[][] weights(double[] v) {
    var layers = network.weightLayers();
    double[][] w = new double[layers.size()][];
    int k = 0;
    for (int l = 0; l < w.length; l++) {
      var weights = layers.get(l).weights();
      byte[] codes = weights.codes();
      w[l] = new double[codes.length];
      for (int i = 0; i < codes.length; i++) {
        w[l][i] = (weights.isMidRise() ? 2 * codes[i] + 1 : codes[i]) + v[k++];
      }
    }
    return w;
  }

  private double[] run(int image, double[][] w, List<Frozen> record, boolean freeze) {
    Shape shape = network.inputShape();
    double[] pixels = new double[shape.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = images.pixels()[image * pixels.length + i] & 0xff;
    }
    List<double[]> outputs = new ArrayList<>();
    int l = 0;
    for (int p = 0; p < network.layers().size(); p++) {
      Layer layer = network.layers().get(p);
      double[] in = layer.input() < 0 ? pixels : outputs.get(layer.input());
      if (layer instanceof Convolution c) {
        double[] y = sums(c, in, w[l++]);
        double[] second =
            c.residual().map(r -> r.source() < 0 ? pixels : outputs.get(r.source())).orElse(null);
        finish(c, y, second, record, p, freeze);
        outputs.add(y);
      } else if (layer instanceof MaxPool pool) {
        outputs.add(maximum(pool, in, record, p, freeze));
      } else {
        outputs.add(total(layer.inputShape(), in));
        record(record, freeze, null);
      }
    }
    return outputs.get(outputs.size() - 1);
  }

  private static void record(List<Frozen> record, boolean freeze, Frozen value) {
    if (freeze) {
      record.add(value);
    }
  }

  private static double[] total(Shape shape, double[] in) {
    double[] out = new double[shape.channels()];
    for (int i = 0; i < in.length; i++) {
      out[i / (shape.height() * shape.width())] += in[i];
    }
    return out;
  }

  private void finish(
      Convolution c, double[] y, double[] second, List<Frozen> record, int p, boolean freeze) {
    int positions = c.outputShape().height() * c.outputShape().width();
    double[] offset = new double[y.length];
    boolean[] moves = new boolean[y.length];
    for (int i = 0; i < y.length; i++) {
      int o = i / positions;
      // At the codes in float, as the contract says; elsewhere in double.
      double v = (y[i] + c.bias()[o]) * c.scale()[o];
      float contract = ((float) y[i] + c.bias()[o]) * c.scale()[o];
      if (second != null) {
        float ratio = c.residual().orElseThrow().ratio();
        v += ratio * second[i];
        contract = Math.fma(ratio, (float) second[i], contract);
      }
      y[i] = v;
      if (freeze && c.activation().isPresent()) {
        int max = c.activation().get().maxCode();
        double code = Math.rint(Math.min(Math.max(contract, 0), max));
        moves[i] = contract > 0 && contract <= max;
        offset[i] = moves[i] ? code - v : code;
        y[i] = code;
      }
    }
    record(record, freeze, new Frozen(offset, moves, null));
    if (!freeze && c.activation().isPresent()) {
      Frozen f = record.get(p);
      for (int i = 0; i < y.length; i++) {
        y[i] = f.offset[i] + (f.moves[i] ? y[i] : 0);
      }
    }
  }

  private static double[] maximum(
      MaxPool pool, double[] in, List<Frozen> record, int p, boolean freeze) {
    Shape from = pool.inputShape();
    Shape to = pool.outputShape();
    int[] winner = new int[to.size()];
    double[] out = new double[to.size()];
    for (int i = 0; i < out.length; i++) {
      int x = i % to.width() * pool.stride();
      int y = i / to.width() % to.height() * pool.stride();
      int c = i / to.width() / to.height();
      winner[i] = (c * from.height() + y) * from.width() + x;
      for (int k = 1; k < pool.size() * pool.size(); k++) {
        int at = (c * from.height() + y + k / pool.size()) * from.width() + x + k % pool.size();
        winner[i] = in[at] > in[winner[i]] ? at : winner[i];
      }
      out[i] = in[freeze ? winner[i] : record.get(p).winner[i]];
    }
    record(record, freeze, new Frozen(null, null, winner));
    return out;
  }

  private static double[] sums(Convolution c, double[] in, double[] w) {
    Shape from = c.inputShape();
    Shape to = c.outputShape();
    var g = c.geometry();
    int perGroup = from.channels() / g.groups();
    double[] y = new double[to.size()];
    for (int i = 0; i < y.length; i++) {
      int o = i / to.width() / to.height();
      int first = o / (to.channels() / g.groups()) * perGroup;
      for (int k = 0; k < perGroup * g.kernelHeight() * g.kernelWidth(); k++) {
        int ix = i % to.width() * g.stride() + k % g.kernelWidth() - g.padding();
        int iy =
            i / to.width() % to.height() * g.stride()
                + k / g.kernelWidth() % g.kernelHeight()
                - g.padding();
        int ic = first + k / g.kernelWidth() / g.kernelHeight();
        if (ix >= 0 && iy >= 0 && ix < from.width() && iy < from.height()) {
          y[i] +=
              w[o * perGroup * g.kernelHeight() * g.kernelWidth() + k]
                  * in[(ic * from.height() + iy) * from.width() + ix];
        }
      }
    }
    return y;
  }
}
