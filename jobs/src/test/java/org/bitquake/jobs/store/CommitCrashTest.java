package org.bitquake.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.jobs.PutStore;
import org.bitquake.jobs.TestSpark;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The writer dies before each change it makes to a store, one after the other. */
class CommitCrashTest {
  private static final SparkSession SPARK = TestSpark.session();

  /** First row and the end of the rows of each part. */
  private static final Map<String, long[]> PARTS =
      Map.of("a", new long[] {0, 5}, "b", new long[] {5, 7});

  private static final int MORE_THAN_A_COMMIT_TAKES = 200;

  @TempDir Path temp;

  @AfterEach
  void live() {
    PutStore.dieAfter(Long.MAX_VALUE);
  }

  /** Rows that a task writes, and rows that are here. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whereverACommitIsCutOffNothingIsLostAndNothingDoubled(boolean here) {
    SPARK.sparkContext().hadoopConfiguration().set("fs.s3a.impl", PutStore.class.getName());
    int died = 0;
    for (boolean dead = true; dead; died++) {
      assertThat(died).isLessThan(MORE_THAN_A_COMMIT_TAKES);
      String directory = "s3a://bucket" + temp.resolve("after-" + died);
      commit(directory, "a", here);
      PutStore.dieAfter(died);
      try {
        commit(directory, "b", here);
      } catch (RuntimeException e) {
        assertThat(PutStore.isDead()).as(e.toString()).isTrue();
      }
      dead = PutStore.isDead(); // also where a commit did not need the change that was refused
      PutStore.dieAfter(Long.MAX_VALUE);

      var left = store(directory);
      long[] expected =
          left.parts("trials").stream()
              .map(PARTS::get)
              .flatMapToLong(range -> LongStream.range(range[0], range[1]))
              .toArray();
      assertThat(numbers(left)).as("seen after %d changes", died).containsExactly(expected);
      left.sweep();
      commit(directory, "b", here);
      left.verify("trials");
      assertThat(numbers(left))
          .as("gone on after %d changes", died)
          .containsExactly(0, 1, 2, 3, 4, 5, 6);
      left.sweep();
      var audit = Audit.of(SPARK, left, "trials", "");
      assertThat(audit.findings()).isEmpty();
      assertThat(audit.leftovers()).isEmpty();
    }
    // one file, the one that marks the end, the manifest; a task has its files renamed
    assertThat(died).isGreaterThan(here ? 3 : 5);
  }

  private static TableStore store(String directory) {
    return new TableStore(directory, PutStore.configuration());
  }

  private static void commit(String directory, String part, boolean here) {
    long[] range = PARTS.get(part);
    store(directory).commit("trials", part, rows(range[0], range[1], here), Map.of());
  }

  private static long[] numbers(TableStore store) {
    return store.read(SPARK, "trials").select("trial").collectAsList().stream()
        .mapToLong(row -> row.getLong(0))
        .sorted()
        .toArray();
  }

  private static Dataset<Row> rows(long first, long end, boolean here) {
    List<Row> rows = LongStream.range(first, end).mapToObj(TableStoreTest::trial).toList();
    var frame = SPARK.createDataFrame(rows, Tables.TRIALS);
    return here ? frame.coalesce(1) : frame.repartition(1);
  }
}
