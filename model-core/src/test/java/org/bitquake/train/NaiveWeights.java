package org.bitquake.train;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The weights of a layer in training by the definitions of LSQ and LIQ with four bits, in double.
 *
 * @param positions the weights, normalised where LIQ does that, in steps
 * @param deviation what they were divided by; 1 if by nothing
 */
record NaiveWeights(double[] positions, double deviation, double step, boolean midRise) {
  static NaiveWeights of(QuantizedModel model, int l) {
    var slot = model.slots().get(l);
    var quantizer = model.weightQuantizers().get(l);
    double[] w =
        IntStream.range(slot.weightOffset(), slot.weightOffset() + slot.weights())
            .mapToDouble(i -> model.master()[i])
            .toArray();
    boolean normalise = quantizer.midRise() && model.layer(l).normalized();
    double mean = normalise ? Arrays.stream(w).average().orElseThrow() : 0;
    double squares = Arrays.stream(w).map(v -> (v - mean) * (v - mean)).sum();
    double deviation = normalise ? Math.sqrt(squares / (w.length - 1)) : 1;
    double step = quantizer.step();
    return new NaiveWeights(
        Arrays.stream(w).map(v -> (v - mean) / deviation / step).toArray(),
        deviation,
        step,
        quantizer.midRise());
  }

  boolean inside(int i) {
    return midRise ? Math.abs(positions[i]) <= 15 : positions[i] >= -8 && positions[i] <= 7;
  }

  /** By the step: what rounding adds inside the range, the integer outside. */
  double slope(int i) {
    return inside(i) ? integer(i) - positions[i] : integer(i);
  }

  double value(int i) {
    return integer(i) * step;
  }

  private double integer(int i) {
    double x = positions[i];
    return midRise
        ? 2 * Math.rint((Math.min(Math.max(x / 15, -1), 1) + 1) / 2 * 15) - 15
        : Math.rint(Math.min(Math.max(x, -8), 7));
  }
}
