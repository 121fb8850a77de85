package org.bitquake.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WavePlanTest {
  @ParameterizedTest
  @CsvSource({
    "2, 1, 0",
    "3, 72, 1000",
    "400, 72, 2500000000",
    "1000000000, 72, 2500000000",
    "7, 1, 1000000000000000"
  })
  void wavesCoverEveryTrialOnce(long trials, int rowsPerTrial, long macsPerTrial) {
    var plan = WavePlan.of(trials, rowsPerTrial, macsPerTrial);
    assertThat(plan.waves()).isBetween(2, (int) Math.min(trials, 100_000));
    assertThat(plan.first(0)).isZero();
    assertThat(plan.end(plan.waves() - 1)).isEqualTo(trials);
    long least = trials / plan.waves();
    for (int wave = 0; wave < plan.waves(); wave++) {
      assertThat(plan.end(wave) - plan.first(wave)).isBetween(least, least + 1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, 72, 10000000000, 4",
    "400, 72, 1, 2",
    "400, 72, 1000000000000, 50",
    "1000000, 1, 100000000000, 100"
  })
  void theWorkDecidesHowMany(long trials, int rowsPerTrial, long macsPerTrial, int waves) {
    assertThat(WavePlan.of(trials, rowsPerTrial, macsPerTrial).waves()).isEqualTo(waves);
  }

  @Test
  void someWorkFitsIntoAWaveAndMoreOnlyInPart() {
    assertThat(WavePlan.share(1e6, 100, 0, 0)).isEqualTo(1);
    assertThat(WavePlan.share(4e12, 100, 4e12, 100)).isEqualTo(0.25);
    assertThat(WavePlan.share(1e6, 1e6, 1e15, 2e6)).isEqualTo(0.5);
    assertThat(WavePlan.share(4e12, 100, 8e12, 1)).as("a quarter of what is done").isEqualTo(0.5);
    assertThat(WavePlan.share(1, 4e6, 1, 8e6)).isEqualTo(0.5);
    assertThat(WavePlan.files(1)).isEqualTo(1);
    assertThat(WavePlan.files(1_000_001)).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "1e6, 7, 1, 4",
    "1e6, 3, 1, 3",
    "1e12, 3000, 64, 20",
    "5e13, 3000, 20, 150",
    "5e13, 6, 2, 4"
  })
  void tasksKeepCoresBusyAndAreWorthStarting(double macs, int most, int atOnce, int tasks) {
    assertThat(WavePlan.tasks(macs, most, atOnce)).isEqualTo(tasks);
  }
}
