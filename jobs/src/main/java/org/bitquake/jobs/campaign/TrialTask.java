package org.bitquake.jobs.campaign;

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
 * Turns units of work into rows of the table {@code trials}. Unit u is trial number u / K on
 * network u mod K of K: the trials of a number stay together and share its faults and images.
 *
 * <p>Only bytes and plain values travel; networks and engines are made once per task.
 */
record TrialTask(
    TrialPlan plan,
    Broadcast<byte[][]> networkFiles,
    Broadcast<byte[][]> pixelsAndLabels,
    Broadcast<byte[][]> goldenRight,
    EngineSource engines)
    implements MapPartitionsFunction<Long, Row> {

  @Override
  public Iterator<Row> call(Iterator<Long> units) {
    var bench = new Workbench(plan, networkFiles.value(), pixelsAndLabels.value(), engines);
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> bench.close());
    var runner = new TrialRunner(bench, goldenRight.value());
    int networks = plan.names().size();
    var stream =
        StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(units, Spliterator.ORDERED), false);
    return stream
        .flatMap(unit -> runner.run(unit / networks, (int) (unit % networks)).stream())
        .map(trial -> trial.toRow(plan))
        .iterator();
  }
}
