package org.bitquake.fault.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.GammaDistribution;
import org.bitquake.fault.EventStream;
import org.bitquake.fault.FaultPattern;
import org.bitquake.fault.FaultScope;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.stats.Law;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GammaLawTest {
  /** The numbers of a trial, by way of a pattern that takes them. */
  private static double[] numbers(double shape, long trial, int count) {
    double[] numbers = new double[count];
    var taker =
        new FaultPattern() {
          @Override
          public String label() {
            return "numbers";
          }

          @Override
          public double mark(double rate) {
            return rate;
          }

          @Override
          public double rate(double mark) {
            return mark;
          }

          @Override
          public void draw(EventStream events, MemoryLayout memory, double mark, Addresses out) {
            new GammaLaw(shape).fill(events, 17, numbers);
          }
        };
    taker
        .source(9, MemoryLayout.plain(new int[] {8}, new int[] {4}), FaultScope.ALL)
        .draw(trial, 0.5);
    return numbers;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.1, 0.5, 0.999, 1, 1.7, 4, 50, 1e6})
  void followsItsLaw(double shape) {
    var law = GammaDistribution.of(shape, 1 / shape);
    int classes = 60;
    long[] observed = new long[classes];
    for (double number : numbers(shape, 1, 200_000)) {
      observed[(int) Math.min(classes - 1, law.cumulativeProbability(number) * classes)]++;
    }
    if (shape < 0.02) { // much of the law lies below the smallest number
      int least = (int) (law.cumulativeProbability(1e-300) * classes) + 1;
      long below = Arrays.stream(observed, 0, least).sum();
      Law.assertBinomial((int) below, 200_000, least / (double) classes);
      observed = Arrays.copyOfRange(observed, least, classes);
    }
    Law.assertUniform(observed);
  }

  /** The tails too, where ziggurat and wedge decide. */
  @ParameterizedTest
  @ValueSource(doubles = {0.5, 4, 1e6})
  void followsItsLawInTheTails(double shape) {
    var law = GammaDistribution.of(shape, 1 / shape);
    int count = 1_000_000;
    int[] above = new int[3];
    int[] below = new int[3];
    double[] tails = {1e-2, 1e-3, 1e-4};
    double[] numbers = numbers(shape, 2, count);
    for (int i = 0; i < tails.length; i++) {
      double high = law.inverseSurvivalProbability(tails[i]);
      double low = law.inverseCumulativeProbability(tails[i]);
      for (double number : numbers) {
        above[i] += number > high ? 1 : 0;
        below[i] += number < low ? 1 : 0;
      }
      Law.assertBinomial(above[i], count, tails[i]);
      Law.assertBinomial(below[i], count, tails[i]);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.3, 4})
  void aNumberDependsOnItsPositionAlone(double shape) {
    double[] many = numbers(shape, 3, 3000);
    for (int count : new int[] {1, 5, 255, 256, 257, 1000}) {
      assertThat(numbers(shape, 3, count)).isEqualTo(Arrays.copyOf(many, count));
    }
    assertThat(numbers(shape, 4, 5)).isNotEqualTo(Arrays.copyOf(many, 5));
  }

  @Test
  void theExponentialIsRightToFifteenDigits() {
    for (double x = 0; x > -699; x -= 0.0137) {
      assertThat(Exponential.of(x) / StrictMath.exp(x)).isBetween(1 - 1e-15, 1 + 1e-15);
    }
    assertThat(Exponential.of(0)).isEqualTo(1);
    assertThat(Exponential.of(-701)).isZero();
    assertThat(Exponential.of(Double.NEGATIVE_INFINITY)).isZero();
  }
}
