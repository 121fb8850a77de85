package org.bitquake.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.bitquake.jobs.FakeSearch;
import org.bitquake.jobs.TestSpark;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the questions about a search for protections say of one whose answers are known. */
class SearchNotebooksTest {
  private static SqlSession session;

  @BeforeAll
  static void open() {
    session = SqlSession.open(TestSpark.session(), FakeSearch.directory().toString());
  }

  private static List<Row> rows(String notebook) throws IOException {
    String sql = Files.readString(Path.of("..", "notebooks", notebook));
    return session.query(Statements.split(sql).get(0)).collectAsList();
  }

  private static List<Row> rows(String notebook, String network) throws IOException {
    return rows(notebook).stream()
        .filter(row -> row.<String>getAs("network").equals(network))
        .toList();
  }

  /** Of a design the last step counts, and the first says what it was for; no diagnoses. */
  @Test
  void eachDesignThatIsToBeHadIsThereOnce() throws IOException {
    assertThat(rows("protect.sql", "AS"))
        .extracting(
            r -> r.getAs("encoding"),
            r -> r.getAs("protection"),
            r -> r.getAs("phase"),
            r -> r.getAs("added_area"),
            r -> r.getAs("accuracy"),
            r -> r.getAs("frontier"))
        .containsExactly(
            tuple("gray", "none", "encodings", 0.0, 75.0, true),
            tuple("twos-complement", "none", "encodings", 0.0, 70.0, false),
            tuple("gray", "harden conv1:1", "front", 1.0, 83.0, true),
            tuple("gray", "harden fc1:1", "trim", 3.0, 82.0, false),
            tuple("gray", FakeSearch.WINNER, "front", 4.0, 86.4, true),
            tuple("gray", "harden all:1", "uniform", 16.5, 86.6, true),
            tuple("gray", "secded-32 all", "uniform", 22.0, 76.0, false),
            tuple("gray", "harden all", "uniform", 33.0, 88.0, true));
  }

  @Test
  void theWinnerHasItsBoundAndItsFreshTrials() throws IOException {
    var winners = rows("protect.sql").stream().filter(r -> r.getAs("winner")).toList();
    assertThat(winners)
        .extracting(
            r -> r.getAs("network"),
            r -> r.getAs("protection"),
            r -> r.getAs("trials"),
            r -> r.getAs("fresh_accuracy"),
            r -> r.getAs("at_least"))
        .containsExactly(tuple("AS", FakeSearch.WINNER, 512L, 86.3, 86.1));
  }

  /** Where nothing is confirmed, the most accurate stands for how far it came. */
  @Test
  void eachNetworkHasItsCheapestOrItsMostAccurate() throws IOException {
    assertThat(rows("protect-winners.sql"))
        .extracting(
            r -> r.getAs("network"),
            r -> r.getAs("confirmed"),
            r -> r.getAs("protection"),
            r -> r.getAs("accuracy"),
            r -> r.getAs("at_least"),
            r -> r.getAs("uniform"),
            r -> r.getAs("uniform_area"))
        .containsExactly(
            tuple("AS", true, FakeSearch.WINNER, 86.3, 86.1, "harden all:1", 16.5),
            tuple("lucky", false, "harden all:1", 88.4, 87.8, "harden all:1", 16.5),
            tuple("standard", false, "secded-32 all", 80.0, null, null, null));
  }

  /** Single bits alone, in the order of the layers; a code over a layer is none. */
  @Test
  void harmIsWhatIsLostAgainstNoFaults() throws IOException {
    assertThat(rows("protect-harm.sql", "AS").stream().filter(r -> r.getAs("chosen")).toList())
        .extracting(
            r -> r.getAs("encoding"),
            r -> r.getAs("layer"),
            r -> r.getAs("bit"),
            r -> r.getAs("loss"),
            r -> r.getAs("half_width"))
        .containsExactly(
            tuple("gray", "conv1", 0, -0.1, 0.4),
            tuple("gray", "conv1", 1, 5.0, 0.4),
            tuple("gray", "fc1", null, 2.0, 0.4));
    assertThat(rows("protect-harm.sql", "AS")).hasSize(6);
  }
}
