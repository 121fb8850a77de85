package org.bitquake.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bitquake.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which networks look alike. */
class StylesTest {
  /** Networks of so many methods and families, each method with so many seeds. */
  private static Answer networks(int methods, int families, int seeds) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int method = 0; method < methods; method++) {
      for (int seed = 1; seed <= seeds; seed++) {
        rows.add(
            Map.of(
                "network", Text.of("n-%d-%d", method, seed),
                "method", Text.of("method %02d", method),
                "family", Text.of("family %02d", method % families)));
      }
    }
    return new Answer("networks.sql", "", "", List.of(), List.of(), rows);
  }

  @ParameterizedTest
  @CsvSource({
    "4, 4, 5, method, 4",
    "13, 4, 5, family, 4", // colours first
    "13, 13, 5, method, 13",
    "21, 21, 2, method, 21",
    "22, 22, 2, none, 0",
    "13, 13, 1, none, 0" // nothing would look alike
  })
  void thoseThatWereTrainedAlikeAsLongAsGroupsCanBeToldApart(
      int methods, int families, int seeds, String by, int groups) {
    var styles = Styles.grouped(networks(methods, families, seeds));
    assertThat(styles.isPresent()).isEqualTo(groups > 0);
    styles.ifPresent(
        its -> {
          assertThat(its.methods()).isEqualTo(by.equals("method"));
          assertThat(its.names()).hasSize(groups);
          assertThat(its.name("n-1-1")).isEqualTo(its.name("n-1-2"));
        });
  }

  @ParameterizedTest
  @CsvSource({"4, 4", "13, 13", "21, 21", "22, 0"})
  void figuresThatHaveNoLinesOfNetworksTellMethodsApart(int methods, int groups) {
    var styles = Styles.byMethod(networks(methods, 4, 5));
    assertThat(styles.map(Styles::names).map(List::size).orElse(0)).isEqualTo(groups);
    styles.ifPresent(its -> assertThat(its.methods()).isTrue());
  }

  @Test
  void noneWhereSomeDoNotSayHowTheyWereTrained() {
    var answer = networks(2, 2, 5);
    List<Map<String, Object>> rows = new ArrayList<>(answer.rows());
    rows.add(Map.of("network", "unknown"));
    assertThat(Styles.grouped(answer.of(rows))).isEmpty();
  }
}
