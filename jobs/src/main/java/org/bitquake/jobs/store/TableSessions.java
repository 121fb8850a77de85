package org.bitquake.jobs.store;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A job's session, and another in which few rows are made and written: one that compiles nothing,
 * for that takes longer than the rows do. The values are the same.
 */
public final class TableSessions {
  private final SparkSession spark;
  private final SparkSession few;

  /**
   * @param spark for tables of many rows
   */
  public TableSessions(SparkSession spark) {
    this.spark = spark;
    this.few = SmallTables.session(spark, 0);
  }

  /** For results of a few rows. */
  public SparkSession few() {
    return few;
  }

  /** For so many rows. */
  public SparkSession of(long rows) {
    return SmallTables.areFew(rows) ? few : spark;
  }

  /**
   * A table, in the session that its rows ask for; few are one partition.
   *
   * @throws org.bitquake.InputException as {@link TableStore#files}
   */
  public Dataset<Row> read(TableStore store, String table) {
    long rows = store.rows(table);
    var session = of(rows);
    var its = SmallTables.rows(session, store, table, rows);
    return session == few ? its.coalesce(1) : its;
  }

  /** As {@link #read(TableStore, String)}, one committed part. */
  public Dataset<Row> read(TableStore store, String table, String part) {
    return SmallTables.areFew(store.rows(table, part))
        ? few.createDataFrame(store.readHere(table, part), store.schema(table)).coalesce(1)
        : store.read(spark, table, part);
  }

  /**
   * All rows of a table, here.
   *
   * @throws org.bitquake.InputException as {@link TableStore#files}
   */
  public List<Row> collect(TableStore store, String table) {
    return SmallTables.collect(spark, store, table);
  }
}
