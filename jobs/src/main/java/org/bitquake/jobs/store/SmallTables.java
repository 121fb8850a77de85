package org.bitquake.jobs.store;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Tables so small that to spread, plan anew and compile takes longer than what is asked of them.
 * The values are the same.
 */
public final class SmallTables {
  /** Rows that one core reads in less time than it takes to spread them over several. */
  private static final long MOST_IN_ONE_PARTITION = 300_000;

  /**
   * Rows of a table that are read in less time than it takes to compile a question, and that had
   * better be in memory than in files: Spark sends them along with each task.
   */
  private static final long FEW = 5_000;

  private static final Map<String, String> ONE_PARTITION =
      Map.of(
          "spark.sql.adaptive.enabled", "false",
          "spark.sql.shuffle.partitions", "1");

  private static final Map<String, String> INTERPRETED =
      Map.of(
          "spark.sql.codegen.wholeStage", "false",
          "spark.sql.codegen.factoryMode", "NO_CODEGEN",
          "spark.sql.ui.explainMode", "simple");

  private SmallTables() {}

  /** Whether so many rows are read in less time than it takes to compile a question. */
  public static boolean areFew(long rows) {
    return rows <= FEW;
  }

  /** Whether one core reads so many rows in less time than it takes to spread them. */
  public static boolean fitOnePartition(long rows) {
    return rows <= MOST_IN_ONE_PARTITION;
  }

  /** From now on a session has one partition for each join, group, window and order. */
  public static void useOnePartition(SparkSession session) {
    ONE_PARTITION.forEach(session.conf()::set);
  }

  /** From now on a session interprets what it is asked, and compiles nothing. */
  public static void interpret(SparkSession session) {
    INTERPRETED.forEach(session.conf()::set);
  }

  /**
   * A session of its own for tables of so many rows together: one that compiles nothing where they
   * are few.
   */
  public static SparkSession session(SparkSession spark, long rows) {
    var session = spark.newSession();
    if (fitOnePartition(rows)) {
      useOnePartition(session);
    }
    if (areFew(rows)) {
      interpret(session);
    }
    return session;
  }

  /**
   * All rows of a table, here.
   *
   * @throws org.bitquake.InputException as {@link TableStore#files}
   */
  public static List<Row> collect(SparkSession spark, TableStore store, String table) {
    return areFew(store.rows(table))
        ? store.readHere(table)
        : store.read(spark, table).collectAsList();
  }

  /**
   * A table; one of few rows is read here, without Spark.
   *
   * @param rows that it has
   * @throws org.bitquake.InputException if a file of it is missing or damaged
   */
  public static Dataset<Row> rows(SparkSession spark, TableStore store, String table, long rows) {
    return areFew(rows)
        ? spark.createDataFrame(store.readHere(table), store.schema(table))
        : store.read(spark, table);
  }
}
