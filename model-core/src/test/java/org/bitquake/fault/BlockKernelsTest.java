package org.bitquake.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ServiceLoader;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BlockKernelsTest {
  private static final int HALF = 40;

  private final BlockKernels kernels =
      ServiceLoader.load(BlockKernels.class).findFirst().orElseThrow();

  @BeforeEach
  void whereTheyWork() {
    assumeTrue(kernels.unavailable().isEmpty(), () -> kernels.unavailable().get());
  }

  @Test
  void wordsAreThoseOfPhilox() {
    var random = new SplittableRandom(5);
    for (int count = 1; count <= HALF; count += 3) {
      var philox = new Philox(random.nextLong(), random.nextLong());
      long[] counter0 = random.longs(HALF).toArray();
      long[] counter2 = random.longs(HALF).toArray();
      long counter1 = random.nextLong();
      long counter3 = random.nextLong();
      var even = new long[2 * HALF];
      var odd = new long[2 * HALF];
      kernels.blocks(philox, counter0, counter1, counter2, counter3, count, even, odd, HALF);
      for (int i = 0; i < count; i++) {
        philox.block(counter0[i], counter1, counter2[i], counter3);
        assertThat(new long[] {even[i], odd[i], even[HALF + i], odd[HALF + i]})
            .containsExactly(philox.word(0), philox.word(1), philox.word(2), philox.word(3));
      }
    }
  }

  @Test
  void logarithmsAreWithinTheirBound() {
    var random = new SplittableRandom(6);
    var words = new long[2 * HALF];
    var scales = new double[HALF];
    var results = new double[2 * HALF];
    for (int run = 0; run < 5000; run++) {
      for (int i = 0; i < HALF; i++) {
        // every magnitude, and the neighbourhoods of 0 and 1
        long word = random.nextLong() >>> random.nextInt(64);
        words[HALF + i] = random.nextBoolean() ? word : ~word;
        scales[i] = -1 - random.nextInt(1000);
      }
      kernels.logarithms(words, HALF, HALF, scales, results);
      for (int i = 0; i < HALF; i++) {
        double exact = StrictMath.log(Philox.unitOpenClosed(words[HALF + i]));
        assertThat(Math.abs(results[HALF + i] / scales[i] - exact))
            .as("log of word %x", words[HALF + i])
            .isLessThan(BlockKernels.LOG_ERROR / 2);
      }
    }
  }
}
