package org.bitquake.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ActivationQuantizerTest {
  private final UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(5L);

  @Test
  void clipsRoundsAndCountsZeros() {
    var q = new ActivationQuantizer(Quantizer.LSQ, 4);
    q.setStep(0.5f);
    float[] x = {-1, 0, 0.2f, 0.25f, 0.26f, 0.75f, 7.4f, 9};
    q.forward(x, x.length, true);

    assertThat(x).containsExactly(0, 0, 0, 0, 0.5f, 1f, 7.5f, 7.5f);
    assertThat(q.zeroFraction()).isEqualTo(0.5);
    q.resetCounts();
    assertThat(q.zeroFraction()).isZero();
  }

  @Test
  void theGradientPassesInsideTheRangeOnlyAndZeroIsInactive() {
    var q = new ActivationQuantizer(Quantizer.LSQ, 4);
    q.setStep(0.5f);
    float[] x = {-1, 0, 0.2f, 0.75f, 7.5f, 7.6f};
    float[] g = {1, 1, 1, 2, 3, 4};
    q.backward(x, g, x.length, 0.5f, 1);

    assertThat(g).containsExactly(0, 0, 1.5f, 2.5f, 3.5f, 0);
    double expected = (1.5 * (0 - 0.4) + 2.5 * (2 - 1.5) + 3.5 * 0 + 4.5 * 15) / Math.sqrt(6 * 15);
    assertThat(q.stepGradient()).isCloseTo(expected, offset(1e-5));
  }

  @Test
  void liqLearnsAClipThatStartsAt3ByItsOwnGradient() {
    var step = new ActivationStep(Quantizer.LIQ);
    var q = new ActivationQuantizer(step, 4);
    q.forward(batch(1), 4000, true);
    assertThat(q.step()).isEqualTo(3f / 15);

    float[] x = batch(4);
    float[] g = batch(1);
    double expected = 0;
    for (int i = 0; i < x.length; i++) {
      // of c · (clip(x / c, 0, 1) + what rounding adds), the rounding frozen
      double added = Math.rint(clipped(x[i], 3) * 15) / 15 - clipped(x[i], 3);
      double h = 1e-6;
      double up = (3 + h) * (clipped(x[i], 3 + h) + added);
      double down = (3 - h) * (clipped(x[i], 3 - h) + added);
      expected += (g[i] + 0.25) * (up - down) / (2 * h);
    }
    step.beginPass();
    q.backward(x, g.clone(), x.length, 0.25f, 4);

    // A step is c / 15, and moves by rate · gradient as c / 15 does by rate · (gradient of c) / 15.
    assertThat(q.stepGradient() * 15).isCloseTo(expected, offset(1e-4));
  }

  private static double clipped(double x, double clip) {
    return Math.min(Math.max(x / clip, 0), 1);
  }

  @Test
  void aShiftedStepIsAnotherUntilTheEndOfThePass() {
    var step = new ActivationStep(Quantizer.LIQ);
    step.set(0.2f);
    step.shift(0.05f);
    assertThat(step.value()).isEqualTo(0.25f);
    step.shift(-1);
    assertThat(step.value()).isPositive().isLessThan(1e-6f);
    step.endPass();
    assertThat(step.value()).isEqualTo(0.2f);
  }

  @Test
  void everyFloatNearAClipIsOnItsOwnSide() {
    var q = new ActivationQuantizer(Quantizer.LSQ, 8);
    q.setStep(1);
    float[] x = new float[4000];
    for (int i = 0; i < x.length; i++) {
      float[] edges = {0f, -0f, 255f, 254.5f, 1e30f, -1e30f, Float.MIN_VALUE, -Float.MIN_VALUE};
      x[i] = edges[i % 8];
      for (int away = i / 8 % 3; away > 0; away--) {
        x[i] = i % 2 == 0 ? Math.nextUp(x[i]) : Math.nextDown(x[i]);
      }
    }
    var g = new float[x.length];
    double sum = 0;
    var expected = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      g[i] = random.nextFloat() - 0.5f;
      boolean inside = x[i] > 0 && x[i] <= 255;
      expected[i] = inside ? g[i] + 0.25f : 0;
      double code = Math.rint(Math.max(0, Math.min(255, (double) x[i])));
      sum += (g[i] + 0.25f) * (double) (float) (code - (inside ? x[i] : 0));
    }
    q.backward(x, g, x.length, 0.25f, 4);

    assertThat(g).containsExactly(expected);
    assertThat(q.stepGradient()).isCloseTo(sum / Math.sqrt(1000.0 * 255), offset(1e-9));
  }

  @ParameterizedTest
  @EnumSource(Quantizer.class)
  void theFirstBatchSetsTheStepAndLaterOnesMoveItOnlyInTraining(Quantizer quantizer) {
    var step = new ActivationStep(quantizer);
    var q = new ActivationQuantizer(step, 4);
    q.forward(batch(1), 4000, true);
    step.endPass();
    float first = q.step();
    assertThat(first).isBetween(0.01f, 1f);

    q.forward(batch(2), 4000, false);
    step.endPass();
    assertThat(q.step()).isEqualTo(first);
    q.forward(batch(2), 4000, true);
    step.endPass();
    if (quantizer.learns()) {
      assertThat(q.step()).isEqualTo(first);
    } else {
      assertThat(q.step()).isCloseTo(first * 1.05f, offset(first * 0.01f));
    }
  }

  @Test
  void theMaxStepMapsTheUpperQuantileToTheLargestCode() {
    var q = new ActivationQuantizer(Quantizer.MAX, 4);
    var x = new float[10_000];
    for (int i = 0; i < x.length; i++) {
      x[i] = i;
    }
    q.forward(x, x.length, true);

    assertThat(q.step()).isCloseTo(9990f / 15, offset(0.1f));
  }

  private float[] batch(float scale) {
    var x = new float[4000];
    for (int i = 0; i < x.length; i++) {
      x[i] = scale * (random.nextFloat() * 2 - 1);
    }
    return x;
  }
}
