package org.bitquake.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KernelsTest {
  private static int defined(float y, int max) {
    return (int) Math.rint(Math.min(Math.max(y, 0f), max));
  }

  /**
   * Both functions never decrease, so where they agree on two floats with one value they agree on
   * all floats between. The floats next to each k + ½, and both ends, are therefore all there is.
   */
  @Test
  void roundingIsTheDefinitionForEveryFloat() {
    for (int bits = 1; bits <= 8; bits++) {
      int max = (1 << bits) - 1;
      check(Float.NEGATIVE_INFINITY, max);
      check(Float.POSITIVE_INFINITY, max);
      for (int k = -1; k <= 256; k++) {
        float tie = k + 0.5f;
        check(Math.nextDown(tie), max);
        check(tie, max);
        check(Math.nextUp(tie), max);
      }
    }
  }

  @Test
  void roundingNeverDecreases() {
    float[] ends = {
      Float.NEGATIVE_INFINITY,
      -Float.MAX_VALUE,
      -1e9f,
      -25165824f,
      -16777216f,
      -12582913f,
      -12582912f,
      -12582911f,
      -8388608f,
      -4194305f,
      -4194304f,
      -300,
      -1,
      -0.5f,
      -Float.MIN_VALUE,
      -0f,
      0f,
      Float.MIN_VALUE,
      0.5f,
      1,
      255,
      255.5f,
      256,
      4194303.5f,
      4194304f,
      8388608f,
      12582912f,
      1e9f,
      1e20f,
      Float.MAX_VALUE,
      Float.POSITIVE_INFINITY
    };
    int before = 0;
    for (float y : ends) {
      check(y, 255);
      assertThat(Kernels.round(y, 0, 255)).isGreaterThanOrEqualTo(before);
      before = Kernels.round(y, 0, 255);
    }
  }

  @Test
  void roundingIsTheDefinitionOnAGridOfAllFloats() {
    long mismatches = 0;
    for (long bits = Integer.MIN_VALUE; bits <= Integer.MAX_VALUE; bits += 997) {
      float y = Float.intBitsToFloat((int) bits);
      if (!Float.isNaN(y) && Kernels.round(y, 0, 15) != defined(y, 15)) {
        mismatches++;
      }
    }
    assertThat(mismatches).isZero();
  }

  @Test
  void theResidualIsAddedWithOneRounding() {
    int different = 0;
    for (int k = 0; k < 15; k++) {
      for (int code = 1; code < 256; code++) {
        for (float ratio : new float[] {1.3f, 0.1f, 0.7f}) {
          float y = (float) (k + 0.5 - (double) ratio * code);
          int[] out = new int[1];
          Kernels.requantise(new int[1], 1, y, 1f, ratio, new int[] {code}, 0, 0, 15, out);
          // In double the product and the sum of these are exact.
          double exact = (double) ratio * code + y;
          assertThat(out[0]).isEqualTo(defined((float) exact, 15));
          different += out[0] == defined(ratio * code + y, 15) ? 0 : 1;
        }
      }
    }
    assertThat(different).as("cases that tell fma from two roundings").isGreaterThan(50);
  }

  private static void check(float y, int max) {
    assertThat(Kernels.round(y, 0, max)).as("y = %s, max = %d", y, max).isEqualTo(defined(y, max));
  }
}
