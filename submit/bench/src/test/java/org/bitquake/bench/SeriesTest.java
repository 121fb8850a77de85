package org.bitquake.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import org.bitquake.bench.Measurement.Quantity;
import org.bitquake.bench.Measurement.Sample;
import org.bitquake.bench.Threads.Scaling;
import org.junit.jupiter.api.Test;

class SeriesTest {
  @Test
  void medianAndQuartilesAreThoseOfAnyStatisticsBook() {
    double[] values = {9, 1, 3, 7, 5};
    assertThat(Series.median(values)).isEqualTo(5);
    assertThat(Series.spread(values)).isCloseTo((7 - 3) / 2.0 / 5, within(1e-12));
    assertThat(Series.median(new double[] {4, 1})).isEqualTo(2.5);
    assertThat(Series.median(List.of(8.0))).isEqualTo(8);
  }

  @Test
  void aDisturbedRoundDoesNotMoveTheMedian() {
    var samples = List.of(new Sample(1, 2, 2), new Sample(1, 50, 90), new Sample(1, 2, 3));
    assertThat(new Series(Quantity.LOAD, "x", "y", 0, samples).seconds()).isEqualTo(2);
  }

  @Test
  void theRatioOfThreadsIsTakenRoundByRound() {
    var halvedLater = new Scaling("x", "y", 1, List.of(10.0, 5.0), List.of(19.0, 9.5));
    assertThat(halvedLater.ratio()).isEqualTo(1.9);
  }

  @Test
  void aSampleCountsItsCallsAndMeasuresAtLeastOne() {
    int[] calls = {0};
    var m = new Measurement(Quantity.LOAD, "x", "y", 0, () -> calls[0]++);
    assertThat(m.sample(Duration.ZERO).calls()).isEqualTo(calls[0]).isEqualTo(1);
    Sample more = m.sample(Duration.ofMillis(2));
    assertThat(more.calls()).isEqualTo(calls[0] - 1).isGreaterThan(1);
    assertThat(more.cpuSeconds() * more.calls()).isGreaterThanOrEqualTo(0.002 * (1 - 1e-9));
  }
}
