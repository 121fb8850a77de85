package org.bitquake.stats;

/**
 * Exact limits for the successes M among N, from x successes in a sample of n drawn without
 * replacement: the finite population's Clopper–Pearson interval (Wright, "Exact confidence bounds
 * when sampling from small finite universes", 1991, <a
 * href="https://doi.org/10.1007/978-1-4612-3140-0">doi:10.1007/978-1-4612-3140-0</a>). Tails are
 * sums of ratios of neighbouring probabilities: plain arithmetic, the same on every machine.
 */
final class Hypergeometric {
  private static final double NEGLIGIBLE = 1e-25;

  private Hypergeometric() {}

  /** The largest M with P(X ≤ x | M) &gt; level: an upper limit that holds with 1 − level. */
  static long upper(long population, long sample, long successes, double level) {
    long low = successes;
    long high = population - (sample - successes);
    while (low < high) { // P(X ≤ x | M) falls with M
      long middle = high - (high - low) / 2;
      if (atMost(population, sample, middle, successes) > level) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** The smallest M with P(X ≥ x | M) &gt; level. */
  static long lower(long population, long sample, long successes, double level) {
    return population - upper(population, sample, sample - successes, level);
  }

  /** P(X ≤ x) where M of N are successes. */
  static double atMost(long population, long sample, long marked, long x) {
    long least = Math.max(0, sample - (population - marked));
    long most = Math.min(sample, marked);
    if (x >= most) {
      return 1;
    }
    if (x < least) {
      return 0;
    }
    long mode =
        Math.max(
            least, Math.min(most, (long) ((sample + 1.0) * (marked + 1.0) / (population + 2.0))));
    double below = 0;
    double above = 0;
    double term = 1; // relative to the mode
    for (long k = mode; k >= least && term > NEGLIGIBLE * (below + above); k--) {
      below += k <= x ? term : 0;
      above += k <= x ? 0 : term;
      term *= (double) k * (population - marked - sample + k);
      term /= (marked - k + 1.0) * (sample - k + 1.0);
    }
    term = 1;
    for (long k = mode + 1; k <= most && term > NEGLIGIBLE * (below + above); k++) {
      term *= (marked - k + 1.0) * (sample - k + 1.0);
      term /= (double) k * (population - marked - sample + k);
      below += k <= x ? term : 0;
      above += k <= x ? 0 : term;
    }
    return below / (below + above);
  }
}
