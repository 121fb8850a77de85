package org.bitquake.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.Text;
import org.bitquake.jobs.FakeResults;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.store.Tables;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The recipes for other programs read what {@code bitquake sql} reads, though a killed run left
 * files behind.
 */
class OtherReadersTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final Path RECIPES = Path.of("..", "notebooks", "elsewhere");
  private static final String DIRECTORY = "results/lenet5";
  private static final int HALF = 600;

  @TempDir Path temp;
  private Path results;
  private List<Cell> expected;

  /** A row of the recipes. */
  private record Cell(
      String network, String kind, double rate, long trials, double accuracy, double golden) {}

  @BeforeEach
  void leaveAKilledRun() throws IOException {
    results = temp.resolve("results");
    var store = new TableStore(results.toString(), new Configuration());
    var trials = SPARK.createDataFrame(FakeResults.trials(), Tables.TRIALS);
    store.commit("trials", "wave-0", trials.limit(HALF), Map.of("first", "0"));
    store.commit("trials", "wave-1", trials.offset(HALF).repartition(2), Map.of());
    expected =
        SqlSession.open(SPARK, results.toString())
            .query(
                "SELECT network, kind, rate, count(correct), avg(correct / images),"
                    + " avg(golden_correct / images) FROM trials WHERE correct IS NOT NULL"
                    + " GROUP BY ALL ORDER BY ALL")
            .collectAsList()
            .stream()
            .map(OtherReadersTest::cell)
            .toList();

    // Written whole, or half, and never committed.
    trials.limit(70).write().parquet(results.resolve("trials/wave-2-left-over").toString());
    Path half = Files.createDirectories(results.resolve("trials/wave-3-x/_temporary/0/task"));
    Files.writeString(half.resolve("part-0.parquet"), "PAR1 and no end");
    Path draft = results.resolve("_manifests/trials/wave-2.json.0.tmp");
    Files.writeString(draft, "{\"files\": [{\"path\"");
  }

  private static Cell cell(Row row) {
    return new Cell(
        row.getString(0),
        row.getString(1),
        row.getDouble(2),
        row.getLong(3),
        row.getDouble(4),
        row.getDouble(5));
  }

  private static Cell cell(ResultSet row) throws SQLException {
    return new Cell(
        row.getString(1),
        row.getString(2),
        row.getDouble(3),
        row.getLong(4),
        row.getDouble(5),
        row.getDouble(6));
  }

  private List<String> statements(String recipe) throws IOException {
    String text = Files.readString(RECIPES.resolve(recipe));
    assertThat(text).contains(DIRECTORY);
    return Statements.split(text.replace(DIRECTORY, results.toString()));
  }

  @Test
  void everyRecipeIsTestedHere() throws IOException {
    try (var files = Files.list(RECIPES)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("duckdb.sql", "spark.sql");
    }
  }

  private void assertSame(List<Cell> cells) {
    assertThat(expected).hasSize(30);
    assertThat(expected.stream().mapToLong(Cell::trials).sum()).isEqualTo(1_199);
    assertThat(cells)
        .usingRecursiveFieldByFieldElementComparator(
            org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration.builder()
                .withComparatorForType(
                    (a, b) -> Math.abs(a - b) < 1e-12 ? 0 : Double.compare(a, b), Double.class)
                .build())
        .isEqualTo(expected);
  }

  @Test
  void duckDbReadsTheSame() throws Exception {
    List<Cell> cells = new ArrayList<>();
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement()) {
      for (String sql : statements("duckdb.sql")) {
        if (statement.execute(sql)) {
          try (ResultSet rows = statement.getResultSet()) {
            while (rows.next()) {
              cells.add(cell(rows));
            }
          }
        }
      }
      try (var all =
          statement.executeQuery(
              Text.of("SELECT count(*) FROM read_parquet('%s/trials/*/*.parquet')", results))) {
        assertThat(all.next()).isTrue();
        assertThat(all.getLong(1)).as("what lies there").isEqualTo(1_200 + 70);
      }
    }
    assertSame(cells);
  }

  @Test
  void aSparkOfOnesOwnReadsTheSame() throws Exception {
    var own = SPARK.newSession();
    List<Row> rows = List.of();
    for (String sql : statements("spark.sql")) {
      rows = own.sql(sql).collectAsList();
    }
    assertThat(own.read().parquet(results + "/trials/*/*.parquet").count()).isEqualTo(1_200 + 70);
    assertSame(rows.stream().map(OtherReadersTest::cell).toList());
  }
}
