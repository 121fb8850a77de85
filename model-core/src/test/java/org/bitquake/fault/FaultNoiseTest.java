package org.bitquake.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  /**
   * Of codes that are each there once, stuck bits that are worth the same in half the codes: the
   * mean of v/2 over the bits, all one way in straight binary, nearly balanced by the sign in two's
   * complement.
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8})
  void stuckCellsPushUnsignedCodesOneWay(int bits) {
    int half = 1 << (bits - 1);
    byte[] codes = new byte[2 * half];
    double square = 0;
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) (i - half);
      square += (double) codes[i] * codes[i] / codes.length;
    }
    double rate = 0.03;
    assertThat(shift(codes, bits, FaultKind.STUCK_AT_1, Encoding.OFFSET_BINARY, rate))
        .isEqualTo(rate * (2 * half - 1) / 2 / Math.sqrt(square), within(1e-12));
    assertThat(shift(codes, bits, FaultKind.STUCK_AT_0, Encoding.OFFSET_BINARY, rate))
        .isEqualTo(-rate * (2 * half - 1) / 2 / Math.sqrt(square), within(1e-12));
    assertThat(shift(codes, bits, FaultKind.STUCK_AT_1, Encoding.TWOS_COMPLEMENT, rate))
        .isEqualTo(-rate / 2 / Math.sqrt(square), within(1e-12));
  }

  private static double shift(
      byte[] codes, int bits, FaultKind kind, Encoding encoding, double rate) {
    return FaultNoise.of(codes, STEP, bits, 1, new int[1], kind, encoding, rate).shift();
  }

  /** Against the mean over many fault maps, of channels with steps and offsets of their own. */
  @ParameterizedTest
  @EnumSource(Encoding.class)
  void shiftIsTheMeanOverFaultMaps(Encoding encoding) {
    var random = new Random(5);
    byte[] codes = {1, 7, -3, -7, 0, 5};
    float[] steps = {0.5f, 0.25f};
    int[] offsets = {1, -1};
    double rate = 0.2;
    int maps = 100_000;
    double sum = 0;
    double squares = 0;
    double signal = 0;
    for (int i = 0; i < codes.length; i++) {
      double weight = steps[i / 3] * (2 * codes[i] + offsets[i / 3]);
      signal += weight * weight / codes.length;
    }
    for (int map = 0; map < maps; map++) {
      double change = 0;
      for (int i = 0; i < codes.length; i++) {
        int stored = encoding.encode(codes[i], 4);
        for (int bit = 0; bit < 4; bit++) {
          stored |= random.nextDouble() < rate ? 1 << bit : 0;
        }
        change += steps[i / 3] * 2 * (encoding.decode(stored, 4) - codes[i]) / codes.length;
      }
      sum += change;
      squares += change * change;
    }
    double mean = sum / maps;
    double error = Math.sqrt((squares / maps - mean * mean) / maps);
    double expected =
        FaultNoise.of(codes, steps, 4, 2, offsets, FaultKind.STUCK_AT_1, encoding, rate).shift();
    assertThat(expected * Math.sqrt(signal)).isEqualTo(mean, within(4.5 * error));
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
