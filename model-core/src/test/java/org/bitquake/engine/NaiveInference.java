package org.bitquake.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bitquake.data.Shape;
import org.bitquake.memory.ActivationFaults;
import org.bitquake.memory.StoredCodes;
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
import org.bitquake.network.StoredTensors;
import org.bitquake.network.TensorCodes;
import org.bitquake.network.Window;

/** The definition of integer inference, one image at a time, in loops that follow its text. */
final class NaiveInference {
  /** Sees each value {@code y} before it is clipped and rounded. */
  interface PreActivations {
    void see(int layer, float y, int max);
  }

  private final QuantizedNetwork network;
  private final byte[][] codes;
  private PreActivations watcher = (layer, y, max) -> {};
  private ActivationFaults memory = ActivationFaults.NONE;

  NaiveInference(QuantizedNetwork network, byte[][] codes) {
    this.network = network;
    this.codes = codes;
  }

  void watch(PreActivations preActivations) {
    this.watcher = preActivations;
  }

  /** Codes between layers lie in this memory, if it is asked for them. */
  void remember(ActivationFaults activations) {
    this.memory = activations;
  }

  /** The logits of image {@code index}; adds each layer's codes to {@code outputs}. */
  float[] run(byte[] images, int index, List<long[]> outputs) {
    return new Run(images, index, outputs).logits();
  }

  float[] logits(byte[] images, int index) {
    return run(images, index, new ArrayList<>());
  }

  /** One image on its way. */
  private final class Run implements LayerCases<float[]> {
    private final long[] pixels;
    private final List<long[]> outputs;
    private final StoredTensors stored = StoredTensors.of(network);
    private final int index;
    private int weightLayer;

    Run(byte[] images, int index, List<long[]> outputs) {
      Shape shape = network.inputShape();
      this.outputs = outputs;
      this.index = index;
      this.pixels = new long[shape.size()];
      byte[][] tables = network.input().tables();
      for (int i = 0; i < pixels.length; i++) {
        int pixel = Byte.toUnsignedInt(images[index * shape.size() + i]);
        int channel = i / (shape.height() * shape.width());
        pixels[i] = tables.length == 0 ? pixel : Byte.toUnsignedInt(tables[channel][pixel]);
      }
    }

    /** Keeps a tensor, as its readers will see it. */
    private void write(int position, long[] codes) {
      if (position >= 0) {
        outputs.add(codes);
      }
      if (stored.contains(position)) {
        memory.corrupt(position, index, 1, new Longs(codes));
      }
    }

    float[] logits() {
      float[] y = {};
      write(QuantizedNetwork.INPUT, pixels);
      for (Layer layer : network.layers()) {
        y = layer.match(this);
      }
      if (network.outputCodes().isEmpty()) {
        return y;
      }
      TensorCodes written = network.outputCodes().orElseThrow();
      long[] last = outputs.get(outputs.size() - 1);
      float[] real = new float[last.length];
      for (int i = 0; i < real.length; i++) {
        real[i] = written.step() * (float) (last[i] - written.zero());
      }
      return real;
    }

    private long[] tensor(int position) {
      return position < 0 ? pixels : outputs.get(position);
    }

    private int zero(int position) {
      return network.codes(position).zero();
    }

    /** {@code min(max(rint(y) + zero, 0), max)}. */
    private float[] round(float[] y, Activation activation) {
      long[] out = new long[y.length];
      for (int i = 0; i < y.length; i++) {
        watcher.see(outputs.size(), y[i], activation.maxCode());
        double code = Math.rint(y[i]) + activation.zero();
        out[i] = (long) Math.min(Math.max(code, 0), activation.maxCode());
      }
      write(outputs.size(), out);
      return y;
    }

    @Override
    public float[] convolution(Convolution c) {
      float[] y = preActivations(c, tensor(c.input()), zero(c.input()), codes[weightLayer++]);
      if (c.residual().isPresent()) {
        var residual = c.residual().get();
        long[] second = tensor(residual.source());
        for (int i = 0; i < y.length; i++) {
          float code = (float) (second[i] - zero(residual.source()));
          y[i] = Math.fma(residual.ratio(), code, y[i]);
        }
      }
      return c.activation().isPresent() ? round(y, c.activation().get()) : y;
    }

    @Override
    public float[] maxPool(MaxPool pool) {
      long[] in = tensor(pool.input());
      Shape to = pool.outputShape();
      long[] out = new long[to.size()];
      for (int i = 0; i < out.length; i++) {
        long most = Long.MIN_VALUE;
        for (int place : places(pool.window(), pool.inputShape(), to, i)) {
          most = Math.max(most, in[place]);
        }
        out[i] = most;
      }
      write(outputs.size(), out);
      return new float[0];
    }

    @Override
    public float[] averagePool(AveragePool pool) {
      long[] in = tensor(pool.input());
      Shape to = pool.outputShape();
      float[] y = new float[to.size()];
      for (int i = 0; i < y.length; i++) {
        var places = places(pool.window(), pool.inputShape(), to, i);
        long sum = 0;
        for (int place : places) {
          sum += in[place] - zero(pool.input());
        }
        int n =
            pool.countPadding()
                ? pool.window().kernelHeight() * pool.window().kernelWidth()
                : places.size();
        y[i] = (float) sum * (float) ((double) pool.ratio() / n);
      }
      return round(y, pool.activation());
    }

    @Override
    public float[] globalSum(GlobalSum layer) {
      long[] in = tensor(layer.input());
      int positions = layer.inputShape().height() * layer.inputShape().width();
      long[] out = new long[layer.inputShape().channels()];
      for (int i = 0; i < in.length; i++) {
        out[i / positions] += in[i];
      }
      write(outputs.size(), out);
      return new float[0];
    }

    @Override
    public float[] add(Add add) {
      long[] a = tensor(add.input());
      long[] b = tensor(add.second());
      float[] y = new float[a.length];
      for (int i = 0; i < y.length; i++) {
        float first = add.ratio() * (float) (a[i] - zero(add.input()));
        float second = add.secondRatio() * (float) (b[i] - zero(add.second()));
        y[i] = first + second;
      }
      return round(y, add.activation());
    }

    @Override
    public float[] concat(Concat concat) {
      float[] y = new float[concat.outputShape().size()];
      int to = 0;
      for (int part = 0; part < concat.inputs().size(); part++) {
        int source = concat.inputs().get(part);
        for (long code : tensor(source)) {
          y[to++] = concat.ratios().get(part) * (float) (code - zero(source));
        }
      }
      return round(y, concat.activation());
    }

    @Override
    public float[] pad(Pad pad) {
      long[] in = tensor(pad.input());
      Shape from = pad.inputShape();
      Shape to = pad.outputShape();
      long[] out = new long[to.size()];
      for (int i = 0; i < out.length; i++) {
        int x = i % to.width() - pad.left();
        int y = i / to.width() % to.height() - pad.top();
        int c = i / to.width() / to.height();
        boolean inside = x >= 0 && y >= 0 && x < from.width() && y < from.height();
        out[i] = inside ? in[(c * from.height() + y) * from.width() + x] : zero(pad.input());
      }
      write(outputs.size(), out);
      return new float[0];
    }
  }

  /** A tensor of one image. */
  private record Longs(long[] codes) implements StoredCodes {
    @Override
    public int get(int image, int position) {
      assertThat(image).isZero();
      return (int) codes[position];
    }

    @Override
    public void set(int image, int position, int code) {
      codes[position] = code;
    }
  }

  /** The positions of one channel's map that a window looks at. */
  private static List<Integer> places(Window w, Shape from, Shape to, int output) {
    int ox = output % to.width();
    int oy = output / to.width() % to.height();
    int c = output / to.width() / to.height();
    List<Integer> places = new ArrayList<>();
    for (int ky = 0; ky < w.kernelHeight(); ky++) {
      for (int kx = 0; kx < w.kernelWidth(); kx++) {
        int y = oy * w.strideY() + ky * w.dilationY() - w.top();
        int x = ox * w.strideX() + kx * w.dilationX() - w.left();
        if (y >= 0 && x >= 0 && y < from.height() && x < from.width()) {
          places.add((c * from.height() + y) * from.width() + x);
        }
      }
    }
    return places;
  }

  private static float[] preActivations(Convolution c, long[] in, int zero, byte[] w) {
    Shape from = c.inputShape();
    Shape to = c.outputShape();
    var g = c.geometry();
    var v = g.window();
    int perGroup = from.channels() / g.groups();
    float[] y = new float[to.size()];
    for (int o = 0; o < to.channels(); o++) {
      int firstChannel = o / (to.channels() / g.groups()) * perGroup;
      for (int oy = 0; oy < to.height(); oy++) {
        for (int ox = 0; ox < to.width(); ox++) {
          long acc = 0;
          for (int ic = 0; ic < perGroup; ic++) {
            for (int ky = 0; ky < v.kernelHeight(); ky++) {
              for (int kx = 0; kx < v.kernelWidth(); kx++) {
                int iy = oy * v.strideY() + ky * v.dilationY() - v.top();
                int ix = ox * v.strideX() + kx * v.dilationX() - v.left();
                if (iy < 0 || ix < 0 || iy >= from.height() || ix >= from.width()) {
                  continue;
                }
                long a = in[((firstChannel + ic) * from.height() + iy) * from.width() + ix] - zero;
                int at = ((o * perGroup + ic) * v.kernelHeight() + ky) * v.kernelWidth() + kx;
                acc += a * (c.weights().gain() * w[at] + c.weights().offset(o));
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
}
