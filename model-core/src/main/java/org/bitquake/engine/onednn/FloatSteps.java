package org.bitquake.engine.onednn;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.bitquake.data.Shape;
import org.bitquake.network.Activation;
import org.bitquake.network.Add;
import org.bitquake.network.AveragePool;
import org.bitquake.network.Concat;
import org.bitquake.network.Convolution;
import org.bitquake.network.GlobalSum;
import org.bitquake.network.Pad;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.Window;

/**
 * What is done in Java: everything but the products. Tensors are copied through small arrays, part
 * by part, for C2 vectorises loops over arrays.
 */
final class FloatSteps {
  /** Values of a part: stays in the nearest cache, with all that goes with it. */
  private static final int PART = 2048;

  private FloatSteps() {}

  /** Pixels' codes {@code [n, C, H, W]} to values {@code [n, H, W, C]}. */
  static Step input(int n, QuantizedNetwork network, FloatMemory memories) {
    Shape shape = network.inputShape();
    int plane = shape.height() * shape.width();
    int channels = shape.channels();
    int zero = network.input().codes().zero();
    float[] image = new float[shape.size()];
    FloatBuffer to = memories.values(QuantizedNetwork.INPUT);
    return queue -> {
      for (int i = 0; i < n; i++) {
        int at = memories.from + i * image.length;
        if (at + image.length > memories.images.length) {
          break; // behind the last image: whatever is there is computed, and not looked at
        }
        for (int c = 0; c < channels; c++) {
          FloatLoops.spread(memories.images, at + c * plane, plane, zero, image, c, channels);
        }
        to.put(i * image.length, image);
      }
    };
  }

  /** Images' codes as they are. */
  static Step pixels(int n, QuantizedNetwork network, FloatMemory memories) {
    ByteBuffer to = memories.pixels().asByteBuffer();
    int size = n * network.inputShape().size();
    return queue ->
        // behind the last image: whatever is there is computed, and not looked at
        to.put(
            0,
            memories.images,
            memories.from,
            Math.min(size, memories.images.length - memories.from));
  }

  /** A whole number of positions, so that channels begin with it. */
  private static int part(int channels) {
    return channels * Math.max(1, PART / channels);
  }

  private static float[] repeated(float[] perChannel, int length) {
    float[] result = new float[length];
    for (int i = 0; i < length; i++) {
      // A bias of −0 is one of 0: sums may come as either zero, and the contract knows one.
      result[i] = perChannel[i % perChannel.length] + 0f;
    }
    return result;
  }

  private static void round(float[] y, Activation codes, int n) {
    FloatLoops.round(y, -codes.zero(), codes.maxCode() - codes.zero(), n);
  }

  private static void requantise(float[] y, float[] bias, float[] scale, Activation codes, int n) {
    FloatLoops.requantise(y, bias, scale, -codes.zero(), codes.maxCode() - codes.zero(), n);
  }

  /** Sums to values, or to logits, where they are. */
  static Step requantise(int n, Convolution layer, int position, FloatMemory memories) {
    return finish(n, layer, position, memories, false);
  }

  /** Sums that have their bias and scale to values, where they are. */
  static Step round(int n, Convolution layer, int position, FloatMemory memories) {
    return finish(n, layer, position, memories, true);
  }

  private static Step finish(
      int n, Convolution layer, int position, FloatMemory memories, boolean scaled) {
    int total = n * layer.outputShape().size();
    int part = part(layer.geometry().outChannels());
    float[] bias = repeated(layer.bias(), part);
    float[] scale = repeated(layer.scale(), part);
    float[] y = new float[part];
    float[] second = new float[layer.residual().isPresent() ? part : 0];
    float ratio = layer.residual().map(r -> r.ratio()).orElse(0f);
    FloatBuffer out = memories.values(position);
    Optional<Activation> codes = layer.activation();
    FloatBuffer residual = layer.residual().map(r -> memories.values(r.source())).orElse(null);
    return queue -> {
      for (int at = 0; at < total; at += part) {
        int length = Math.min(part, total - at);
        out.get(at, y, 0, length);
        if (!scaled && residual == null && codes.isPresent()) {
          requantise(y, bias, scale, codes.get(), length);
        } else {
          if (!scaled) {
            FloatLoops.scale(y, bias, scale, length);
          }
          if (residual != null) {
            residual.get(at, second, 0, length);
            FloatLoops.addResidual(y, ratio, second, length);
          }
          if (codes.isPresent()) {
            round(y, codes.get(), length);
          }
        }
        out.put(at, y, 0, length);
      }
    };
  }

  static Step add(int n, Add layer, int position, FloatMemory memories) {
    int total = n * layer.outputShape().size();
    float[] y = new float[PART];
    float[] other = new float[PART];
    FloatBuffer a = memories.values(layer.input());
    FloatBuffer b = memories.values(layer.second());
    FloatBuffer out = memories.values(position);
    return queue -> {
      for (int at = 0; at < total; at += PART) {
        int length = Math.min(PART, total - at);
        a.get(at, y, 0, length);
        b.get(at, other, 0, length);
        FloatLoops.add(y, layer.ratio(), other, layer.secondRatio(), length);
        round(y, layer.activation(), length);
        out.put(at, y, 0, length);
      }
    };
  }

  static Step concat(int n, Concat layer, int position, FloatMemory memories) {
    int positions = n * layer.outputShape().height() * layer.outputShape().width();
    int channels = layer.outputShape().channels();
    int[] first = layer.firstChannels();
    FloatBuffer out = memories.values(position);
    FloatBuffer[] parts = layer.inputs().stream().map(memories::values).toArray(FloatBuffer[]::new);
    float[] y = new float[PART];
    return queue -> {
      for (int p = 0; p < parts.length; p++) {
        int own = layer.inputShapes().get(p).channels();
        float ratio = layer.ratios().get(p);
        float[] values = own > y.length ? new float[own] : y;
        for (int i = 0; i < positions; i++) {
          parts[p].get(i * own, values, 0, own);
          FloatLoops.scale(values, ratio, own);
          round(values, layer.activation(), own);
          out.put(i * channels + first[p], values, 0, own);
        }
      }
    };
  }

  static Step pad(int n, Pad layer, int position, FloatMemory memories) {
    Shape from = layer.inputShape();
    Shape to = layer.outputShape();
    int row = from.width() * from.channels();
    float[] values = new float[row];
    float[] zeros = new float[to.width() * to.channels()];
    FloatBuffer in = memories.values(layer.input());
    FloatBuffer out = memories.values(position);
    return queue -> {
      for (int i = 0; i < n; i++) {
        for (int y = 0; y < to.height(); y++) {
          int at = (i * to.height() + y) * zeros.length;
          out.put(at, zeros);
          int source = y - layer.top();
          if (source >= 0 && source < from.height()) {
            in.get((i * from.height() + source) * row, values);
            out.put(at + layer.left() * to.channels(), values);
          }
        }
      }
    };
  }

  static Step sum(int n, GlobalSum layer, int position, FloatMemory memories) {
    Shape from = layer.inputShape();
    float[] image = new float[from.size()];
    float[] sums = new float[from.channels()];
    FloatBuffer in = memories.values(layer.input());
    FloatBuffer out = memories.values(position);
    return queue -> {
      for (int i = 0; i < n; i++) {
        in.get(i * image.length, image);
        Arrays.fill(sums, 0);
        for (int at = 0; at < image.length; at += sums.length) {
          addTo(sums, image, at);
        }
        out.put(i * sums.length, sums);
      }
    };
  }

  private static void addTo(float[] sums, float[] values, int from) {
    for (int c = 0; c < sums.length; c++) {
      sums[c] += values[from + c];
    }
  }

  static Step average(int n, AveragePool layer, int position, FloatMemory memories) {
    Shape from = layer.inputShape();
    Shape to = layer.outputShape();
    float[] image = new float[from.size()];
    float[] y = new float[from.channels()];
    FloatBuffer in = memories.values(layer.input());
    FloatBuffer out = memories.values(position);
    return queue -> {
      for (int i = 0; i < n; i++) {
        in.get(i * image.length, image);
        for (int p = 0; p < to.height() * to.width(); p++) {
          int positions = window(layer, image, p / to.width(), p % to.width(), y);
          FloatLoops.scale(y, layer.factor(positions), y.length);
          round(y, layer.activation(), y.length);
          out.put((i * to.height() * to.width() + p) * y.length, y);
        }
      }
    };
  }

  /** The sums of a window; returns its positions on the map. */
  private static int window(AveragePool layer, float[] image, int oy, int ox, float[] sums) {
    Window w = layer.window();
    Shape map = layer.inputShape();
    int positions = 0;
    Arrays.fill(sums, 0);
    for (int tap = 0; tap < w.taps(); tap++) {
      int y = oy * w.strideY() - w.top() + tap / w.kernelWidth() * w.dilationY();
      int x = ox * w.strideX() - w.left() + tap % w.kernelWidth() * w.dilationX();
      if (y >= 0 && y < map.height() && x >= 0 && x < map.width()) {
        addTo(sums, image, (y * map.width() + x) * sums.length);
        positions++;
      }
    }
    return positions;
  }
}
