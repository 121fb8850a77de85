package org.bitquake.jobs.trial;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.TaskCompletionListener;
import org.bitquake.jobs.injection.EngineSource;

/**
 * What each network says of the images without faults. Unit u is slice u mod S of S on network u /
 * S, a slice being 500 consecutive images.
 */
public record GoldenRun(
    TrialPlan plan,
    Broadcast<byte[][]> networkFiles,
    Broadcast<byte[][]> pixelsAndLabels,
    EngineSource engines)
    implements MapPartitionsFunction<Long, byte[]> {
  private static final int SLICE = 500;

  /**
   * Runs all networks over all images.
   *
   * @return their {@link Marks}, {@code [network][image]}
   */
  public byte[][] run(SparkSession spark, int partitions) {
    int images = plan.data().images(pixelsAndLabels.value());
    int slices = slices(images);
    long units = (long) plan.names().size() * slices;
    var parts =
        spark
            .range(0, units, 1, (int) Math.min(units, partitions))
            .mapPartitions(this, Encoders.BINARY())
            .collectAsList();
    byte[][] marks = new byte[plan.names().size()][images];
    for (int unit = 0; unit < units; unit++) {
      byte[] part = parts.get(unit);
      System.arraycopy(part, 0, marks[unit / slices], unit % slices * SLICE, part.length);
    }
    return marks;
  }

  @Override
  public Iterator<byte[]> call(Iterator<Long> units) {
    var bench = new Workbench(plan, networkFiles.value(), pixelsAndLabels.value(), engines);
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> bench.close());
    int slices = slices(bench.images().size());
    List<byte[]> parts = new ArrayList<>();
    units.forEachRemaining(
        unit -> parts.add(slice(bench, (int) (unit / slices), (int) (unit % slices) * SLICE)));
    return parts.iterator();
  }

  private static byte[] slice(Workbench bench, int network, int first) {
    var data = bench.images();
    int count = Math.min(SLICE, data.size() - first);
    int pixels = data.shape().size();
    byte[] images = new byte[count * pixels];
    System.arraycopy(data.pixels(), first * pixels, images, 0, images.length);
    int[] numbers = IntStream.range(first, first + count).toArray();
    return new Marks(data, count).of(bench.engine(network), images, numbers, count);
  }

  private static int slices(int images) {
    return (images + SLICE - 1) / SLICE;
  }
}
