package org.bitquake.jobs.landscape;

import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.bitquake.landscape.LossPoint;

/** Turns numbers of points into rows of the table {@code landscape}; each point is one task's. */
record GridTask(
    GridPlan plan, Broadcast<byte[][]> networkFiles, Broadcast<byte[][]> pixelsAndLabels)
    implements MapPartitionsFunction<Long, Row> {
  @Override
  public Iterator<Row> call(Iterator<Long> numbers) {
    var bench = new LossBench(plan, networkFiles.value(), pixelsAndLabels.value());
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(numbers, Spliterator.ORDERED), false)
        .map(plan::point)
        .map(point -> row(point, bench.at(point)))
        .iterator();
  }

  private Row row(GridPoint point, LossPoint loss) {
    return RowFactory.create(
        plan.names().get(point.network()),
        point.kind().label(),
        point.direction(),
        point.second(),
        point.alpha(),
        point.beta(),
        loss.loss(),
        loss.accuracy(),
        loss.correct(),
        loss.images(),
        plan.mode(),
        plan.seed(),
        plan.imagesSeed(),
        plan.dataset(),
        plan.hashes().get(point.network()));
  }
}
