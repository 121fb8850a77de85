package org.bitquake.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.data.Datasets;
import org.bitquake.jobs.TestSpark;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.quant.Quantizer;
import org.bitquake.train.Averaging;
import org.bitquake.train.EpochReport;
import org.bitquake.train.Replica;
import org.bitquake.train.ReplicaState;
import org.bitquake.train.TrainOptions;
import org.bitquake.train.Trainer;
import org.bitquake.train.TrainingListener;
import org.bitquake.train.WorkerBatches;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Parameter averaging on Spark, against loops that do the same without Spark. */
class SparkEpochsTest {
  private static final int BATCH = 32;
  private static final int STEPS = 7;
  private static final Dataset TRAIN = first(load("train"), STEPS * BATCH);
  private static final Dataset TEST = first(load("test"), 500);
  private static final Optional<QuantizedNetwork> RANDOM = Optional.empty();

  @ParameterizedTest
  @EnumSource(Quantizer.class)
  void oneWorkerIsLocalTraining(Quantizer quantizer) {
    var options = options(quantizer, 2);
    var local = Trainer.train(options, RANDOM, TRAIN, TEST, Optional.empty(), r -> {});
    var averaged = train(options, new Averaging(1, 3));

    assertThat(averaged.contentHash()).isEqualTo(local.contentHash());
    assertThat(averaged.provenance())
        .containsEntry("mode", "spark")
        .containsEntry("workers", "1")
        .containsEntry("averagingFrequency", "3");
    assertThat(local.provenance()).doesNotContainKeys("mode", "workers", "averagingFrequency");
  }

  @Test
  void everyAverageIsTold() {
    var options = options(Quantizer.LSQ, 2);
    var told = new ArrayList<String>();
    var listener =
        new TrainingListener() {
          @Override
          public void epoch(EpochReport report) {
            told.add("epoch " + report.epoch());
          }

          @Override
          public void step(int epoch, int steps, int stepsPerEpoch) {
            told.add(Text.of("%d: %d of %d", epoch, steps, stepsPerEpoch));
          }
        };
    train(options, new Averaging(2, 3), listener);
    assertThat(told)
        .containsExactly(
            "1: 3 of 7",
            "1: 6 of 7",
            "1: 7 of 7",
            "epoch 1",
            "2: 3 of 7",
            "2: 6 of 7",
            "2: 7 of 7",
            "epoch 2");
  }

  @ParameterizedTest
  @CsvSource({"2, 3, 7, LSQ", "4, 1, 3, MSE", "4, 5, 7, LSQ"})
  void severalWorkersAreTheAverageOfReplicasTrainedOneByOne(
      int workers, int frequency, int steps, Quantizer quantizer) {
    var options = options(quantizer, 1);
    var averaging = new Averaging(workers, frequency);
    var start = new Replica(options, steps).state();
    ReplicaState spark;
    try (var epochs = new SparkEpochs(context(), options, averaging, TRAIN)) {
      spark = epochs.run(1, steps, start, s -> {});
    }

    var naive = averaged(options, averaging, start, 0, steps, steps);
    assertThat(spark.parameters()).containsExactly(naive.parameters());
    assertThat(spark.momentum()).containsExactly(naive.momentum());
  }

  /** An update is linear in the gradient, and the gradient of a batch the mean of its parts'. */
  @Test
  void anAverageAfterEveryStepIsDescentOnTheWholeBatch() {
    var options = options(Quantizer.LSQ, 1);
    var local = new Averaging(1, 1);
    // The first batch finds the activations' steps, every worker from its own images.
    var start = averaged(options, local, new Replica(options, STEPS).state(), 0, 1, STEPS);
    var one = averaged(options, local, start, 1, 3, STEPS);
    var four = averaged(options, new Averaging(4, 1), start, 1, 3, STEPS);

    // Codes on the border of two values fall either way with the last bit of a sum.
    assertThat(distance(four, one)).isLessThan(0.02 * distance(one, start));
  }

  private static double distance(ReplicaState a, ReplicaState b) {
    double squares = 0;
    for (int i = 0; i < a.parameters().length; i++) {
      double d = a.parameters()[i] - b.parameters()[i];
      squares += d * d;
    }
    return Math.sqrt(squares);
  }

  private static ReplicaState averaged(
      TrainOptions options,
      Averaging averaging,
      ReplicaState start,
      int begin,
      int steps,
      int stepsPerEpoch) {
    var state = start;
    for (int first = begin; first < steps; first += averaging.frequency()) {
      int end = Math.min(first + averaging.frequency(), steps);
      var from = state;
      int f = first;
      state =
          mean(
              IntStream.range(0, averaging.workers())
                  .mapToObj(w -> trained(options, averaging, from, w, f, end, stepsPerEpoch))
                  .toList());
    }
    return state;
  }

  private static ReplicaState trained(
      TrainOptions options,
      Averaging averaging,
      ReplicaState start,
      int worker,
      int first,
      int end,
      int stepsPerEpoch) {
    var replica = new Replica(options, stepsPerEpoch);
    replica.load(start, first);
    var batches = new WorkerBatches(options, averaging, TRAIN, 1, worker, first, end);
    for (int step = first; step < end; step++) {
      var batch = batches.next();
      replica.update(step, batch.getFeatures(), batch.getLabels());
    }
    return replica.state();
  }

  private static ReplicaState mean(List<ReplicaState> states) {
    return new ReplicaState(
        mean(states.stream().map(ReplicaState::parameters).toList(), states.size()),
        mean(states.stream().map(ReplicaState::momentum).toList(), states.size()));
  }

  private static double[] mean(List<double[]> rows, int count) {
    var sum = rows.get(0).clone();
    rows.stream().skip(1).forEach(row -> Arrays.setAll(sum, i -> sum[i] + row[i]));
    Arrays.setAll(sum, i -> sum[i] / count);
    return sum;
  }

  private static QuantizedNetwork train(TrainOptions options, Averaging averaging) {
    return train(options, averaging, r -> {});
  }

  private static QuantizedNetwork train(
      TrainOptions options, Averaging averaging, TrainingListener listener) {
    try (var epochs = new SparkEpochs(context(), options, averaging, TRAIN)) {
      return Trainer.train(
          options, RANDOM, TRAIN, TEST, Optional.empty(), listener, Optional.of(epochs));
    }
  }

  private static JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());
  }

  private static TrainOptions options(Quantizer quantizer, int epochs) {
    boolean normalised = quantizer == Quantizer.LIQ;
    return new TrainOptions(
        "averaged",
        new TrainOptions.Model(TrainOptions.Model.LENET5, OptionalInt.empty(), 10, normalised),
        1,
        epochs,
        epochs - 1,
        BATCH,
        true,
        0.05,
        1,
        false,
        1e-4,
        1e-4,
        1,
        0,
        quantizer,
        4,
        4);
  }

  private static Dataset first(Dataset data, int images) {
    return new Dataset(
        "first-" + images,
        data.shape(),
        data.classes(),
        Arrays.copyOf(data.pixels(), images * data.shape().size()),
        Arrays.copyOf(data.labels(), images));
  }

  private static Dataset load(String split) {
    return Datasets.load("fashion-mnist", split, Optional.empty(), new Configuration());
  }
}
