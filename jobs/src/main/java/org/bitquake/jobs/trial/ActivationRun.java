package org.bitquake.jobs.trial;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.TaskCompletionListener;
import org.bitquake.engine.ActivationStatistics;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.jobs.store.Tables;
import org.bitquake.network.QuantizedNetwork;

/**
 * How many activations of each network are 0 without faults: the table {@code activations}. Unit u
 * is slice u mod 4 on network u / 4, a slice being a quarter of its images.
 */
public record ActivationRun(
    TrialPlan plan,
    Broadcast<byte[][]> networkFiles,
    Broadcast<byte[][]> pixelsAndLabels,
    EngineSource engines)
    implements MapPartitionsFunction<Long, long[]> {
  private static final int SLICES = 4;

  /** A sample of this many images tells every zero fraction to a fraction of a per cent. */
  static final int MOST_IMAGES = 1_000;

  private static final int FEWEST_IMAGES = 100;

  /** Multiply-accumulates of the sample: some seconds of the reference engine, which is slow. */
  private static final double MACS = 5e10;

  /** The table, from the first images of the data set. */
  public org.apache.spark.sql.Dataset<Row> run(
      SparkSession spark, List<CampaignNetwork> networks, int partitions) {
    int all = plan.data().images(pixelsAndLabels.value());
    long units = (long) networks.size() * SLICES;
    var counted =
        spark
            .range(0, units, 1, (int) Math.min(units, partitions))
            .mapPartitions(this, Encoders.javaSerialization(long[].class))
            .collectAsList();
    List<Row> rows = new ArrayList<>();
    for (int n = 0; n < networks.size(); n++) {
      int images = images(networks.get(n).network(), all);
      rows.addAll(
          rows(networks.get(n), images, sum(counted.subList(n * SLICES, (n + 1) * SLICES))));
    }
    return spark.createDataFrame(rows, Tables.ACTIVATIONS).coalesce(1);
  }

  /** Tasks at once, at most. */
  public static int tasks(int networks) {
    return networks * SLICES;
  }

  /** Bytes that the reference engine of a network takes, which is most of a task's. */
  public static long memory(QuantizedNetwork network, int images) {
    int slice = (images(network, images) + SLICES - 1) / SLICES;
    return ReferenceEngine.memory(network, slice);
  }

  private List<Row> rows(CampaignNetwork its, int images, long[] zeros) {
    QuantizedNetwork network = its.network();
    var layers = ActivationStatistics.layers(network);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      var layer = layers.get(i);
      rows.add(
          RowFactory.create(
              its.name(),
              layer.name(),
              i,
              images,
              (long) images * layer.outputShape().size(),
              zeros[i],
              network.contentHash(),
              plan.data().name()));
    }
    return rows;
  }

  private static long[] sum(List<long[]> parts) {
    long[] sum = new long[parts.get(0).length];
    parts.forEach(part -> Arrays.setAll(sum, i -> sum[i] + part[i]));
    return sum;
  }

  @Override
  public Iterator<long[]> call(Iterator<Long> units) {
    var bench = new Workbench(plan, networkFiles.value(), pixelsAndLabels.value(), engines);
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> bench.close());
    List<long[]> parts = new ArrayList<>();
    units.forEachRemaining(
        unit -> parts.add(zeros(bench, (int) (unit / SLICES), (int) (unit % SLICES))));
    return parts.iterator();
  }

  private static long[] zeros(Workbench bench, int index, int slice) {
    var network = bench.network(index);
    int images = images(network, bench.images().size());
    int first = images * slice / SLICES;
    int end = images * (slice + 1) / SLICES;
    return first == end
        ? new long[ActivationStatistics.layers(network).size()]
        : ActivationStatistics.zeroFractions(network, bench.images().part(first, end - first))
            .stream()
            .mapToLong(ActivationStatistics.Zeros::zeros)
            .toArray();
  }

  /** How many of the first images a network is looked at on. */
  static int images(QuantizedNetwork network, int all) {
    double enough = Math.max(FEWEST_IMAGES, Math.min(MOST_IMAGES, MACS / network.macs()));
    return (int) Math.min(all, enough);
  }
}
