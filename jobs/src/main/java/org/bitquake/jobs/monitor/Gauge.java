package org.bitquake.jobs.monitor;

import org.apache.spark.util.AccumulatorV2;

/** A number that all tasks of a stage show alike: the largest that any was given, at least 0. */
final class Gauge extends AccumulatorV2<Double, Double> {
  private static final long serialVersionUID = 1L;
  private double largest;

  @Override
  public boolean isZero() {
    return largest == 0;
  }

  @Override
  public Gauge copy() {
    var copy = new Gauge();
    copy.largest = largest;
    return copy;
  }

  @Override
  public void reset() {
    largest = 0;
  }

  @Override
  public void add(Double value) {
    largest = Math.max(largest, value);
  }

  @Override
  public void merge(AccumulatorV2<Double, Double> other) {
    add(other.value());
  }

  @Override
  public Double value() {
    return largest;
  }
}
