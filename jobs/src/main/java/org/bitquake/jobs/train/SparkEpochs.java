package org.bitquake.jobs.train;

import java.util.Iterator;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.data.Shape;
import org.bitquake.train.AveragedEpochs;
import org.bitquake.train.Averaging;
import org.bitquake.train.ReplicaState;
import org.bitquake.train.TrainOptions;
import org.bitquake.train.WorkerBatches;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Trains the epochs of one network on a cluster, with DL4J's parameter averaging. The result is a
 * function of the options and the images; neither the cluster's size nor a lost and repeated task
 * changes it.
 */
final class SparkEpochs implements AveragedEpochs, AutoCloseable {
  private final JavaSparkContext context;
  private final TrainOptions options;
  private final Averaging averaging;
  private final Broadcast<Images> images;

  SparkEpochs(JavaSparkContext context, TrainOptions options, Averaging averaging, Dataset images) {
    this.context = context;
    this.options = options;
    this.averaging = averaging;
    this.images = context.broadcast(Images.of(images));
  }

  @Override
  public Averaging averaging() {
    return averaging;
  }

  @Override
  public ReplicaState run(
      int epoch, int stepsPerEpoch, ReplicaState start, Consumer<ReplicaState> watch) {
    var master = new QuantizedTrainingMaster(options, averaging, epoch, stepsPerEpoch, watch);
    var configuration = StateNetwork.configuration(start.parameters().length);
    var network = new SparkComputationGraph(context, configuration, master);
    StateNetwork.set(network.getNetwork(), start);
    context.setJobGroup("train " + options.name(), Text.of("epoch %d/%d", epoch, options.epochs()));
    int splits = (stepsPerEpoch + averaging.frequency() - 1) / averaging.frequency();
    int partitions = splits * averaging.workers();
    var numbers = IntStream.range(0, partitions).boxed().toList();
    network.fit(
        context
            .parallelize(numbers, partitions)
            .flatMap(new Partition(options, averaging, images, epoch, stepsPerEpoch)));
    return StateNetwork.get(network.getNetwork());
  }

  /** Forgets the images on all executors; what this thread runs from now on is no training. */
  @Override
  public void close() {
    if (!context.sc().isStopped()) {
      context.clearJobGroup();
      images.destroy();
    }
  }

  /** The minibatches of a partition: those of one worker between two averages. */
  private record Partition(
      TrainOptions options,
      Averaging averaging,
      Broadcast<Images> images,
      int epoch,
      int stepsPerEpoch)
      implements FlatMapFunction<Integer, DataSet> {
    @Override
    public Iterator<DataSet> call(Integer partition) {
      int first = partition / averaging.workers() * averaging.frequency();
      int end = Math.min(first + averaging.frequency(), stepsPerEpoch);
      int worker = partition % averaging.workers();
      var data = images.value().dataset();
      return new WorkerBatches(options, averaging, data, epoch, worker, first, end);
    }
  }

  /** A data set as plain values. */
  private record Images(
      String name, int channels, int height, int width, int classes, byte[] pixels, byte[] labels)
      implements java.io.Serializable {
    static Images of(Dataset d) {
      var s = d.shape();
      return new Images(
          d.name(), s.channels(), s.height(), s.width(), d.classes(), d.pixels(), d.labels());
    }

    Dataset dataset() {
      return new Dataset(name, new Shape(channels, height, width), classes, pixels, labels);
    }
  }
}
