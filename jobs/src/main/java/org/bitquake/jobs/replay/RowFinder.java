package org.bitquake.jobs.replay;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.jobs.store.SmallTables;
import org.bitquake.jobs.store.TableStore;

/** Finds one row in a table of a result directory. */
final class RowFinder {
  private static final int MOST_NAMED = 20;

  private final TableStore store;
  private final ReplayTable table;
  private final Dataset<Row> rows;

  RowFinder(SparkSession spark, TableStore store, ReplayTable table) {
    this.store = store;
    this.table = table;
    long all = store.rows(table.table());
    this.rows = SmallTables.rows(SmallTables.session(spark, all), store, table.table(), all);
  }

  /**
   * The row that has these values; what is not said must follow from the rest.
   *
   * @param given value of each column that the user says something about
   * @throws InputException if there is none, or more than one
   */
  Row find(Map<String, Object> given) {
    var wanted = new LinkedHashMap<String, Object>();
    given.forEach((option, value) -> wanted.put(option, value(option, value)));
    Dataset<Row> fitting = rows;
    for (String option : wanted.keySet()) {
      fitting = fitting.filter(col(option).equalTo(wanted.get(option)));
    }
    List<Row> found = fitting.takeAsList(2);
    if (found.size() == 1) {
      return found.get(0);
    }
    throw found.isEmpty() ? none(wanted) : several(fitting, found.get(0));
  }

  private Object value(String option, Object value) {
    if (!table.options().contains(option)) {
      throw new InputException(
          Text.of(
              "%s: its rows are %ss, which have no --%s; say which with %s",
              store.root(), table.noun(), option, table.optionNames()));
    }
    return option.equals("kind") ? table.kind((String) value) : value;
  }

  private InputException several(Dataset<Row> fitting, Row first) {
    for (String option : table.options()) {
      if (fitting.select(option).distinct().limit(2).count() > 1) {
        return new InputException(
            Text.of(
                "several %ss fit; say which with --%s: %s",
                table.noun(), option, values(fitting, option)));
      }
    }
    return new InputException(
        Text.of(
            "the table %s holds the row %s more than once: it is damaged; run the campaign again",
            table.table(), first));
  }

  /** What is there instead. */
  private InputException none(Map<String, Object> wanted) {
    Dataset<Row> left = rows;
    for (String option : table.options()) {
      Object value = wanted.get(option);
      if (value != null) {
        Dataset<Row> fitting = left.filter(col(option).equalTo(value));
        if (fitting.isEmpty()) {
          return new InputException(
              Text.of(
                  "%s has no %s there with --%s %s, but with %s",
                  store.root(), table.noun(), option, value, values(left, option)));
        }
        left = fitting;
      }
    }
    throw new IllegalStateException(Text.of("%s changes while it is read", store.root()));
  }

  /** The values of a column, or the first ones; {@code 0 to 8} for whole numbers without a gap. */
  private static String values(Dataset<Row> rows, String column) {
    Row range = rows.agg(min(column), max(column), countDistinct(column)).first();
    long count = range.getLong(2);
    boolean whole = range.get(0) instanceof Integer || range.get(0) instanceof Long;
    if (whole && count > 2) {
      long first = ((Number) range.get(0)).longValue();
      long last = ((Number) range.get(1)).longValue();
      if (last - first + 1 == count) {
        return Text.of("%d to %d", first, last);
      }
    }
    String some =
        rows.select(column).distinct().sort(column).takeAsList(MOST_NAMED).stream()
            .map(row -> row.get(0).toString())
            .collect(Collectors.joining(", "));
    return count > MOST_NAMED ? some + ", …" : some;
  }
}
