package org.bitquake.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the definition in double precision. */
class LiqWeightsTest {
  private static final int N = 500;
  private static final int BEFORE = 3;
  private final UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(4L);

  @ParameterizedTest
  @CsvSource({"2, true", "3, true", "4, true", "7, true", "4, false"})
  void valuesAndCodesAreThoseOfTheDefinition(int bits, boolean normalized) {
    float[] w = weights(0.05);
    var q = quantizer(bits, normalized, w);
    double alpha = q.step() * (double) ((1 << bits) - 1);
    assertThat(alpha).isCloseTo(normalized ? 1 : deviation(w), offset(1e-5));
    q.setStep(1.7f * q.step());
    alpha *= 1.7;

    float[] real = w.clone();
    q.quantize(w, BEFORE, N, real);
    byte[] codes = q.codes(w, BEFORE, N);
    int n = (1 << bits) - 1;
    int outermost = 0;
    for (int i = 0; i < N; i++) {
      double x = Math.min(Math.max(normal(w, i, normalized) / alpha, -1), 1);
      int level = codes[i] + (1 << (bits - 1));
      assertThat(level).isBetween(0, n);
      assertThat((double) level).isCloseTo((x + 1) / 2 * n, offset(0.5 + 1e-4));
      assertThat((double) real[BEFORE + i])
          .isCloseTo(alpha * (2.0 * level / n - 1), offset(1e-6 * alpha));
      assertThat(real[BEFORE + i]).isNotZero();
      outermost += Math.abs(x) == 1 ? 1 : 0;
    }
    assertThat(outermost).isPositive();
    assertThat(real).startsWith(w[0], w[1], w[2]).hasSize(BEFORE + N);
  }

  @Test
  void levelsOnATieGoToTheEvenOne() {
    float[] w = {0, 2, 4, -2, -4, -14, 14, 16};
    var q = quantizer(4, false, w, 0, w.length);
    q.setStep(1);

    assertThat(q.codes(w, 0, w.length)).containsExactly(0, 0, 2, -2, -2, -8, 6, 7);
  }

  /**
   * Mean, deviation and what rounding adds are frozen, as the straight-through estimator has it.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void gradientsAreThoseOfTheDefinitionByFiniteDifferences(boolean normalized) {
    float[] w = weights(0.05);
    var q = quantizer(4, normalized, w);
    q.setStep(1.4f * q.step());
    double alpha = q.step() * 15.0;
    float[] g = weights(1);
    float[] before = g.clone();
    double stepGradient = q.backward(w, g, BEFORE, N);

    double scale = normalized ? deviation(w) : 1;
    double ofAlpha = 0;
    int outside = 0;
    for (int i = 0; i < N; i++) {
      double v = normal(w, i, normalized);
      double x = clipped(v, alpha);
      double added = 2 * Math.rint((x + 1) / 2 * 15) / 15 - 1 - x;
      double h = 1e-7;
      ofAlpha +=
          before[BEFORE + i]
              * ((alpha + h) * (clipped(v, alpha + h) + added)
                  - (alpha - h) * (clipped(v, alpha - h) + added))
              / (2 * h);
      double slope = alpha * (clipped(v + h, alpha) - clipped(v - h, alpha)) / (2 * h);
      outside += slope == 0 ? 1 : 0;
      assertThat((double) g[BEFORE + i])
          .isCloseTo(before[BEFORE + i] * slope / scale, offset(1e-4 / scale));
    }
    assertThat(outside).isBetween(N / 20, N / 2);
    // A step is α / 15, and moves by rate · gradient as α / 15 does by rate · (gradient of α) / 15.
    assertThat(stepGradient * 15).isCloseTo(ofAlpha, offset(1e-3));
    assertThat(g).startsWith(before[0], before[1], before[2]);
  }

  @Test
  void aLayerOfEqualWeightsStaysFinite() {
    float[] w = {0.5f, 0.5f, 0.5f};
    var q = quantizer(4, true, w, 0, 3);
    var real = new float[3];
    q.quantize(w, 0, 3, real);

    assertThat(real).containsOnly(1f / 15);
  }

  @ParameterizedTest
  @ValueSource(floats = {0.5f, 1, 2, 3.5f})
  void weightsOfMean0AndDeviation1AreFoundFromTheirValues(float alpha) {
    float[] w = weights(0.05);
    var q = (LiqWeights) quantizer(4, true, w);
    q.setStep(alpha / 15);
    var values = new float[BEFORE + N];
    q.quantize(w, BEFORE, N, values);
    float[] own = java.util.Arrays.copyOfRange(values, BEFORE, BEFORE + N);
    float[] found = q.preimage(own, q.step(), 0.02).orElseThrow();

    var back = new float[N];
    q.quantize(found, 0, N, back);
    assertThat(back).containsExactly(own);
    var statistics = new DescriptiveStatistics();
    for (float f : found) {
      statistics.addValue(f);
    }
    assertThat(statistics.getMean()).isCloseTo(0, offset(1e-7));
    assertThat(statistics.getStandardDeviation()).isCloseTo(0.02, offset(1e-7));
  }

  @Test
  void valuesThatNoSuchWeightsHaveAreNotFound() {
    float[] w = weights(0.05);
    var q = (LiqWeights) quantizer(4, true, w);
    var values = new float[N];
    java.util.Arrays.fill(values, 1f / 15);

    assertThat(q.preimage(values, 1f / 15, 1)).isEmpty();
  }

  private static WeightQuantizer quantizer(int bits, boolean normalized, float[] w) {
    return quantizer(bits, normalized, w, BEFORE, N);
  }

  private static WeightQuantizer quantizer(
      int bits, boolean normalized, float[] w, int offset, int length) {
    return WeightQuantizer.of(Quantizer.LIQ, bits, normalized, w, offset, length);
  }

  private static double normal(float[] w, int i, boolean normalized) {
    return normalized ? (w[BEFORE + i] - mean(w)) / deviation(w) : w[BEFORE + i];
  }

  private static double mean(float[] w) {
    double sum = 0;
    for (int i = BEFORE; i < BEFORE + N; i++) {
      sum += w[i];
    }
    return sum / N;
  }

  private static double deviation(float[] w) {
    double sum = 0;
    for (int i = BEFORE; i < BEFORE + N; i++) {
      sum += Math.pow(w[i] - mean(w), 2);
    }
    return Math.sqrt(sum / (N - 1));
  }

  private static double clipped(double v, double alpha) {
    return Math.min(Math.max(v / alpha, -1), 1);
  }

  /** Three that belong to others, then the layer's, around a mean that is not 0. */
  private float[] weights(double size) {
    var w = new float[BEFORE + N];
    for (int i = 0; i < w.length; i++) {
      double sum = random.nextDouble() + random.nextDouble() + random.nextDouble();
      w[i] = (float) (size * (sum - 1.3));
    }
    return w;
  }
}
