package org.bitquake.jobs.monitor;

import java.util.Iterator;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;

/**
 * Another task's rows, counted as they come; a task that ran twice counts twice.
 *
 * @param errorColumn that says why a row has no result; the number of columns where none does
 * @param gauges and what to show on them
 */
record CountedRows(
    MapPartitionsFunction<Long, Row> task,
    LongAccumulator rows,
    LongAccumulator failed,
    int errorColumn,
    Map<Gauge, Double> gauges)
    implements MapPartitionsFunction<Long, Row> {
  @Override
  public Iterator<Row> call(Iterator<Long> units) throws Exception {
    gauges.forEach(Gauge::add);
    var made = Spliterators.spliteratorUnknownSize(task.call(units), Spliterator.ORDERED);
    return StreamSupport.stream(made, false).map(this::count).iterator();
  }

  private Row count(Row row) {
    rows.add(1);
    if (errorColumn < row.size() && !row.isNullAt(errorColumn)) {
      failed.add(1);
    }
    return row;
  }
}
