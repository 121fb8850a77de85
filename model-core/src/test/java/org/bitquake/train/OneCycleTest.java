package org.bitquake.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import org.junit.jupiter.api.Test;

/**
 * Against values of PyTorch 1.13's {@code OneCycleLR(opt, 0.02, total_steps=100, pct_start=0.15)}.
 */
class OneCycleTest {
  private final OneCycle schedule = new OneCycle(0.02, 100);

  @Test
  void startsTurnsAndEndsWherePyTorchDoes() {
    assertThat(schedule.learningRate(0)).isCloseTo(0.0008, offset(1e-12));
    assertThat(schedule.learningRate(7)).isCloseTo(0.0104, offset(1e-12));
    assertThat(schedule.learningRate(14)).isCloseTo(0.02, offset(1e-12));
    assertThat(schedule.learningRate(99)).isCloseTo(8e-8, offset(1e-12));
    assertThat(schedule.momentum(0)).isCloseTo(0.95, offset(1e-12));
    assertThat(schedule.momentum(14)).isCloseTo(0.85, offset(1e-12));
    assertThat(schedule.momentum(99)).isCloseTo(0.95, offset(1e-12));
  }

  @Test
  void fallsAlongACosine() {
    double share = (50.0 - 14) / (99 - 14);
    double expected = 8e-8 + (0.02 - 8e-8) / 2 * (1 + Math.cos(Math.PI * share));

    assertThat(schedule.learningRate(50)).isCloseTo(expected, offset(1e-12));
  }

  @Test
  void aVeryShortRunStillHasASchedule() {
    var one = new OneCycle(0.02, 1);

    assertThat(one.learningRate(0)).isBetween(0.0, 0.02);
    assertThat(one.momentum(0)).isBetween(0.85, 0.95);
  }
}
