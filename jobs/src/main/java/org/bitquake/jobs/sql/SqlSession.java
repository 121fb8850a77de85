package org.bitquake.jobs.sql;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.jobs.store.TableStore;

/**
 * The tables of one result directory as views, and statements that read them.
 *
 * <p>Statements over tables of few rows are interpreted, which is over before the compiler of the
 * others has begun. The values are the same.
 */
public final class SqlSession {
  private final Map<String, Long> rows = new TreeMap<>();
  private final SparkSession compiled;
  private final Views views;
  private final SparkSession interpreted;
  private final Views fewRows;

  private SqlSession(SparkSession spark, TableStore store) {
    store.tables().forEach(table -> rows.put(table, store.rows(table)));
    this.compiled = spark.newSession();
    this.views = new Views(compiled, store, rows, false);
    this.interpreted = spark.newSession();
    this.fewRows = new Views(interpreted, store, rows, true);
  }

  /**
   * Opens a directory in a session of its own.
   *
   * @param directory a Hadoop path
   * @throws InputException if the directory is missing or holds no tables
   */
  public static SqlSession open(SparkSession spark, String directory) {
    return open(spark, new TableStore(directory, spark.sessionState().newHadoopConf()), directory);
  }

  /** As {@link #open(SparkSession, String)}, of a directory that is open already. */
  public static SqlSession open(SparkSession spark, TableStore store, String directory) {
    requireTables(store, directory);
    return new SqlSession(spark, store);
  }

  /**
   * Looks whether there is anything to ask.
   *
   * @throws InputException if the directory is missing or holds no tables
   */
  public static void requireTables(TableStore store, String directory) {
    if (store.tables().isEmpty()) {
      throw new InputException(
          Text.of(
              "%s: no result tables here; give the directory that a campaign wrote", directory));
    }
  }

  /** Names of the tables, sorted. */
  public List<String> tables() {
    return List.copyOf(rows.keySet());
  }

  /** Rows of a table, as its manifests say. */
  public long rows(String table) {
    return rows.get(table);
  }

  /**
   * The result of one statement, not yet computed.
   *
   * @throws InputException if the statement does not only read, or is wrong, or a file of a table
   *     is missing or damaged
   */
  public Dataset<Row> query(String statement) {
    try {
      var plan = compiled.sessionState().sqlParser().parsePlan(statement);
      ReadOnly.check(plan);
      var names = Names.in(plan);
      boolean few = fewRows.areFew(names);
      (few ? fewRows : views).require(names);
      return Dataset.ofRows(few ? interpreted : compiled, plan);
    } catch (InputException e) {
      throw e;
    } catch (Exception e) { // Scala does not declare ParseException and AnalysisException
      throw SqlErrors.ofStatement(e);
    }
  }
}
