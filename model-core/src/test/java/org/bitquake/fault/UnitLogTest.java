package org.bitquake.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class UnitLogTest {
  @Test
  void agreesWithStrictMath() {
    var random = new SplittableRandom(3);
    for (int i = 0; i < 200_000; i++) {
      // Every magnitude from 2⁻⁵³ to 1, and the neighbourhood of 1.
      double u = Philox.unitOpenClosed(random.nextLong() >>> random.nextInt(54));
      check(u);
      check(1 - (u < 1 ? u : 0x1p-53));
    }
    check(1);
    check(0x1p-53);
  }

  private static void check(double u) {
    double exact = StrictMath.log(u);
    assertThat(Math.abs(UnitLog.log(u) - exact))
        .as("log %s", u)
        .isLessThan(4e-16 * Math.max(1, Math.abs(exact)));
    assertThat(Math.abs(UnitLog.estimate(u) - exact)).as("log %s", u).isLessThan(1e-10);
  }
}
