package org.bitquake.jobs.train;

import java.io.Serializable;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaRDDLike;
import org.apache.spark.rdd.PartitionPruningRDD;
import org.bitquake.train.Averaging;
import org.bitquake.train.HeldArrays;
import org.bitquake.train.ReplicaState;
import org.bitquake.train.TrainOptions;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.api.WorkerConfiguration;
import org.deeplearning4j.spark.api.worker.NetBroadcastTuple;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingResult;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingWorker;
import org.deeplearning4j.spark.impl.paramavg.aggregator.ParameterAveragingAggregationTuple;
import org.deeplearning4j.spark.impl.paramavg.aggregator.ParameterAveragingElementAddFunction;
import org.deeplearning4j.spark.impl.paramavg.aggregator.ParameterAveragingElementCombineFunction;
import scala.runtime.AbstractFunction1;

/**
 * DL4J's parameter averaging for one epoch of quantised networks, made repeatable: what is trained
 * together is told by the partitions instead of drawn at random, and the workers' results are added
 * in the workers' order instead of that of their arrival.
 */
final class QuantizedTrainingMaster extends ParameterAveragingTrainingMaster {
  private final TrainOptions options;
  private final Averaging averaging;
  private final int stepsPerEpoch;
  private final Consumer<ReplicaState> watch;
  private long step;

  /**
   * @param epoch 1 for the first
   * @param watch told the state after every average
   */
  QuantizedTrainingMaster(
      TrainOptions options,
      Averaging averaging,
      int epoch,
      int stepsPerEpoch,
      Consumer<ReplicaState> watch) {
    super(
        new Builder(averaging.workers(), averaging.share(options.batch()))
            .batchSizePerWorker(averaging.share(options.batch()))
            .averagingFrequency(averaging.frequency())
            .workerPrefetchNumBatches(0)
            .rddTrainingApproach(RDDTrainingApproach.Direct)
            .repartionData(Repartition.Never)
            .storageLevel(null));
    this.options = options;
    this.averaging = averaging;
    this.stepsPerEpoch = stepsPerEpoch;
    this.watch = watch;
    this.step = (epoch - 1L) * stepsPerEpoch;
  }

  /** Known without a Spark job that counts. */
  @Override
  protected <T, R extends JavaRDDLike<T, R>> long getTotalDataSetObjectCount(
      JavaRDDLike<T, R> trainingData) {
    return (long) stepsPerEpoch * averaging.workers();
  }

  /** Each {@code workers} partitions, in their order, are a split: a partition for each worker. */
  @Override
  protected <T> JavaRDD<T>[] getSplitRDDs(JavaRDD<T> data, int objects, int examplesPerObject) {
    int workers = averaging.workers();
    @SuppressWarnings({"unchecked", "rawtypes"})
    JavaRDD<T>[] splits = new JavaRDD[data.getNumPartitions() / workers];
    for (int s = 0; s < splits.length; s++) {
      var part = PartitionPruningRDD.create(data.rdd(), new OfSplit(s, workers));
      splits[s] = part.toJavaRDD();
    }
    return splits;
  }

  /** Whether a partition, by its number, belongs to a split. */
  private static final class OfSplit extends AbstractFunction1<Object, Object>
      implements Serializable {
    private static final long serialVersionUID = 1L;
    private final int split;
    private final int workers;

    OfSplit(int split, int workers) {
      this.split = split;
      this.workers = workers;
    }

    @Override
    public Object apply(Object partition) {
      return (Integer) partition / workers == split;
    }
  }

  @Override
  public ParameterAveragingTrainingWorker getWorkerInstance(SparkComputationGraph graph) {
    var network = graph.getNetwork();
    var start =
        new NetBroadcastTuple(
            network.getConfiguration(), network.params(), network.getUpdater().getStateViewArray());
    var configuration =
        new WorkerConfiguration(
            true, rddDataSetNumExamples, batchSizePerWorker, averagingFrequency, 0, false);
    return new QuantizedTrainingWorker(
        graph.getSparkContext().broadcast(start), configuration, options, stepsPerEpoch, step);
  }

  @Override
  protected void processResults(
      SparkDl4jMultiLayer none,
      SparkComputationGraph graph,
      JavaRDD<ParameterAveragingTrainingResult> results,
      int split,
      int splits) {
    var sums =
        results
            .map(result -> new ParameterAveragingElementAddFunction().call(null, result))
            .collect();
    var state = HeldArrays.during(() -> average(graph, sums));
    step += averagingFrequency;
    watch.accept(state);
  }

  private static ReplicaState average(
      SparkComputationGraph graph, List<ParameterAveragingAggregationTuple> sums) {
    var combine = new ParameterAveragingElementCombineFunction();
    ParameterAveragingAggregationTuple sum = null;
    try {
      for (var next : sums) {
        sum = combine.call(sum, next);
      }
    } catch (Exception e) {
      throw new IllegalStateException("the workers' parameters do not add up", e);
    }
    int workers = sum.getAggregationsCount();
    var parameters = sum.getParametersSum().divi(workers);
    var momentum = sum.getUpdaterStateSum().divi(workers);
    return StateNetwork.set(
        graph.getNetwork(),
        new ReplicaState(parameters.data().asDouble(), momentum.data().asDouble()));
  }
}
