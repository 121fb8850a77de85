package org.bitquake.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.bitquake.data.Dataset;
import org.bitquake.data.Datasets;
import org.bitquake.jobs.TestSpark;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.quant.Quantizer;
import org.bitquake.train.AveragedEpochs;
import org.bitquake.train.Averaging;
import org.bitquake.train.EpochReport;
import org.bitquake.train.TrainOptions;
import org.bitquake.train.Trainer;
import org.junit.jupiter.api.Test;

/** LeNet-5 on 10,000 training images of Fashion-MNIST: mode spark against local training. */
class SparkTrainingTest {
  private static final Dataset TRAIN = load("train");
  private static final Dataset TEST = load("test");
  private static final Averaging TWO = new Averaging(2, 25);
  private static final Optional<QuantizedNetwork> RANDOM = Optional.empty();

  @Test
  void averagedNetworksAreAsGoodAsLocalOnesAndSparseWithAPenalty() {
    var local = last(options("local", 2, 0), Optional.empty());
    var plain = averaged(options("plain", 2, 0));
    var sparse = averaged(options("sparse", 1, 3e-4));

    assertThat(local.accuracy()).isGreaterThan(0.8);
    assertThat(plain.accuracy()).isGreaterThan(local.accuracy() - 0.01);
    assertThat(sparse.accuracy()).isGreaterThan(0.7);
    // The first layer, with most of the activations, pays most of the penalty.
    assertThat(plain.zeroFractions().get(0)).isLessThan(0.65);
    assertThat(sparse.zeroFractions().get(0)).isGreaterThan(0.75);
  }

  private static EpochReport averaged(TrainOptions options) {
    var context = JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());
    try (var epochs = new SparkEpochs(context, options, TWO, TRAIN)) {
      return last(options, Optional.of(epochs));
    }
  }

  private static EpochReport last(TrainOptions options, Optional<AveragedEpochs> workers) {
    List<EpochReport> reports = new ArrayList<>();
    Trainer.train(options, RANDOM, TRAIN, TEST, Optional.empty(), reports::add, workers);
    return reports.get(reports.size() - 1);
  }

  private static TrainOptions options(String name, int epochs, double lambda) {
    var model = TrainOptions.Model.lenet5();
    return new TrainOptions(
        name,
        model,
        1,
        epochs,
        0,
        40,
        false,
        0.02,
        1,
        false,
        1e-4,
        lambda,
        1,
        0,
        Quantizer.LSQ,
        4,
        4);
  }

  private static Dataset load(String split) {
    return Datasets.load("fashion-mnist", split, Optional.empty(), new Configuration());
  }
}
