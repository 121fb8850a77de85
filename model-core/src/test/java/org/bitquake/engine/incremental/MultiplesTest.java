package org.bitquake.engine.incremental;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ServiceLoader;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MultiplesTest {
  private static final Multiples PLAIN = new Multiples.Plain();

  @Test
  void vectorsAddWhatPlainJavaAddsAndNothingBeyond() {
    int tried = 0;
    for (var kernels : ServiceLoader.load(Multiples.class)) {
      assumeTrue(kernels.usable(), "Java's vectors are not there, or too short");
      tried++;
      var random = new SplittableRandom(1);
      for (int length = 0; length < 150; length++) {
        int[] weights = random.ints(400).toArray(); // products and sums wrap, too
        int from = random.nextInt(weights.length - length);
        int first = random.nextInt(weights.length - length);
        int factor = length % 3 == 0 ? random.nextInt() : random.nextInt(256);
        int[] expected = random.ints(400).toArray();
        int[] actual = expected.clone();
        PLAIN.add(weights, from, factor, expected, first, length);
        kernels.add(weights, from, factor, actual, first, length);
        assertThat(actual).as("%d numbers", length).isEqualTo(expected);
      }
    }
    assertThat(tried).isPositive();
  }

  @Test
  void shortLoopsStayPlain() {
    assertThat(Multiples.forLength(16)).isInstanceOf(Multiples.Plain.class);
  }
}
