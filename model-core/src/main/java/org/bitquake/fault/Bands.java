package org.bitquake.fault;

import org.apache.commons.math3.util.FastMath;

/**
 * The bands that [0, 1) is cut into, so that a cell's mark does not depend on the rates of a
 * campaign. Their edges are the rates people use: {1, 2, 3, 4, 5, 6, 8} · 10⁻ᵏ, from 10⁻⁶ upward;
 * see {@link FaultSampler} for the law.
 *
 * <p>Logarithms come from {@link FastMath} (plain Java arithmetic): {@code Math.log} may differ
 * from machine to machine.
 */
final class Bands {
  private static final int[] DIGITS = {1, 2, 3, 4, 5, 6, 8};
  private static final int DECADES = 6;

  /** The number of bands. */
  static final int COUNT = DECADES * DIGITS.length + 1;

  private static final double[] EDGES = edges();
  private static final double[] SKIP_SCALES = skipScales();

  private Bands() {}

  /** The lower edge of a band, inclusive; that of band {@link #COUNT} is 1. */
  static double lower(int band) {
    return EDGES[band];
  }

  /** How many bands begin below a rate. */
  static int below(double rate) {
    int bands = 0;
    while (bands < COUNT && EDGES[bands] < rate) {
      bands++;
    }
    return bands;
  }

  /** The mark at {@code position} in [0, 1) of the way through a band, always inside the band. */
  static double mark(int band, double position) {
    double low = EDGES[band];
    double high = EDGES[band + 1];
    return Math.min(low + (high - low) * position, Math.nextDown(high));
  }

  /** The probability q that the band hits a cell: (e₁ − e₀) / (1 − e₀) for the band [e₀, e₁). */
  static double hitProbability(int band) {
    return (EDGES[band + 1] - EDGES[band]) / (1 - EDGES[band]);
  }

  /** 1 / log(1 − q): the factor from the logarithm of a uniform number to a geometric skip. */
  static double skipScale(int band) {
    return SKIP_SCALES[band];
  }

  private static double[] edges() {
    double[] edges = new double[COUNT + 1];
    int next = 1;
    double unit = 1e6;
    for (int decade = 0; decade < DECADES; decade++) {
      for (int digit : DIGITS) {
        edges[next++] = digit / unit; // correctly rounded, so equal to the decimal literal
      }
      unit /= 10;
    }
    edges[COUNT] = 1;
    return edges;
  }

  private static double[] skipScales() {
    double[] scales = new double[COUNT];
    for (int band = 0; band < COUNT; band++) {
      scales[band] = 1 / FastMath.log1p(-hitProbability(band)); // q = 1 gives −0: no skip
    }
    return scales;
  }
}
