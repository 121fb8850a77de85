package org.bitquake.engine;

import java.util.ArrayList;
import java.util.List;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution;
import org.bitquake.network.GlobalSum;
import org.bitquake.network.Layer;
import org.bitquake.network.MaxPool;
import org.bitquake.network.QuantizedNetwork;

/** The definition of integer inference, one image at a time, in loops that follow its text. */
final class NaiveInference {
  /** Sees each value {@code y} before it is clipped and rounded. */
  interface PreActivations {
    void see(int layer, float y, int max);
  }

  private final QuantizedNetwork network;
  private final byte[][] codes;
  private PreActivations watcher = (layer, y, max) -> {};

  NaiveInference(QuantizedNetwork network, byte[][] codes) {
    this.network = network;
    this.codes = codes;
  }

  void watch(PreActivations preActivations) {
    this.watcher = preActivations;
  }

  /** The logits of image {@code index}; adds each layer's codes to {@code outputs}. */
  float[] run(byte[] images, int index, List<long[]> outputs) {
    Shape shape = network.inputShape();
    long[] pixels = new long[shape.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = Byte.toUnsignedInt(images[index * shape.size() + i]);
    }
    int weightLayer = 0;
    for (int p = 0; p < network.layers().size(); p++) {
      Layer layer = network.layers().get(p);
      long[] in = layer.input() < 0 ? pixels : outputs.get(layer.input());
      if (layer instanceof MaxPool pool) {
        outputs.add(maximum(pool, in));
      } else if (layer instanceof GlobalSum sum) {
        outputs.add(sum(sum, in));
      } else {
        var c = (Convolution) layer;
        float[] y = preActivations(c, in, codes[weightLayer++]);
        if (c.activation().isEmpty()) {
          return y;
        }
        long[] second =
            c.residual().map(r -> r.source() < 0 ? pixels : outputs.get(r.source())).orElse(null);
        outputs.add(round(p, c, y, second));
      }
    }
    throw new AssertionError("no logits");
  }

  float[] logits(byte[] images, int index) {
    return run(images, index, new ArrayList<>());
  }

  private float[] preActivations(Convolution c, long[] in, byte[] w) {
    Shape from = c.inputShape();
    Shape to = c.outputShape();
    var g = c.geometry();
    int perGroup = from.channels() / g.groups();
    float[] y = new float[to.size()];
    for (int o = 0; o < to.channels(); o++) {
      int firstChannel = o / (to.channels() / g.groups()) * perGroup;
      for (int oy = 0; oy < to.height(); oy++) {
        for (int ox = 0; ox < to.width(); ox++) {
          long acc = 0;
          for (int ic = 0; ic < perGroup; ic++) {
            for (int ky = 0; ky < g.kernelHeight(); ky++) {
              for (int kx = 0; kx < g.kernelWidth(); kx++) {
                int iy = oy * g.stride() + ky - g.padding();
                int ix = ox * g.stride() + kx - g.padding();
                if (iy < 0 || ix < 0 || iy >= from.height() || ix >= from.width()) {
                  continue;
                }
                long a = in[((firstChannel + ic) * from.height() + iy) * from.width() + ix];
                acc += a * w[((o * perGroup + ic) * g.kernelHeight() + ky) * g.kernelWidth() + kx];
              }
            }
          }
          float sum = (float) Math.toIntExact(acc) + c.bias()[o];
          y[(o * to.height() + oy) * to.width() + ox] = sum * c.scale()[o];
        }
      }
    }
    return y;
  }

  private long[] round(int position, Convolution c, float[] y, long[] second) {
    int max = (1 << c.activation().orElseThrow().bits()) - 1;
    long[] out = new long[y.length];
    for (int i = 0; i < y.length; i++) {
      float v = y[i];
      if (second != null) {
        v = Math.fma(c.residual().orElseThrow().ratio(), (float) second[i], v);
      }
      watcher.see(position, v, max);
      out[i] = (long) Math.rint(Math.min(Math.max(v, 0f), max));
    }
    return out;
  }

  private static long[] maximum(MaxPool pool, long[] in) {
    Shape from = pool.inputShape();
    Shape to = pool.outputShape();
    long[] out = new long[to.size()];
    for (int i = 0; i < out.length; i++) {
      int x = i % to.width();
      int y = i / to.width() % to.height();
      int c = i / to.width() / to.height();
      long most = Long.MIN_VALUE;
      for (int dy = 0; dy < pool.size(); dy++) {
        for (int dx = 0; dx < pool.size(); dx++) {
          int iy = y * pool.stride() + dy;
          int ix = x * pool.stride() + dx;
          most = Math.max(most, in[(c * from.height() + iy) * from.width() + ix]);
        }
      }
      out[i] = most;
    }
    return out;
  }

  private static long[] sum(GlobalSum layer, long[] in) {
    int positions = layer.inputShape().height() * layer.inputShape().width();
    long[] out = new long[layer.inputShape().channels()];
    for (int i = 0; i < in.length; i++) {
      out[i / positions] += in[i];
    }
    return out;
  }
}
