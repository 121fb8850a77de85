package org.bitquake.jobs.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.jobs.store.TableStore;

/** The tables of one result directory as views, and statements that read them. */
public final class SqlSession {
  private static final List<String> WITH_PROVENANCE = List.of("networks", "sharpness");
  private static final String METHODS = resource("methods.sql");

  private final SparkSession spark;
  private final TableStore store;

  private SqlSession(SparkSession spark, TableStore store) {
    this.spark = spark;
    this.store = store;
  }

  /**
   * Registers the tables in a session of their own.
   *
   * @param directory a Hadoop path
   * @throws InputException if the directory is missing or holds no tables
   */
  public static SqlSession open(SparkSession spark, String directory) {
    var hadoop = spark.sessionState().newHadoopConf();
    var store = new TableStore(directory, hadoop);
    if (store.tables().isEmpty()) {
      throw new InputException(
          Text.of(
              "%s: no result tables here; give the directory that a campaign wrote", directory));
    }
    var own = spark.newSession();
    store.registerViews(own);
    StudentT.register(own);
    registerMethods(own, store);
    return new SqlSession(own, store);
  }

  /** The view {@code methods}: how networks were trained, where a table has their provenance. */
  private static void registerMethods(SparkSession spark, TableStore store) {
    WITH_PROVENANCE.stream()
        .filter(store.tables()::contains)
        .findFirst()
        .ifPresent(table -> spark.sql(String.format(Locale.ROOT, METHODS, table)));
  }

  private static String resource(String name) {
    try (var in = SqlSession.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Names of the tables, sorted. */
  public List<String> tables() {
    return List.copyOf(store.tables());
  }

  /** Rows of a table, as its manifests say. */
  public long rows(String table) {
    return store.rows(table);
  }

  /**
   * The result of one statement, not yet computed.
   *
   * @throws InputException if the statement does not only read, or is wrong
   */
  public Dataset<Row> query(String statement) {
    try {
      ReadOnly.check(spark.sessionState().sqlParser().parsePlan(statement));
      return spark.sql(statement);
    } catch (Exception e) { // Scala does not declare ParseException and AnalysisException
      throw SqlErrors.ofStatement(e);
    }
  }
}
