package org.bitquake.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementsTest {
  @Test
  void semicolonsSeparateAndEmptyStatementsVanish() {
    assertThat(Statements.split("SELECT 1; ;\n-- only a comment;\n;SELECT 2"))
        .containsExactly("SELECT 1", "SELECT 2");
  }

  @Test
  void semicolonsInStringsNamesAndCommentsDoNot() {
    String one = "SELECT ';', \"a;\\\";b\", `c;` -- d;\n, 'it''s;' /* e; /* f; */ g; */ FROM t";
    assertThat(Statements.split(one + ";SELECT 2")).containsExactly(one, "SELECT 2");
  }

  @Test
  void aBackslashIsPlainInAQuotedName() {
    assertThat(Statements.split("SELECT `a\\`; SELECT 2")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  \n", "SELECT 1;", "SELECT 1; -- done", "/* a */", "SELECT ';';"})
  void completeTexts(String text) {
    assertThat(Statements.isComplete(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELECT 1", "SELECT ';", "/* a;", "SELECT 1; SELECT", "SELECT 1 -- ;"})
  void openTexts(String text) {
    assertThat(Statements.isComplete(text)).isFalse();
  }
}
