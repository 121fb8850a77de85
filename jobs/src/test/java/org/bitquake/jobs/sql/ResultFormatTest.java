package org.bitquake.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.bitquake.jobs.TestSpark;
import org.junit.jupiter.api.Test;

class ResultFormatTest {
  private static final String AWKWARD =
      """
      SELECT * FROM VALUES
        (1, 0.1D + 0.2D, 'a,"b"', CAST(NULL AS STRING), array(1.5D, 2D)),
        (20, CAST('NaN' AS DOUBLE), 'c\\nd|e', '', array())
        AS t(n, x, text, nothing, list)
      """;

  private static String print(ResultFormat format, String sql) {
    var text = new StringWriter();
    var out = new PrintWriter(text);
    format.print(TestSpark.session().sql(sql), out, 200);
    out.flush();
    return text.toString();
  }

  @Test
  void csvQuotesAsRfc4180AndTellsNullFromEmpty() {
    assertThat(print(ResultFormat.CSV, AWKWARD))
        .isEqualTo(
            "n,x,text,nothing,list\n"
                + "1,0.30000000000000004,\"a,\"\"b\"\"\",,\"[1.5, 2.0]\"\n"
                + "20,NaN,\"c\nd|e\",\"\",[]\n");
  }

  @Test
  void jsonIsAnArrayOfObjectsThatKeepsNulls() throws Exception {
    var json = new ObjectMapper().readTree(print(ResultFormat.JSON, AWKWARD));
    assertThat(json).hasSize(2);
    assertThat(json.get(0).get("x").doubleValue()).isEqualTo(0.1 + 0.2);
    assertThat(json.get(0).get("nothing").isNull()).isTrue();
    assertThat(json.get(0).get("list").get(0).doubleValue()).isEqualTo(1.5);
    assertThat(json.get(1).get("x").textValue()).isEqualTo("NaN");
    assertThat(json.get(1).get("text").textValue()).isEqualTo("c\nd|e");
  }

  @Test
  void anEmptyResultIsAnEmptyArray() throws Exception {
    String text = print(ResultFormat.JSON, "SELECT 1 AS a WHERE false");
    assertThat(new ObjectMapper().readTree(text)).isEmpty();
  }

  @Test
  void aTableRoundsForReading() {
    assertThat(print(ResultFormat.TABLE, AWKWARD))
        .isEqualTo(
            """
             n    x  text    nothing  list
            ──  ───  ──────  ───────  ────────
             1  0.3  a,"b"   –        [1.5, 2]
            20  NaN  c\\nd|e           []
            """);
  }

  @Test
  void markdownEscapesItsOwnMarksAndNumbersStandToTheRight() {
    assertThat(print(ResultFormat.MARKDOWN, AWKWARD))
        .isEqualTo(
            """
            | n | x | text | nothing | list |
            | --: | --: | --- | --- | --- |
            | 1 | 0.3 | a,"b" |  | [1.5, 2] |
            | 20 | NaN | c<br>d\\|e |  | [] |
            """);
  }

  @Test
  void aLongTableSaysThatItIsCut() {
    String text = print(ResultFormat.TABLE, "SELECT id FROM range(10001)");
    assertThat(text.lines()).hasSize(10_003);
    assertThat(text).endsWith("… only the first 10000 rows; use --format csv for all\n");
  }

  @Test
  void numbersReadWell() {
    assertThat(CellText.rounded(0.0)).isEqualTo("0");
    assertThat(CellText.rounded(-0.05)).isEqualTo("-0.05");
    assertThat(CellText.rounded(123456789.0)).isEqualTo("123457000");
    assertThat(CellText.rounded(1.25e-7)).isEqualTo("1.25E-7");
    assertThat(CellText.rounded(2e15)).isEqualTo("2E15");
    assertThat(CellText.rounded(new byte[] {1, (byte) 0xff})).isEqualTo("01ff");
    assertThat(CellText.exact(0.1f)).isEqualTo("0.1");
  }
}
