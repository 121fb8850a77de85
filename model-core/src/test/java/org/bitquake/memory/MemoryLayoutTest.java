package org.bitquake.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MemoryLayoutTest {
  private static final int[] WEIGHTS = {5, 40, 1, 13, 130};
  private static final int[] BITS = {4, 3, 8, 2, 5};

  static Stream<Arguments> memories() {
    return Stream.of(
            Storage.DEFAULT,
            new Storage(32, 256, 4, false),
            new Storage(8, 1, 1, true),
            new Storage(11, 3, 2, true),
            new Storage(13, 5, 3, false),
            new Storage(64, 2, 5, true),
            new Storage(1024, 7, 1, false))
        .flatMap(storage -> Stream.of(1, 2, 4).map(bits -> Arguments.of(storage, bits)));
  }

  @ParameterizedTest
  @MethodSource("memories")
  void agreesWithAMemoryFilledByHand(Storage storage, int bitsPerCell) {
    var layout = new MemoryLayout(storage, WEIGHTS, BITS, bitsPerCell);
    var naive = new NaiveMemory(storage, WEIGHTS, BITS, bitsPerCell);
    assertThat(layout.words()).isEqualTo(naive.words());
    assertThat(layout.arrays()).isEqualTo(naive.arrays());
    assertThat(layout.columns()).isEqualTo(naive.columns());
    long address = 0;
    int found = 0;
    for (int array = 0; array < naive.arrays(); array++) {
      for (int row = 0; row < naive.rows(); row++) {
        for (int column = 0; column < naive.columns(); column++, address++) {
          long cell = layout.cellAt(address);
          assertThat(cell).isEqualTo(layout.cellAt((long) array * naive.rows() + row, column));
          var expected = naive.at(array, row, column);
          if (expected == null) {
            assertThat(cell).isEqualTo(MemoryLayout.NO_CELL);
          } else {
            found++;
            assertThat(
                    new NaiveMemory.Cell(
                        MemoryLayout.layer(cell),
                        MemoryLayout.weight(cell),
                        MemoryLayout.cell(cell)))
                .isEqualTo(expected);
            assertThat(layout.address(expected.layer(), expected.weight(), expected.cell()))
                .isEqualTo(address);
            assertThat(layout.place(address)).isEqualTo(new MemoryLayout.Place(array, row, column));
          }
        }
      }
    }
    assertThat(layout.places()).isEqualTo(address);
    int cells = 0;
    for (int layer = 0; layer < WEIGHTS.length; layer++) {
      cells += WEIGHTS[layer] * layout.cells()[layer];
    }
    assertThat(found).as("every cell has its address").isEqualTo(cells);
  }

  @Test
  void neighboursOfAnInterleavedRowAreTheSameBitOfOtherWords() {
    int[] weights = {64};
    int[] bits = {4};
    var interleaved = new MemoryLayout(Storage.DEFAULT, weights, bits, 1);
    var plain = new MemoryLayout(new Storage(32, 256, 4, false), weights, bits, 1);
    assertThat(interleaved.address(0, 8, 0) - interleaved.address(0, 0, 0)).isEqualTo(1);
    assertThat(interleaved.address(0, 0, 1) - interleaved.address(0, 0, 0)).isEqualTo(4);
    assertThat(interleaved.address(0, 32, 0) - interleaved.address(0, 0, 0)).isEqualTo(128);
    assertThat(plain.address(0, 0, 1) - plain.address(0, 0, 0)).isEqualTo(1);
    assertThat(plain.address(0, 8, 0) - plain.address(0, 0, 0)).isEqualTo(32);
  }

  @Test
  void aLayerMayHaveTheMostWeights() {
    int most = (1 << 28) - 1;
    var layout = new MemoryLayout(Storage.DEFAULT, new int[] {most, most}, new int[] {8, 8}, 1);
    for (int layer = 0; layer < 2; layer++) {
      for (int weight : new int[] {0, 1, most - 1}) {
        for (int bit = 0; bit < 8; bit++) {
          long cell = layout.cellAt(layout.address(layer, weight, bit));
          assertThat(MemoryLayout.layer(cell)).isEqualTo(layer);
          assertThat(MemoryLayout.weight(cell)).isEqualTo(weight);
          assertThat(MemoryLayout.cell(cell)).isEqualTo(bit);
        }
      }
    }
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> new MemoryLayout(new Storage(4, 2, 2, true), WEIGHTS, BITS, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a word of 4 bits cannot hold a code of 8 bits");
    assertThatThrownBy(() -> MemoryLayout.plain(new int[] {3}, new int[] {4, 4}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 layers have weights, 2 have bits");
    for (int[] shape : new int[][] {{0, 4}, {1 << 28, 4}, {3, 0}, {3, 9}}) {
      assertThatThrownBy(() -> MemoryLayout.plain(new int[] {shape[0]}, new int[] {shape[1]}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("layer 0: ");
    }
    for (int[] form :
        new int[][] {{0, 2, 2}, {1025, 2, 2}, {8, 0, 2}, {8, 65_537, 2}, {8, 2, 0}, {8, 2, 1025}}) {
      assertThatThrownBy(() -> new Storage(form[0], form[1], form[2], true))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(" of a memory: ");
    }
    assertThatThrownBy(() -> new Storage(1024, 65_536, 1024, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cells of an array");
  }
}
