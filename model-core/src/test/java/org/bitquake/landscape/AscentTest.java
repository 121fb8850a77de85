package org.bitquake.landscape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import org.junit.jupiter.api.Test;

class AscentTest {
  private final LossFunction f = new LossFunction(Trained.network("standard"), Trained.images(96));

  @Test
  void theOneStepIsRhoTimesTheUnitGradient() {
    double[] g = f.gradient(f.space().centre());
    double[] epsilon = Vectors.scaled(0.2 / Vectors.norm(g), g);
    var ascent = Ascent.of(f, 0.2, 1);

    assertThat(ascent.centre()).isEqualTo(f.at(f.space().centre()));
    assertThat(ascent.oneStep().loss()).isCloseTo(f.at(f.space().at(epsilon)).loss(), offset(1e-6));
    assertThat(ascent.bestStep()).isEqualTo(ascent.oneStep());
    assertThat(ascent.oneStepRise()).isPositive();
  }

  @Test
  void moreStepsFindNoSmallerRiseAndMoreThanRandomDirectionsDo() {
    var ascent = Ascent.of(f, 0.2, 6);
    assertThat(ascent.rise()).isGreaterThan(ascent.oneStepRise());
    for (int k = 0; k < 20; k++) {
      double[] d = Direction.gaussian(1, k, 0, f.space().dimension());
      double[] v = Vectors.scaled(0.2 / Vectors.norm(d), d);
      assertThat(f.at(f.space().at(v)).loss()).isLessThan(ascent.oneStep().loss());
    }
  }

  /** For a small radius the rise is that of the tangent: ρ·‖g‖. */
  @Test
  void withoutRoundingOfActivationsTheRiseWouldBeTheGradients() {
    double[] g = f.gradient(f.space().centre());
    double small = Ascent.of(f, 0.02, 1).oneStepRise();
    assertThat(small).isBetween(0.3 * 0.02 * Vectors.norm(g), 3 * 0.02 * Vectors.norm(g));
  }

  @Test
  void aRadiusMustBePositive() {
    for (double rho : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> Ascent.of(f, rho, 1)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> Ascent.of(f, 1, 0)).isInstanceOf(IllegalArgumentException.class);
  }
}
