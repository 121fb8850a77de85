package org.bitquake.jobs.trial;

import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;
import org.bitquake.jobs.injection.EngineSource;

/**
 * Turns units of work into rows of the table {@code trials}. Unit u is one trial number of the wave
 * on network u mod K of K: the trials of a number stay together and share its faults and images.
 * Neighbouring units have numbers far apart, because some numbers have more to do than others.
 *
 * <p>Only bytes and plain values travel; networks and engines are made once per task.
 */
public record TrialTask(
    TrialPlan plan,
    Wave wave,
    Broadcast<byte[][]> networkFiles,
    Broadcast<byte[][]> pixelsAndLabels,
    Broadcast<byte[][]> golden,
    EngineSource engines)
    implements MapPartitionsFunction<Long, Row> {
  private static final double GOLDEN_SECTION = 0.6180339887498949;

  /** Units of a wave: each number that some cell needs, on each network. */
  public static long units(TrialPlan plan, Wave wave) {
    return Math.multiplyExact(wave.end() - wave.first(), plan.names().size());
  }

  @Override
  public Iterator<Row> call(Iterator<Long> units) {
    var bench = new Workbench(plan, networkFiles.value(), pixelsAndLabels.value(), engines);
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> bench.close());
    var runner = new TrialRunner(bench, golden.value(), wave);
    long first = wave.first();
    long numbers = wave.end() - first;
    long stride = stride(numbers);
    int networks = plan.names().size();
    var stream =
        StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(units, Spliterator.ORDERED), false);
    return stream
        .flatMap(
            unit ->
                runner
                    .run(first + unit / networks * stride % numbers, (int) (unit % networks))
                    .stream())
        .map(trial -> trial.toRow(plan))
        .iterator();
  }

  /** Prime to {@code numbers}, so that its multiples pass through all of them once. */
  static long stride(long numbers) {
    long stride = Math.max(1, (long) (numbers * GOLDEN_SECTION));
    while (gcd(stride, numbers) != 1) {
      stride++;
    }
    return stride;
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
