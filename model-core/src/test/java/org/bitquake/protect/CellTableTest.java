package org.bitquake.protect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.bitquake.InputException;
import org.bitquake.Sha256;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.Storage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of hardened cells: what they say, and what is wrong with those that say nothing. */
class CellTableTest {
  private static final String TEXT =
      """
      # Cells of nobody's choice.
      layer,filter,index,bit

      fc1,1,4,3
      conv1, 0, 2, 0
      fc1,0,0,2
      """;

  private static final CellList.Shape SHAPE =
      new CellList.Shape(
          List.of("conv1", "fc1"), new int[] {2, 3}, new int[] {6, 15}, new int[] {3, 4});

  private static CellList parse(String text) {
    return CellTable.parse(text.getBytes(StandardCharsets.UTF_8), "cells/a.csv", "a.csv");
  }

  private static List<List<Integer>> cells(CellList list) {
    List<List<Integer>> cells = new ArrayList<>();
    list.forEach(SHAPE, (layer, weight, bit) -> cells.add(List.of(layer, weight, bit)));
    return cells;
  }

  @Test
  void aFileNamesCellsAsTablesDo() {
    var list = parse(TEXT);
    assertThat(list.name()).isEqualTo("a.csv");
    assertThat(list.sha256()).isEqualTo(Sha256.hex(TEXT.getBytes(StandardCharsets.UTF_8)));
    assertThat(list.size()).isEqualTo(3);
    assertThat(cells(list))
        .containsExactly(List.of(1, 5 + 4, 3), List.of(0, 2, 0), List.of(1, 0, 2));
    assertThat(parse(TEXT)).isEqualTo(list).hasSameHashCodeAs(list);
    assertThat(parse(TEXT + "# other\r\n")).isNotEqualTo(list);
    assertThat(cells(parse(TEXT.replace("\n", "\r\n")))).isEqualTo(cells(list));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'layer,filter,index,bit' | 'layer,weight,bit' | :2: the columns are layer,weight,bit; write layer,filter,index,bit
          'fc1,1,4,3' | 'fc1,1,4' | :4: 3 values, not 4: layer,filter,index,bit
          'fc1,1,4,3' | 'fc1,-1,4,3' | :4: filter is "-1", not a whole number
          'fc1,1,4,3' | 'fc1,1,4,8' | :4: bit 8 is outside 0…7
          'fc1,1,4,3' | 'fc1,1,4.0,3' | :4: index is "4.0", not a whole number
          """)
  void whatIsNoCellIsNamedWithItsLine(String from, String to, String message) {
    assertThatThrownBy(() -> parse(TEXT.replace(from, to)))
        .isInstanceOf(InputException.class)
        .hasMessage("cells/a.csv" + message);
  }

  @Test
  void anEmptyFileIsRefused() {
    assertThatThrownBy(() -> parse(""))
        .hasMessageContaining("a.csv:1: an empty file; write layer,filter,index,bit, then a line");
    assertThatThrownBy(() -> parse("layer,filter,index,bit\n# none\n"))
        .hasMessageContaining("no cell; list those that are hardened");
    assertThatThrownBy(() -> CellTable.parse(new byte[] {(byte) 0xC3, 0x28}, "a.csv", "a.csv"))
        .isInstanceOf(InputException.class)
        .hasMessage("a.csv: not UTF-8 text");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          fc2,0,0,0 | there is no layer fc2; there are conv1, fc1
          fc1,3,0,0 | filter 3; layer fc1 has 0 to 2
          fc1,2,5,0 | index 5; layer fc1 has 0 to 4
          conv1,0,0,3 | bit 3; layer conv1 has 0 to 2
          conv1,0,2,0 | conv1, filter 0, index 2, bit 0 is here a second time
          """)
  void cellsThatANetworkLacksAreNamedWithTheirLine(String line, String message) {
    var part = HardenedCellsTest.part(parse(TEXT + line + "\n"));
    assertThatThrownBy(() -> layout(part))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cells/a.csv:7: " + message);
  }

  @Test
  void noCellIsHardenedTwice() {
    var part = HardenedCellsTest.part(parse(TEXT));
    var bits = new Part.Harden(java.util.Set.of("fc1"), java.util.Set.of(2), 1.33);
    assertThatThrownBy(() -> layout(part, bits))
        .hasMessage(
            "cells/a.csv:6: fc1, filter 0, index 0, bit 2 is hardened by another part of the"
                + " protection, too");
    assertThatThrownBy(() -> layout(part, HardenedCellsTest.part(parse(TEXT + "\n"))))
        .hasMessage("cells/a.csv:4: fc1, filter 1, index 4, bit 3 is here a second time");
  }

  private static ProtectedLayout layout(Part... parts) {
    return ProtectedLayout.of(
        new Protection("x", List.of(parts)),
        SHAPE.names(),
        SHAPE.filters(),
        new MemoryLayout(Storage.DEFAULT, SHAPE.weights(), SHAPE.bits(), 1));
  }
}
