package org.bitquake.quant;

import java.util.Arrays;
import java.util.Optional;

/**
 * LIQ over normalised weights, as the code published with SAQ (arXiv 2111.12273) has it: {@code w'
 * = (w − mean) / deviation}, {@code x = clip(w' / α, −1, 1)}, {@code q = rint((x + 1) / 2 · n)}
 * with n = 2^b − 1, weight {@code α · (2q / n − 1)}; none of its 2^b values is 0. Memory holds q,
 * here as the signed code q − 2^(b−1); the integer weight is {@code 2q − n}, its step {@code α /
 * n}.
 *
 * <p>Mean and deviation (over length − 1) are constants to the gradient, which goes straight
 * through the rounding: that of α is {@code Σ g · (2q / n − 1 − x)} inside the clip and {@code Σ
 * ±g} outside. α is learned, from one deviation on. The gradient of the step is that of α over n,
 * so that to descend by it moves α as α's own would.
 */
public final class LiqWeights extends WeightQuantizer {
  private static final float SMALLEST_DEVIATION = 1e-8f;

  /** Of {@link #preimage}; layers of LeNet-5 as trained have needed five at most. */
  private static final int PROJECTIONS = 10_000;

  /** Half a cell of one value is one step; a float's rounding stays off its edge. */
  private static final double EDGE = 0.99;

  private static final double INSIDE = 0.9;

  private final boolean normalized;

  /** The largest integer weight, 2^b − 1. */
  private final float most;

  /** −2^(b−1): the code of q = 0. */
  private final int lowest;

  /** What is taken from a weight, and what it is divided by. */
  private record Scale(float mean, float deviation) {
    static final Scale NONE = new Scale(0, 1);

    static Scale of(float[] w, int offset, int length) {
      double sum = 0;
      for (int i = offset; i < offset + length; i++) {
        sum += w[i];
      }
      double mean = sum / length;
      double squares = 0;
      for (int i = offset; i < offset + length; i++) {
        squares += (w[i] - mean) * (w[i] - mean);
      }
      float deviation = (float) Math.sqrt(squares / Math.max(1, length - 1));
      return new Scale((float) mean, Math.max(deviation, SMALLEST_DEVIATION));
    }
  }

  /**
   * @param normalized whether weights are normalised; if not, w' = w
   */
  LiqWeights(int bits, boolean normalized, float[] w, int offset, int length) {
    super(Quantizer.LIQ, bits, w, offset, length);
    this.normalized = normalized;
    this.most = (1 << bits) - 1;
    this.lowest = -(1 << (bits - 1));
    setStep((normalized ? 1 : Scale.of(w, offset, length).deviation) / most);
  }

  @Override
  public boolean midRise() {
    return true;
  }

  /** Whether weights are normalised. */
  public boolean normalized() {
    return normalized;
  }

  private Scale scale(float[] w, int offset, int length) {
    return normalized ? Scale.of(w, offset, length) : Scale.NONE;
  }

  /** w' in steps: the integer weight that it would be without rounding and clip. */
  private float position(float w, Scale scale) {
    return (w - scale.mean) / scale.deviation / step();
  }

  /** q of a position. */
  private float level(float position) {
    return Codes.rint((Math.min(Math.max(position, -most), most) + most) / 2);
  }

  @Override
  public void quantize(float[] w, int offset, int length, float[] target) {
    var scale = scale(w, offset, length);
    for (int i = offset; i < offset + length; i++) {
      target[i] = (2 * level(position(w[i], scale)) - most) * step();
    }
  }

  @Override
  public byte[] codes(float[] w, int offset, int length) {
    var scale = scale(w, offset, length);
    var codes = new byte[length];
    for (int i = 0; i < length; i++) {
      codes[i] = (byte) ((int) level(position(w[offset + i], scale)) + lowest);
    }
    return codes;
  }

  @Override
  public double backward(float[] w, float[] gradient, int offset, int length) {
    var scale = scale(w, offset, length);
    double stepGradient = 0;
    for (int i = offset; i < offset + length; i++) {
      float position = position(w[i], scale);
      float integer = 2 * level(position) - most;
      if (position >= -most && position <= most) {
        stepGradient += gradient[i] * (double) (integer - position);
        gradient[i] /= scale.deviation;
      } else {
        stepGradient += gradient[i] * (double) integer;
        gradient[i] = 0;
      }
    }
    return stepGradient / ((double) most * most);
  }

  /**
   * Weights that this quantiser, with the step given, turns into the values given: they have mean 0
   * and deviation 1 where normalised, and lie in the cells of those values, of which the outermost
   * have no outer end. Projects onto the one set and the other in turn until both hold.
   *
   * @param values weights as {@link #quantize} writes them
   * @param deviation what the weights are multiplied by in the end
   * @return empty if there are none, or {@value #PROJECTIONS} projections do not find them
   */
  public Optional<float[]> preimage(float[] values, float step, double deviation) {
    double[] x = new double[values.length];
    Arrays.setAll(x, i -> values[i]);
    for (int k = 0; k < PROJECTIONS; k++) {
      normalise(x);
      if (project(x, values, step) == 0) {
        var found = new float[x.length];
        for (int i = 0; i < x.length; i++) {
          found[i] = (float) (x[i] * deviation);
        }
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  private static void normalise(double[] x) {
    double mean = Arrays.stream(x).average().orElse(0);
    double squares = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum();
    double deviation = Math.sqrt(squares / Math.max(1, x.length - 1));
    for (int i = 0; i < x.length; i++) {
      x[i] = (x[i] - mean) / Math.max(deviation, SMALLEST_DEVIATION);
    }
  }

  /** Moves what is outside its cell to its edge, and says how much that was. */
  private int project(double[] x, float[] values, float step) {
    int moved = 0;
    for (int i = 0; i < x.length; i++) {
      double low = values[i] <= -most * step ? Double.NEGATIVE_INFINITY : values[i] - EDGE * step;
      double high = values[i] >= most * step ? Double.POSITIVE_INFINITY : values[i] + EDGE * step;
      moved += x[i] < low || x[i] > high ? 1 : 0;
      // To well inside, so that few steps are enough.
      x[i] =
          x[i] < low ? values[i] - INSIDE * step : x[i] > high ? values[i] + INSIDE * step : x[i];
    }
    return moved;
  }
}
