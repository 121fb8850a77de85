package org.bitquake.jobs.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TicksTest {
  @ParameterizedTest
  @CsvSource({
    "5, 6, 1, 1",
    "60, 6, 10, 10",
    "0.1, 6, 0.02, 0.02",
    "13, 6, 2.5, 2.5",
    "1e-4, 6, 2e-5, 0.00002"
  })
  void stepsAreRoundAndPrintedWithTheirDecimals(double range, int n, double step, String text) {
    assertThat(Ticks.step(range, n)).isCloseTo(step, within(1e-9 * step));
    assertThat(Ticks.format(Ticks.step(range, n)).format(step)).isEqualTo(text);
  }
}
