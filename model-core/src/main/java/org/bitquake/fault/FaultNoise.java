package org.bitquake.fault;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * What faults do to weights, expected over fault maps.
 *
 * <p>The ratio says how much noise they add. For bit flips at a small rate p in two's complement it
 * is about p · (4^bits − 1) / (3 · mean squared code): what a flip changes depends on the step
 * alone, so codes that fill their range stand out against it.
 *
 * <p>The shift says how far they push all weights one way. Cells that are stuck push unsigned codes
 * all one way; in two's complement the sign bit pushes the other way, by 2^(bits−1) against
 * 2^(bits−1) − 1.
 *
 * @param shift the mean change of a weight in units of the root mean square weight; NaN if all
 *     weights are 0
 * @param ratio the mean squared change of a weight over the mean squared weight; NaN if all weights
 *     are 0
 */
public record FaultNoise(double shift, double ratio) {
  /**
   * The ratio for the weights of a layer that are their codes; NaN if all are 0.
   *
   * @param codes output channels first
   * @param steps one for all, or one for each output channel
   * @param bits cells of a weight, 2 to 8
   * @param rate probability of each cell to be faulty, 0…1
   */
  public static double ratio(
      byte[] codes, float[] steps, int bits, FaultKind kind, Encoding encoding, double rate) {
    return ratio(codes, steps, bits, 1, new int[1], kind, encoding, rate);
  }

  /**
   * The ratio for weights that are {@code gain · code + offset}.
   *
   * @param offsets one for all, or one for each output channel, as {@code steps}
   */
  public static double ratio(
      byte[] codes,
      float[] steps,
      int bits,
      int gain,
      int[] offsets,
      FaultKind kind,
      Encoding encoding,
      double rate) {
    return of(codes, steps, bits, gain, offsets, kind, encoding, rate).ratio();
  }

  /**
   * Both for the weights of a layer, {@code gain · code + offset}.
   *
   * @param codes output channels first
   * @param steps one for all, or one for each output channel
   * @param bits cells of a weight, 2 to 8
   * @param offsets one for all, or one for each output channel
   * @param rate probability of each cell to be faulty, 0…1
   */
  public static FaultNoise of(
      byte[] codes,
      float[] steps,
      int bits,
      int gain,
      int[] offsets,
      FaultKind kind,
      Encoding encoding,
      double rate) {
    double[] changes = changes(bits, kind, encoding, rate, change -> change);
    double[] squares = changes(bits, kind, encoding, rate, change -> change * change);
    int half = 1 << (bits - 1);
    int channel = codes.length / steps.length;
    int offsetChannel = codes.length / offsets.length;
    double shift = 0;
    double noise = 0;
    double signal = 0;
    for (int i = 0; i < codes.length; i++) {
      double step = steps[i / channel];
      double square = step * step;
      double weight = gain * codes[i] + offsets[i / offsetChannel];
      shift += step * gain * changes[codes[i] + half];
      noise += square * gain * gain * squares[codes[i] + half];
      signal += square * weight * weight;
    }
    return signal == 0
        ? new FaultNoise(Double.NaN, Double.NaN)
        : new FaultNoise(shift / Math.sqrt(codes.length * signal), noise / signal);
  }

  /**
   * What is expected of the change of each code, from the lowest on; NaN for what is no code.
   *
   * @param of the change
   */
  private static double[] changes(
      int bits, FaultKind kind, Encoding encoding, double rate, DoubleUnaryOperator of) {
    var corruption = new Corruption(kind, encoding, bits);
    int half = 1 << (bits - 1);
    double[] expected = new double[2 * half];
    Arrays.setAll(
        expected,
        i -> {
          byte code = (byte) (i - half);
          return encoding.represents(code, bits)
              ? expected(corruption, code, bits, rate, of)
              : Double.NaN;
        });
    return expected;
  }

  private static double expected(
      Corruption corruption, byte code, int bits, double rate, DoubleUnaryOperator of) {
    double sum = 0;
    for (int mask = 0; mask < 1 << bits; mask++) {
      int faulty = Integer.bitCount(mask);
      double change = corruption.apply(code, mask) - code;
      sum += Math.pow(rate, faulty) * Math.pow(1 - rate, bits - faulty) * of.applyAsDouble(change);
    }
    return sum;
  }
}
