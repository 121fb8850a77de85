package org.bitquake.cnvlutin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ZeroFreeArrayTest {
  @Test
  void theExampleOfTheFormat() {
    var array = ZeroFreeArray.encode(new int[] {1, 0, 0, 3, 0, 0, 0, 0, 5}, 4);
    assertThat(array.bricks()).isEqualTo(3);
    assertThat(array.pairs(0)).isEqualTo(2);
    assertThat(array.value(0, 1)).isEqualTo(3);
    assertThat(array.offset(0, 1)).isEqualTo(3);
    assertThat(array.pairs(1)).isZero();
    assertThat(array.value(2, 0)).isEqualTo(5);
    assertThat(array.offset(2, 0)).isZero();
    assertThatThrownBy(() -> array.value(1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void decodingIsTheInverseOfEncoding() {
    var random = new Random(3);
    for (int i = 0; i < 500; i++) {
      int[] values = new int[random.nextInt(60)];
      int brick = 1 + random.nextInt(20);
      for (int k = 0; k < values.length; k++) {
        values[k] = random.nextInt(3) == 0 ? random.nextInt() : 0;
      }
      var array = ZeroFreeArray.encode(values, brick);
      assertThat(array.decode()).isEqualTo(values);
      assertThat(again(array, values.length, brick).decode()).isEqualTo(values);
    }
  }

  /** The same array from its parts. */
  private static ZeroFreeArray again(ZeroFreeArray array, int length, int brick) {
    int[] counts = new int[array.bricks()];
    int pairs = 0;
    for (int k = 0; k < counts.length; k++) {
      counts[k] = array.pairs(k);
      pairs += counts[k];
    }
    int[] values = new int[pairs];
    int[] offsets = new int[pairs];
    int at = 0;
    for (int k = 0; k < counts.length; k++) {
      for (int pair = 0; pair < counts[k]; pair++) {
        values[at] = array.value(k, pair);
        offsets[at++] = array.offset(k, pair);
      }
    }
    return ZeroFreeArray.of(length, brick, counts, values, offsets);
  }

  @Test
  void malformedArraysAreRefused() {
    refused(6, 4, ints(1), ints(9), ints(0)); // a brick is missing
    refused(6, 4, ints(1, 0, 0), ints(9), ints(0)); // one too many
    refused(6, 4, ints(5, 0), ints(1, 1, 1, 1, 1), ints(0, 1, 2, 3, 4)); // a brick overfull
    refused(6, 4, ints(-1, 1), ints(), ints());
    refused(6, 4, ints(1, 1), ints(9), ints(0)); // fewer pairs than counted
    refused(6, 4, ints(1, 0), ints(9, 9), ints(0, 1)); // more
    refused(6, 4, ints(1, 0), ints(9), ints());
    refused(6, 4, ints(1, 0), ints(0), ints(0)); // a value 0
    refused(6, 4, ints(1, 0), ints(9), ints(4)); // outside the brick
    refused(6, 4, ints(0, 1), ints(9), ints(2)); // outside the short brick
    refused(6, 4, ints(1, 0), ints(9), ints(-1));
    refused(6, 4, ints(2, 0), ints(9, 9), ints(1, 1)); // twice
    refused(6, 4, ints(2, 0), ints(9, 9), ints(2, 1)); // out of order
    refused(-1, 4, ints(), ints(), ints());
    refused(6, 0, ints(), ints(), ints());
    assertThat(ZeroFreeArray.of(6, 4, ints(2, 1), ints(7, 8, 9), ints(1, 3, 1)).decode())
        .containsExactly(0, 7, 0, 8, 0, 9);
  }

  private static int[] ints(int... values) {
    return values;
  }

  private static void refused(int length, int brick, int[] counts, int[] values, int[] offsets) {
    assertThatThrownBy(() -> ZeroFreeArray.of(length, brick, counts, values, offsets))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not a zero-free array: ");
  }
}
