package org.bitquake.jobs.cnvlutin;

import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Turns numbers of units into rows of the table {@code cnvlutin_slices}. Only bytes and plain
 * values travel; networks and engines are made in the task.
 */
record SimulationTask(
    SimulationPlan plan, Broadcast<byte[][]> networkFiles, Broadcast<byte[]> pixels)
    implements MapPartitionsFunction<Long, Row> {
  @Override
  public Iterator<Row> call(Iterator<Long> units) {
    var bench = new SimulationBench(plan, networkFiles.value(), pixels.value());
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> bench.close());
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(units, Spliterator.ORDERED), false)
        .flatMap(unit -> bench.run(plan.unit(unit)).stream())
        .iterator();
  }
}
