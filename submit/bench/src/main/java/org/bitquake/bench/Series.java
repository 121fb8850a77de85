package org.bitquake.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.List;
import org.bitquake.bench.Measurement.Quantity;
import org.bitquake.bench.Measurement.Sample;

/** A measurement's samples, one a round. */
record Series(Quantity quantity, String subject, String engine, int images, List<Sample> samples) {
  Series {
    samples = List.copyOf(samples);
  }

  /** Median CPU time of a call, in seconds. */
  @JsonProperty("medianCpuSeconds")
  double seconds() {
    return median(samples.stream().mapToDouble(Sample::cpuSeconds).toArray());
  }

  /** Half the distance of the quartiles, as a fraction of the median. */
  double spread() {
    return spread(samples.stream().mapToDouble(Sample::cpuSeconds).toArray());
  }

  static double median(List<Double> values) {
    return median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  static double median(double[] values) {
    return quantile(values, 0.5);
  }

  static double spread(double[] values) {
    return (quantile(values, 0.75) - quantile(values, 0.25)) / 2 / median(values);
  }

  /** Between two order statistics linearly (Hyndman and Fan's definition 7). */
  private static double quantile(double[] values, double p) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double at = p * (sorted.length - 1);
    int low = (int) at;
    int high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
  }
}
