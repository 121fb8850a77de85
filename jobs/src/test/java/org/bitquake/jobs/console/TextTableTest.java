package org.bitquake.jobs.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void numbersStandToTheRightAndTextToTheLeft() {
    var table =
        new TextTable("network", "accuracy", "trials")
            .add("AS", "89.1 ± 0.5", "1,200")
            .add("standard", "9.25 ± 0.25", null);
    assertThat(table.render())
        .isEqualTo(
            """
            network      accuracy  trials
            ────────  ───────────  ──────
            AS         89.1 ± 0.5   1,200
            standard  9.25 ± 0.25       –
            """);
  }

  @Test
  void wideCharactersAndCombiningMarksKeepTheColumnsStraight() {
    String text = new TextTable("name", "x").add("网络", "1").add("e\u0301a", "2").render();
    assertThat(text.lines().skip(1)).containsExactly("────  ─", "网络  1", "e\u0301a    2");
  }

  @Test
  void aNarrowTerminalCutsTextButNeverNumbers() {
    String text =
        new TextTable("a very long heading", "value")
            .add("a very long cell, longer than that", "123456789")
            .render(20);
    assertThat(text.lines())
        .allSatisfy(l -> assertThat(l.codePointCount(0, l.length())).isLessThanOrEqualTo(20));
    assertThat(text).contains("a very l…  123456789");
  }

  @Test
  void columnsThatDoNotFitBecomeRows() {
    assertThat(new TextTable("rate", "a", "b").add("0 %", "1", null).renderEitherWay("network"))
        .isEqualTo("rate  a  b\n────  ─  ─\n 0 %  1  –\n");
    List<String> titles = new ArrayList<>(List.of("rate"));
    List<String> half = new ArrayList<>(List.of("0.5 %"));
    for (int i = 1; i <= 20; i++) {
      titles.add("network-" + i);
      half.add(i + ".25 ± 0.5");
    }
    var wide = new TextTable(titles).add(half);
    assertThat(wide.renderEitherWay("network").lines())
        .startsWith("network           0.5 %", "──────────  ───────────", "network-1    1.25 ± 0.5")
        .endsWith("network-20  20.25 ± 0.5")
        .hasSize(22);
    String few = "one long cell of many words ".repeat(5);
    var text = new TextTable("a", "b").add(few, "1");
    assertThat(text.renderEitherWay("x")).as("no narrower that way").isEqualTo(text.render());
  }

  @Test
  void dataCannotDriveTheTerminal() {
    assertThat(new TextTable("x").add("a\u001b[31mb\nc").render()).contains("a\\u001b[31mb\\nc");
  }

  @Test
  void anEmptyTableIsItsHeading() {
    assertThat(new TextTable("a", "b").render()).isEqualTo("a  b\n─  ─\n");
  }

  @Test
  void everyRowHasEveryColumn() {
    assertThatThrownBy(() -> new TextTable("a", "b").add("1"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
