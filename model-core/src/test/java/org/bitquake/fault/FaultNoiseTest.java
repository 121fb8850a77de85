package org.bitquake.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultNoiseTest {
  private static final float[] STEP = {0.03f};

  /**
   * In two's complement each cell adds what it is worth by itself, so the mean square is the
   * variance plus the squared mean of a sum of independent parts.
   */
  @ParameterizedTest
  @EnumSource(FaultKind.class)
  void isVarianceAndSquaredMeanOfTheCells(FaultKind kind) {
    for (int bits : new int[] {2, 4, 7, 8}) {
      for (double rate : new double[] {0, 0.01, 0.3, 1}) {
        byte[] codes = codes(bits, 40);
        double noise = 0;
        double signal = 0;
        for (byte code : codes) {
          double mean = 0;
          double variance = 0;
          for (int bit = 0; bit < bits; bit++) {
            boolean set = (code >> bit & 1) == 1;
            double worth = (bit == bits - 1 ? -1 : 1) * (1 << bit);
            double change =
                switch (kind) {
                  case BIT_FLIP -> set ? -worth : worth;
                  case STUCK_AT_0 -> set ? -worth : 0;
                  case STUCK_AT_1 -> set ? 0 : worth;
                };
            mean += rate * change;
            variance += rate * (1 - rate) * change * change;
          }
          noise += variance + mean * mean;
          signal += code * code;
        }
        assertThat(FaultNoise.ratio(codes, STEP, bits, kind, Encoding.TWOS_COMPLEMENT, rate))
            .isEqualTo(noise / signal, within(1e-9 * (1 + noise / signal)));
      }
    }
  }

  /**
   * A flip of the sign turns a weight over, whatever it is: (2c)² of c², in each of the 4 cells.
   */
  @Test
  void ofSignAndMagnitudeIsTheDoubleWhereOnlyTheSignFlips() {
    byte[] codes = {7};
    double rate = 1e-9;
    double parts = (1 + 4 + 16) + 4 * 49;
    assertThat(FaultNoise.ratio(codes, STEP, 4, FaultKind.BIT_FLIP, Encoding.SIGN_MAGNITUDE, rate))
        .isEqualTo(rate * parts / 49, within(1e-15));
  }

  @Test
  void channelsOfLargerStepsCountForMore() {
    byte[] codes = {1, 1, 2, 2};
    float[] steps = {1, 2};
    double rate = 1e-9;
    double flips = rate * 85;
    assertThat(
            FaultNoise.ratio(codes, steps, 4, FaultKind.BIT_FLIP, Encoding.TWOS_COMPLEMENT, rate))
        .isEqualTo(flips * (2 * 1 + 2 * 4) / (2 * 1 + 2 * 4 * 4), within(1e-12));
  }

  /** A flip of cell k changes a mid-rise weight by 2 · 2^k steps. */
  @Test
  void ofMidRiseWeightsIsThatOfTheIntegersThatTheyStandFor() {
    byte[] codes = {-8, 0, 3};
    double rate = 1e-9;
    assertThat(
            FaultNoise.ratio(
                codes, STEP, 4, 2, new int[] {1}, FaultKind.BIT_FLIP, Encoding.OFFSET_BINARY, rate))
        .isEqualTo(rate * 3 * 4 * 85 / (15 * 15 + 1 + 7 * 7), within(1e-12));
  }

  @Test
  void ofZeroesIsNoNumber() {
    assertThat(
            FaultNoise.ratio(
                new byte[3], STEP, 4, FaultKind.BIT_FLIP, Encoding.TWOS_COMPLEMENT, 0.1))
        .isNaN();
  }

  private static byte[] codes(int bits, int count) {
    var random = new Random(bits);
    byte[] codes = new byte[count];
    for (int i = 0; i < count; i++) {
      codes[i] = (byte) (random.nextInt(1 << bits) - (1 << (bits - 1)));
    }
    return codes;
  }
}
