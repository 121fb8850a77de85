package org.bitquake.landscape;

/**
 * A mean and how far it may be off.
 *
 * @param mean of the samples
 * @param standardError estimated standard deviation of the mean
 * @param samples how many, at least 2
 */
public record MeanEstimate(double mean, double standardError, int samples) {
  /** Of independent samples, summed in order. */
  public static MeanEstimate of(double... samples) {
    if (samples.length < 2) {
      throw new IllegalArgumentException("a standard error needs at least 2 samples");
    }
    double sum = 0;
    for (double sample : samples) {
      sum += sample;
    }
    double mean = sum / samples.length;
    double squares = 0;
    for (double sample : samples) {
      squares += (sample - mean) * (sample - mean);
    }
    double variance = squares / (samples.length - 1);
    return new MeanEstimate(mean, Math.sqrt(variance / samples.length), samples.length);
  }
}
