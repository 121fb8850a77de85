package org.bitquake.landscape;

import org.bitquake.fault.Philox;

/** Random vectors to probe an operator with. */
public final class Probes {
  /** Number of the direction that power iteration starts from: no other use comes near it. */
  static final long START = Long.MIN_VALUE;

  private static final int WORD = 64;

  private Probes() {}

  /** Independent signs ±1 (Rademacher), a function of seed, number and length. */
  public static double[] rademacher(long seed, long number, int length) {
    var random = new Philox(seed, number);
    double[] signs = new double[length];
    for (int i = 0; i < length; i++) {
      int word = i / WORD;
      if (i % (4 * WORD) == 0) {
        random.block(word / 4, 0, 0, Philox.PROBES);
      }
      signs[i] = (random.word(word % 4) >>> (i % WORD) & 1) == 0 ? 1 : -1;
    }
    return signs;
  }

  /**
   * {@code zᵀHz} for a vector of random signs: its mean over numbers is the trace (Hutchinson,
   * 1989, <a href="https://doi.org/10.1080/03610918908812806">doi:10.1080/03610918908812806</a>).
   */
  public static double trace(SymmetricOperator operator, long seed, long number) {
    double[] z = rademacher(seed, number, operator.dimension());
    return Vectors.dot(z, operator.apply(z));
  }
}
