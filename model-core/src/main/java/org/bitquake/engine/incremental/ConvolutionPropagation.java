package org.bitquake.engine.incremental;

import java.util.Arrays;
import org.bitquake.network.Activation;
import org.bitquake.network.Convolution;
import org.bitquake.network.Convolution.WeightCodes;
import org.bitquake.network.Residual;
import org.bitquake.network.Window;

/**
 * A layer with weights. Each input code that differs from 0, or from what it was, is multiplied
 * with all weights that read it and added to their accumulators: the sums are exact in int32 in any
 * order.
 */
final class ConvolutionPropagation implements Propagation {
  private final Convolution layer;
  private final int in;
  private final int out;
  private final int second;
  private final float ratio;
  private final int zero;
  private final int secondZero;
  private final int outZero;
  private final int maxCode;
  private final float[] bias;
  private final float[] scale;
  private final int inWidth;
  private final int inChannels;
  private final int outHeight;
  private final int outWidth;
  private final int outChannels;
  private final int outPerGroup;
  private final int inPerGroup;
  private final Window window;
  private final int kernelHeight;
  private final int kernelWidth;

  /** The weights, {@code [inC][kH][kW][outC / groups]}. */
  private final int[] weights;

  private final Multiples multiples;

  /** Changes of the accumulators; all 0 between calls. */
  private final int[] delta;

  /** Output positions (y, x) whose accumulators or second operand have changed. */
  private final Touched touched;

  /**
   * @param position of the layer in the network
   * @param zero code of 0 of the input
   * @param secondZero code of 0 of the residual
   */
  ConvolutionPropagation(Convolution layer, int position, int zero, int secondZero) {
    this.layer = layer;
    this.in = layer.input() + 1;
    this.out = position + 1;
    this.second = layer.residual().map(Residual::source).orElse(Integer.MIN_VALUE) + 1;
    this.ratio = layer.residual().map(Residual::ratio).orElse(0f);
    this.zero = zero;
    this.secondZero = secondZero;
    this.outZero = layer.activation().map(Activation::zero).orElse(0);
    this.maxCode = layer.activation().map(Activation::maxCode).orElse(0);
    this.bias = layer.bias();
    this.scale = layer.scale();
    var g = layer.geometry();
    this.inWidth = layer.inputShape().width();
    this.inChannels = layer.inputShape().channels();
    this.outHeight = layer.outputShape().height();
    this.outWidth = layer.outputShape().width();
    this.outChannels = g.outChannels();
    this.outPerGroup = outChannels / g.groups();
    this.inPerGroup = inChannels / g.groups();
    this.window = g.window();
    this.kernelHeight = g.kernelHeight();
    this.kernelWidth = g.kernelWidth();
    this.weights = transposed(layer.weights());
    this.multiples = Multiples.forLength(outPerGroup);
    this.delta = new int[layer.outputShape().size()];
    this.touched = new Touched(outHeight * outWidth);
  }

  private int[] transposed(WeightCodes weights) {
    byte[] codes = weights.codes();
    int kernel = kernelHeight * kernelWidth;
    int[] result = new int[codes.length];
    for (int i = 0; i < codes.length; i++) {
      int o = i / (inPerGroup * kernel);
      int c = i / kernel % inPerGroup + o / outPerGroup * inPerGroup;
      result[(c * kernel + i % kernel) * outPerGroup + o % outPerGroup] =
          weights.gain() * codes[i] + weights.offset(o);
    }
    return result;
  }

  @Override
  public void forward(ImageTrace image) {
    int[] sums = image.sums[out - 1];
    Arrays.fill(sums, 0);
    int[] codes = image.codes[in];
    for (int place = 0; place < codes.length; place++) {
      if (codes[place] != zero) {
        scatter(place, codes[place] - zero, sums);
      }
    }
    touched.clear();
    for (int i = 0; i < sums.length; i++) {
      int o = i % outChannels;
      if (isLast()) {
        image.logits[o] = logit(o, sums[i]);
      } else {
        image.codes[out][i] = code(image, i, o, sums[i]);
      }
    }
  }

  @Override
  public boolean update(ImageTrace image, Changes changes) {
    int changed = changes.count(in);
    changes.budget -= (long) changed * kernelHeight * kernelWidth * outPerGroup;
    if (changes.budget < 0) {
      return false;
    }
    for (int i = 0; i < changed; i++) {
      scatter(changes.place(in, i), changes.difference(image, in, i), delta);
    }
    if (second >= 0) {
      for (int i = 0; i < changes.count(second); i++) {
        touched.add(changes.place(second, i) / outChannels);
      }
    }
    int[] sums = image.sums[out - 1];
    for (int t = 0; t < touched.size(); t++) {
      int first = touched.get(t) * outChannels;
      for (int o = 0; o < outChannels; o++) {
        int sum = sums[first + o] + delta[first + o];
        delta[first + o] = 0;
        put(image, changes, first + o, o, sum);
      }
    }
    changes.budget -= (long) touched.size() * outChannels;
    touched.clear();
    return true;
  }

  /**
   * Changes one weight of this layer, whose input has not changed.
   *
   * @param weight position in the layer's codes
   * @param difference of the weight code
   */
  void inject(int weight, int difference, ImageTrace image, Changes changes) {
    int kx = weight % kernelWidth;
    int ky = weight / kernelWidth % kernelHeight;
    int o = weight / (kernelWidth * kernelHeight * inPerGroup);
    int channel = weight / (kernelWidth * kernelHeight) % inPerGroup + o / outPerGroup * inPerGroup;
    int change = layer.weights().gain() * difference;
    int inHeight = layer.inputShape().height();
    int[] codes = image.codes[in];
    int[] sums = image.sums[out - 1];
    for (int oy = 0; oy < outHeight; oy++) {
      int y = oy * window.strideY() + ky * window.dilationY() - window.top();
      for (int ox = 0; ox < outWidth && y >= 0 && y < inHeight; ox++) {
        int x = ox * window.strideX() + kx * window.dilationX() - window.left();
        if (x >= 0 && x < inWidth) {
          int code = codes[(y * inWidth + x) * inChannels + channel] - zero;
          int place = (oy * outWidth + ox) * outChannels + o;
          if (code != 0) {
            put(image, changes, place, o, sums[place] + change * code);
          }
        }
      }
    }
  }

  /** Adds a code times each weight that reads it. */
  private void scatter(int place, int code, int[] to) {
    int channel = place % inChannels;
    int position = place / inChannels;
    int y = position / inWidth + window.top();
    int x = position % inWidth + window.left();
    int strideY = window.strideY();
    int strideX = window.strideX();
    int firstOut = channel / inPerGroup * outPerGroup;
    for (int ky = 0; ky < kernelHeight; ky++) {
      int fromY = y - ky * window.dilationY();
      int oy = fromY / strideY;
      if (fromY < 0 || oy >= outHeight || oy * strideY != fromY) {
        continue;
      }
      for (int kx = 0; kx < kernelWidth; kx++) {
        int fromX = x - kx * window.dilationX();
        int ox = fromX / strideX;
        if (fromX >= 0 && ox < outWidth && ox * strideX == fromX) {
          int at = oy * outWidth + ox;
          touched.add(at);
          int from = ((channel * kernelHeight + ky) * kernelWidth + kx) * outPerGroup;
          multiples.add(weights, from, code, to, at * outChannels + firstOut, outPerGroup);
        }
      }
    }
  }

  private void put(ImageTrace image, Changes changes, int place, int o, int sum) {
    if (isLast()) {
      changes.logits[o] = logit(o, sum);
    } else {
      changes.set(image, out, place, code(image, place, o, sum));
    }
  }

  private boolean isLast() {
    return layer.activation().isEmpty();
  }

  private float logit(int o, int sum) {
    return ((float) sum + bias[o]) * scale[o];
  }

  private int code(ImageTrace image, int place, int o, int sum) {
    float y = ((float) sum + bias[o]) * scale[o];
    if (second >= 0) {
      y = Math.fma(ratio, (float) (image.codes[second][place] - secondZero), y);
    }
    return (int) Math.min(Math.max(Math.rint(y) + outZero, 0), maxCode);
  }
}
