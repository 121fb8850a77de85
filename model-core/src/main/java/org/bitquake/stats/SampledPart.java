package org.bitquake.stats;

import org.bitquake.Text;

/**
 * A part of a finite population and a sample of it, drawn uniformly without replacement. Each
 * member has a value in 0 … 1; a proportion is the mean of values 0 and 1.
 *
 * @param population N, at least 1
 * @param sample n, 0 to N
 * @param sum of the values of the sample
 * @param binary whether all values are 0 or 1
 */
public record SampledPart(long population, long sample, double sum, boolean binary) {
  public SampledPart {
    boolean whole = sum == Math.rint(sum);
    if (population < 1 || sample < 0 || sample > population || (binary && !whole)) {
      throw new IllegalArgumentException(
          Text.of("no sample of %d out of %d with sum %s", sample, population, sum));
    }
    if (!(sum >= 0 && sum <= sample)) {
      throw new IllegalArgumentException(Text.of("%d values in 0…1 have no sum %s", sample, sum));
    }
  }

  /** A sample of which {@code successes} have the property asked for. */
  public static SampledPart proportion(long population, long sample, long successes) {
    return new SampledPart(population, sample, successes, true);
  }

  /** The same with the values 1 − y. */
  SampledPart mirrored() {
    return new SampledPart(population, sample, sample - sum, binary);
  }

  /** The least that the mean of the part can be, whatever the members not seen are. */
  double least() {
    return sum / population;
  }

  /** The most that the mean of the part can be. */
  double most() {
    return (sum + (population - sample)) / population;
  }
}
