package org.bitquake.jobs.report;

import java.util.List;
import java.util.Map;
import org.bitquake.jobs.figure.FaultPanels;

/**
 * What a notebook's question found in a result directory.
 *
 * @param notebook file name of the question
 * @param directory that was asked
 * @param sql the question
 * @param models fault models in the order of the configuration; none where there are only kinds
 * @param columns in order
 * @param rows column to value; texts are {@link PlainText plain}
 */
record Answer(
    String notebook,
    String directory,
    String sql,
    List<String> models,
    List<String> columns,
    List<Map<String, Object>> rows) {

  /** The different texts of a column, in the order of the rows. */
  List<String> distinct(String column) {
    return rows.stream().map(row -> (String) row.get(column)).distinct().toList();
  }

  /** The different fault kinds, in the order of their panels. */
  List<String> kinds() {
    return FaultPanels.order(rows.stream().map(row -> (String) row.get("kind")), models);
  }

  /** The notebook's name without its ending. */
  String stem() {
    return notebook.replaceFirst("\\.sql$", "");
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The rows with a value in a column. */
  List<Map<String, Object>> where(String column, Object value) {
    return rows.stream().filter(row -> value.equals(row.get(column))).toList();
  }

  /** The same question with fewer rows. */
  Answer of(List<Map<String, Object>> some) {
    return new Answer(notebook, directory, sql, models, columns, some);
  }

  /** The same with fewer columns to be shown. */
  Answer only(List<String> some) {
    return new Answer(notebook, directory, sql, models, some, rows);
  }

  /** The largest number of a column. */
  double most(String column) {
    return rows.stream().mapToDouble(row -> number(row, column)).max().orElseThrow();
  }

  static double number(Map<String, Object> row, String column) {
    return ((Number) row.get(column)).doubleValue();
  }

  static double number(Map<String, Object> row, String column, double otherwise) {
    return row.get(column) == null ? otherwise : number(row, column);
  }
}
