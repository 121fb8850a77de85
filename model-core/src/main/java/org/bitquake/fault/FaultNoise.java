package org.bitquake.fault;

import java.util.Arrays;

/**
 * How much noise faults add to weights: the mean squared change of a weight over the mean squared
 * weight, expected over fault maps. For bit flips at a small rate p in two's complement it is about
 * p · (4^bits − 1) / (3 · mean squared code): what a flip changes depends on the step alone, so
 * codes that fill their range stand out against it.
 */
public final class FaultNoise {
  private FaultNoise() {}

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
    double[] changes = squaredChanges(bits, kind, encoding, rate);
    int half = 1 << (bits - 1);
    int channel = codes.length / steps.length;
    int offsetChannel = codes.length / offsets.length;
    double noise = 0;
    double signal = 0;
    for (int i = 0; i < codes.length; i++) {
      double square = (double) steps[i / channel] * steps[i / channel];
      double weight = gain * codes[i] + offsets[i / offsetChannel];
      noise += square * gain * gain * changes[codes[i] + half];
      signal += square * weight * weight;
    }
    return signal == 0 ? Double.NaN : noise / signal;
  }

  /** The expected squared change of each code, from the lowest on; NaN for what is no code. */
  private static double[] squaredChanges(int bits, FaultKind kind, Encoding encoding, double rate) {
    var corruption = new Corruption(kind, encoding, bits);
    int half = 1 << (bits - 1);
    double[] squares = new double[2 * half];
    Arrays.setAll(
        squares,
        i -> {
          byte code = (byte) (i - half);
          return encoding.represents(code, bits)
              ? squaredChange(corruption, code, bits, rate)
              : Double.NaN;
        });
    return squares;
  }

  private static double squaredChange(Corruption corruption, byte code, int bits, double rate) {
    double sum = 0;
    for (int mask = 0; mask < 1 << bits; mask++) {
      int faulty = Integer.bitCount(mask);
      double change = corruption.apply(code, mask) - code;
      sum += Math.pow(rate, faulty) * Math.pow(1 - rate, bits - faulty) * change * change;
    }
    return sum;
  }
}
