package org.bitquake.fault.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bitquake.InputException;
import org.bitquake.Sha256;
import org.bitquake.fault.pattern.Chip.Measure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of measured chips: what they say, and what is wrong with those that say nothing. */
class ChipTableTest {
  private static final String TEXT =
      """
      # A chip of nobody's, to read.
      # arrays: 2
      #rows : 4
      #  columns:8

      array,row,column,effect,probability
      1,3,7,bit-flip,0.5
      0, 0, 3, stuck-at-1, 1
      0,0,0,stuck-at-0,1e-3
      0,2,5,bit-flip,0
      """;

  private static Chip parse(String text) {
    return ChipTable.parse(text.getBytes(StandardCharsets.UTF_8), "chips/a.csv", "a.csv");
  }

  @Test
  void aFileSaysWhereCellsLieAndWhatTheyDo() {
    var chip = parse(TEXT);
    assertThat(chip.name()).isEqualTo("a.csv");
    assertThat(chip.sha256()).isEqualTo(Sha256.hex(TEXT.getBytes(StandardCharsets.UTF_8)));
    assertThat(chip.form()).isEqualTo(new Chip.Form(2, 4, 8));
    assertThat(chip.measure()).isEqualTo(Measure.PROBABILITY);
    assertThat(chip.size()).isEqualTo(4);
    int[] starts = {0, 2, 2, 3, 3, 3, 3, 3, 4};
    for (int row = 0; row < starts.length; row++) {
      assertThat(chip.start(row)).as("row %s", row).isEqualTo(starts[row]);
    }
    assertThat(List.of(chip.column(0), chip.column(1), chip.column(2), chip.column(3)))
        .containsExactly(0, 3, 5, 7);
    assertThat(chip.values()).containsExactly(1e-3, 1, 0, 0.5);
    assertThat(chip.effect(0, 0)).isEqualTo(0);
    assertThat(chip.effect(0, 3)).isEqualTo(1);
    assertThat(chip.effect(7, 7)).isEqualTo(2);
  }

  @Test
  void theOrderOfLinesAndTheirEndsDoNotMatter() {
    var lines = TEXT.split("\n", -1);
    var other = new StringBuilder();
    for (int i : new int[] {3, 2, 1, 5, 9, 8, 6, 7}) {
      other.append(lines[i]).append("\r\n");
    }
    var a = parse(TEXT);
    var b = parse(other.toString());
    assertThat(b.values()).isEqualTo(a.values());
    assertThat(b).isNotEqualTo(a); // it is another file
    assertThat(parse(TEXT)).isEqualTo(a).hasSameHashCodeAs(a);
  }

  @Test
  void thresholdsAreVoltages() {
    var chip =
        parse(
            TEXT.replace("probability", "threshold_voltage")
                .replace("bit-flip,0\n", "bit-flip,2\n"));
    assertThat(chip.measure()).isEqualTo(Measure.THRESHOLD);
    assertThat(chip.values()).containsExactly(1e-3, 1, 2, 0.5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '1,3,7,' | '2,3,7,' | 7: array 2; the chip has arrays 0 to 1
          '1,3,7,' | '1,4,7,' | 7: row 4; the chip has rows 0 to 3
          '1,3,7,' | '1,3,8,' | 7: column 8; the chip has columns 0 to 7
          '1,3,7,' | '-1,3,7,' | 7: array is "-1", not a whole number
          '1,3,7,' | '1,3.0,7,' | 7: row is "3.0", not a whole number
          '1,3,7,' | '1,3,9999999999,' | 7: column is "9999999999", not a whole number
          '1,3,7,' | '0,2,5,' | 10: array 0, row 2, column 5 a second time
          '1,3,7,bit-flip' | '1,3,7,flip' | 7: unknown effect "flip"; there are stuck-at-0, stuck-at-1, bit-flip
          'flip,0.5' | 'flip,1.5' | 7: a probability of 1.5 is outside 0…1
          'flip,0.5' | 'flip,-0.5' | 7: a probability of -0.5 is outside 0…1
          'flip,0.5' | 'flip,NaN' | 7: "NaN" is not a number
          'flip,0.5' | 'flip,' | 7: "" is not a number
          'flip,0.5' | 'flip' | 7: 4 values, not 5
          'flip,0.5' | 'flip,0.5,0.7' | 7: 6 values, not 5
          'effect,probability' | 'effect,probability,threshold_voltage' | 6: the columns are array,row,column,effect,probability,threshold_voltage; write array,row,column,effect, then either probability or threshold_voltage
          'effect,probability' | 'effect' | 6: the columns are array,row,column,effect; write
          'effect,probability' | 'effect,voltage' | 6: the columns are array,row,column,effect,voltage; write
          'effect,probability' | 'effect,threshold_voltage' | 10: a threshold voltage of 0.0; give one above 0
          '#rows : 4' | '#' | 6: nothing says how many rows; write a line # rows: 256 above
          '#rows : 4' | '# rows: 0' | 6: 2 arrays of 0 x 8 cells; give at least 1 of each
          '#rows : 4' | '# rows: many' | 3: rows is "many", not a whole number
          '#rows : 4' | '# rows: 9000000' | 6: 2 arrays of 9000000 x 8 cells; give at least 1 of each, at most 4194304 rows
          '#rows : 4' | '# arrays: 4' | 3: arrays a second time
          'probability\n' | 'probability\n# rows: 4\n' | 7: rows are declared before the heading
          """)
  void whatIsWrongIsOneLine(String from, String to, String message) {
    String text = TEXT.replace(from.replace("\\n", "\n"), to.replace("\\n", "\n"));
    assertThat(text).isNotEqualTo(TEXT);
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("chips/a.csv:" + message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void emptyFilesAreRefused() {
    assertThatThrownBy(() -> parse("")).hasMessage("chips/a.csv:1: an empty file, not a chip");
    String heading = TEXT.substring(0, TEXT.indexOf("1,3,7"));
    assertThatThrownBy(() -> parse(heading)).hasMessageContaining("no cell that ever fails");
    assertThatThrownBy(() -> parse(heading + "0,0,0,bit-flip,0\n"))
        .hasMessageContaining("no cell that ever fails");
    assertThatThrownBy(() -> ChipTable.parse(new byte[] {'#', (byte) 0xff, '\n'}, "a.csv", "a.csv"))
        .isInstanceOf(InputException.class)
        .hasMessage("a.csv: not UTF-8 text");
  }

  @Test
  void aFileOfTooManyCellsIsRefused() {
    var text = new StringBuilder("# arrays: 2\n# rows: 1024\n# columns: 1024\n");
    text.append("array,row,column,effect,probability\n");
    for (int i = 0; i <= ChipBuilder.MOST_LISTED; i++) {
      text.append(i >> 20).append(',').append((i >> 10) & 1023).append(',').append(i & 1023);
      text.append(",bit-flip,1\n");
    }
    assertThatThrownBy(() -> parse(text.toString()))
        .hasMessage("chips/a.csv:1048581: more than 1048576 cells");
  }
}
