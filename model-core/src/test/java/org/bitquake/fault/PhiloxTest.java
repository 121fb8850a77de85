package org.bitquake.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.SplittableRandom;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;

class PhiloxTest {
  private static long[] block(long k0, long k1, long c0, long c1, long c2, long c3) {
    var philox = new Philox(k0, k1);
    philox.block(c0, c1, c2, c3);
    return new long[] {philox.word0, philox.word1, philox.word2, philox.word3};
  }

  /** Random123, kat_vectors, "philox4x64 10". */
  @Test
  void givesThePublishedVectors() {
    assertThat(block(0, 0, 0, 0, 0, 0))
        .containsExactly(
            0x16554d9eca36314cL, 0xdb20fe9d672d0fdcL, 0xd7e772cee186176bL, 0x7e68b68aec7ba23bL);
    assertThat(block(-1, -1, -1, -1, -1, -1))
        .containsExactly(
            0x87b092c3013fe90bL, 0x438c3c67be8d0224L, 0x9cc7d7c69cd777b6L, 0xa09caebf594f0ba0L);
    assertThat(
            block(
                0x452821e638d01377L,
                0xbe5466cf34e90c6cL,
                0x243f6a8885a308d3L,
                0x13198a2e03707344L,
                0xa4093822299f31d0L,
                0x082efa98ec4e6c89L))
        .containsExactly(
            0xa528f45403e61d95L, 0x38c72dbd566e9788L, 0xa5a1610e72fd18b5L, 0x57bd43b5e52b7fe6L);
  }

  @Test
  void agreesWithCommonsRng() {
    var random = new SplittableRandom(1);
    for (int i = 0; i < 10_000; i++) {
      long[] state = random.longs(6).toArray();
      var oracle = RandomSource.PHILOX_4X64.create(state); // it counts up before its first block
      assertThat(block(state[0], state[1], state[2] + 1, state[3], state[4], state[5]))
          .containsExactly(
              oracle.nextLong(), oracle.nextLong(), oracle.nextLong(), oracle.nextLong());
    }
  }

  @Test
  void multipliesUnsigned() {
    var random = new SplittableRandom(2);
    var two64 = BigInteger.ONE.shiftLeft(64);
    for (int i = 0; i < 10_000; i++) {
      long a = random.nextLong();
      long b = random.nextLong();
      var product = BigInteger.valueOf(a).mod(two64).multiply(BigInteger.valueOf(b).mod(two64));
      assertThat(Philox.unsignedMultiplyHigh(a, b)).isEqualTo(product.shiftRight(64).longValue());
    }
  }

  @Test
  void unitNumbersKeepToTheirIntervals() {
    assertThat(Philox.unitOpenClosed(0)).isEqualTo(0x1p-53);
    assertThat(Philox.unitOpenClosed(-1)).isEqualTo(1);
    assertThat(Philox.unitClosedOpen(0)).isEqualTo(0);
    assertThat(Philox.unitClosedOpen(-1)).isEqualTo(1 - 0x1p-53);
  }
}
