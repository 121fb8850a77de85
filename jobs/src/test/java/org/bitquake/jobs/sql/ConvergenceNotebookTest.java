package org.bitquake.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.bitquake.jobs.FakeResults;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.store.TableStore;
import org.junit.jupiter.api.Test;

/** {@code convergence.sql} against the standard deviation of the first trials, by definition. */
class ConvergenceNotebookTest {
  private static final int FIRST = 32;
  private static final String RESULTS = FakeResults.directory().toString();
  private static final List<Row> TRIALS =
      new TableStore(RESULTS, new Configuration()).readHere("trials");

  @Test
  void halfWidthsAreThoseOfTheFirstTrialsAndOfAll() throws IOException {
    var session = SqlSession.open(TestSpark.session(), RESULTS);
    String sql = Files.readString(Path.of("..", "notebooks", "convergence.sql"));

    var rows = session.query(sql).collectAsList();

    long cells =
        TRIALS.stream()
            .filter(t -> t.<Double>getAs("rate") > 0)
            .map(t -> t.getAs("network") + "/" + t.getAs("kind") + t.getAs("rate"))
            .distinct()
            .count();
    assertThat(rows).hasSize(2 * (int) cells);
    for (int i = 0; i < rows.size(); i += 2) {
      assertHalfWidth(rows.get(i), FIRST);
      assertHalfWidth(rows.get(i + 1), FakeResults.TRIALS);
    }
  }

  private static void assertHalfWidth(Row row, int below) {
    double[] changes = changes(row, below).toArray();
    double error = Math.sqrt(StatUtils.variance(changes) / changes.length);

    assertThat(row.<Long>getAs("trials")).isEqualTo(changes.length);
    assertThat(row.<Double>getAs("half_width")).isCloseTo(100 * 1.959964 * error, within(6e-5));
  }

  private static DoubleStream changes(Row cell, int below) {
    return TRIALS.stream()
        .filter(t -> t.getAs("network").equals(cell.getAs("network")))
        .filter(t -> t.getAs("kind").equals(cell.getAs("kind")))
        .filter(
            t ->
                Math.round(1e6 * t.<Double>getAs("rate"))
                    == Math.round(1e4 * cell.<Double>getAs("percent_faulty")))
        .filter(t -> t.<Long>getAs("trial") < below && t.getAs("correct") != null)
        .mapToDouble(
            t ->
                (t.<Integer>getAs("correct") - t.<Integer>getAs("golden_correct"))
                    / (double) t.<Integer>getAs("images"));
  }
}
