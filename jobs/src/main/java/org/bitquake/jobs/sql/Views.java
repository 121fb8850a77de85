package org.bitquake.jobs.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.jobs.store.SmallTables;
import org.bitquake.jobs.store.TableStore;

/**
 * What statements can read: a view of each table, {@code methods}, and {@code student_t}. Each is
 * made when a statement first has its name, for most statements read one table of many.
 *
 * <p>Where all tables together are small they are one partition each: then a question is one Spark
 * job of one task. The values are the same.
 */
final class Views {
  private static final String METHODS = "methods";
  private static final String METHODS_SQL = resource("methods.sql");
  private static final List<String> WITH_PROVENANCE = List.of("networks", "sharpness");

  private final SparkSession spark;
  private final TableStore store;
  private final Map<String, Long> rows;
  private final boolean small;
  private final Set<String> made = new HashSet<>();

  /**
   * None is made yet.
   *
   * @param spark a session of its own
   * @param rows of each table, by name
   * @param interpreted whether questions are interpreted there, not compiled
   */
  Views(SparkSession spark, TableStore store, Map<String, Long> rows, boolean interpreted) {
    this.spark = spark;
    this.store = store;
    this.rows = rows;
    this.small = SmallTables.fitOnePartition(rows.values().stream().mapToLong(n -> n).sum());
    if (small) {
      SmallTables.useOnePartition(spark);
    }
    if (interpreted) {
      SmallTables.interpret(spark);
    }
  }

  /**
   * Makes what a statement speaks of.
   *
   * @throws org.bitquake.InputException if a file of a table that it reads is missing or damaged
   */
  synchronized void require(Names names) {
    rows.keySet().stream()
        .filter(table -> names.ofAll() || names.relations().contains(table))
        .forEach(this::table);
    if (names.ofAll() || names.functions().contains(StudentT.NAME)) {
      once(StudentT.NAME, () -> StudentT.register(spark));
    }
    if (names.ofAll() || names.relations().contains(METHODS)) {
      WITH_PROVENANCE.stream()
          .filter(rows::containsKey)
          .findFirst()
          .ifPresent(table -> once(METHODS, () -> methods(table)));
    }
  }

  /** Whether a statement reads nothing but tables of a few rows. */
  boolean areFew(Names names) {
    return rows.keySet().stream()
        .filter(names.relations()::contains)
        .allMatch(table -> SmallTables.areFew(rows.get(table)));
  }

  private void once(String name, Runnable make) {
    if (!made.contains(name)) {
      make.run();
      made.add(name);
    }
  }

  private void table(String table) {
    once(
        table,
        () ->
            onePartitionIfSmall(SmallTables.rows(spark, store, table, rows.get(table)))
                .createOrReplaceTempView(table));
  }

  /** One partition needs no exchange for a join, a group, a window or an order. */
  private Dataset<Row> onePartitionIfSmall(Dataset<Row> rows) {
    return small ? rows.coalesce(1) : rows;
  }

  /** How networks were trained, out of the provenance that a table has of them; few, so at once. */
  private void methods(String table) {
    table(table);
    spark.sql(String.format(Locale.ROOT, METHODS_SQL, table));
    var view = spark.table(METHODS);
    var found = spark.createDataFrame(view.collectAsList(), view.schema());
    onePartitionIfSmall(found).createOrReplaceTempView(METHODS);
  }

  private static String resource(String name) {
    try (var in = Views.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
