package org.bitquake.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightQuantizerTest {
  private static final int N = 500;
  private final UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(3L);

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 8})
  void codesAreTheClippedRoundedQuotients(int bits) {
    float[] w = weights();
    var q = new WeightQuantizer(Quantizer.LSQ, bits, w, 0, N);
    float[] real = new float[N];
    q.quantize(w, 0, N, real);
    byte[] codes = q.codes(w, 0, N);

    int high = (1 << (bits - 1)) - 1;
    for (int i = 0; i < N; i++) {
      double code = Math.rint(Math.min(Math.max(w[i] / q.step(), -high - 1), high));
      assertThat((double) codes[i]).isEqualTo(code);
      assertThat(real[i]).isEqualTo((float) code * q.step());
    }
  }

  @Test
  void halvesRoundToEven() {
    float[] w = {0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -2.5f};
    var q = new WeightQuantizer(Quantizer.LSQ, 4, w, 0, w.length);
    q.setStep(1);

    assertThat(q.codes(w, 0, w.length)).containsExactly(0, 2, 2, 0, -2, -2);
  }

  @Test
  void aLearnedStepStartsAtTwiceTheMeanMagnitudeOverTheRootOfTheLargestCode() {
    float[] w = {1, -3, 2, -2};

    assertThat(new WeightQuantizer(Quantizer.LSQ, 4, w, 0, 4).step())
        .isCloseTo((float) (2 * 2 / Math.sqrt(7)), offset(1e-6f));
  }

  @Test
  void theMaxStepMapsTheLargestMagnitudeToTheLargestCode() {
    float[] w = weights();
    float max = 0;
    for (float x : w) {
      max = Math.max(max, Math.abs(x));
    }

    assertThat(new WeightQuantizer(Quantizer.MAX, 4, w, 0, N).step()).isEqualTo(max / 7);
  }

  @Test
  void theMseStepIsAtLeastAsGoodAsAnyOfAFineGrid() {
    float[] w = weights();
    float step = new WeightQuantizer(Quantizer.MSE, 4, w, 0, N).step();
    float max = 7 * new WeightQuantizer(Quantizer.MAX, 4, w, 0, N).step();

    double best = Double.POSITIVE_INFINITY;
    for (int k = 1; k <= 1000; k++) {
      best = Math.min(best, error(w, max / 7 * k / 1000));
    }
    assertThat(error(w, step)).isLessThan(best * 1.03).isLessThan(0.8 * error(w, max / 7));
  }

  @ParameterizedTest
  @EnumSource(Quantizer.class)
  void onlyLsqAndLiqLearnTheirStep(Quantizer quantizer) {
    float[] w = weights();
    var q = WeightQuantizer.of(quantizer, 4, true, w, 0, N);
    float before = q.step();
    for (int i = 0; i < N; i++) {
      w[i] *= 2;
    }
    q.refresh(w, 0, N);

    boolean learns = quantizer == Quantizer.LSQ || quantizer == Quantizer.LIQ;
    assertThat(q.step()).isEqualTo(learns ? before : 2 * before);
    assertThat(q.learned()).isEqualTo(learns);
    assertThat(q.midRise()).isEqualTo(quantizer == Quantizer.LIQ);
  }

  private static double error(float[] w, float step) {
    double sum = 0;
    for (float x : w) {
      double e = x - Math.rint(Math.min(Math.max(x / step, -8), 7)) * step;
      sum += e * e;
    }
    return sum;
  }

  private float[] weights() {
    var w = new float[N];
    for (int i = 0; i < N; i++) {
      w[i] = random.nextFloat() + random.nextFloat() + random.nextFloat() - 1.5f;
    }
    return w;
  }
}
