package org.bitquake.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.InputException;
import org.bitquake.data.Dataset;
import org.bitquake.data.Datasets;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.quant.Quantizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole trainings with clipped weights and faults. */
class TrainingAgainstFaultsTest {
  private static final Optional<QuantizedNetwork> STANDARD =
      Optional.of(Agreement.trained("standard"));

  private static final Dataset IMAGES =
      Datasets.load("fashion-mnist", "test", Optional.empty(), new Configuration());

  private static final Dataset FEW = first(320);

  @TempDir Path folder;

  private static Dataset first(int images) {
    return new Dataset(
        "first-" + images,
        IMAGES.shape(),
        IMAGES.classes(),
        Arrays.copyOf(IMAGES.pixels(), images * IMAGES.shape().size()),
        Arrays.copyOf(IMAGES.labels(), images));
  }

  private static TrainOptions options(
      int epochs, double rho, Quantizer quantizer, WeightClip clip, double rate) {
    return new TrainOptions(
        "a",
        TrainOptions.Model.lenet5(),
        1,
        epochs,
        0,
        64,
        false,
        0.02,
        1,
        false,
        1e-4,
        1e-4,
        0,
        rho,
        quantizer,
        4,
        4,
        clip,
        rate,
        TrainDefaults.FAULT_THRESHOLD,
        SaqScope.WEIGHTS,
        1);
  }

  private static QuantizedNetwork train(
      TrainOptions options, Optional<Path> checkpoint, TrainingListener listener) {
    return Trainer.train(options, STANDARD, FEW, FEW, checkpoint, listener);
  }

  @ParameterizedTest
  @EnumSource(names = "LIQ", mode = EnumSource.Mode.EXCLUDE)
  void aRunThatWasStoppedGoesOnToTheSameNetwork(Quantizer quantizer) {
    var options = options(2, 0.1, quantizer, WeightClip.ofQuantile(0.99), 0.05);
    var whole = train(options, Optional.empty(), r -> {});
    var part = Optional.of(folder.resolve("part"));
    assertThatThrownBy(() -> train(options, part, new Stop(7))).hasMessage(Stop.MESSAGE);
    var resumed = train(options, part, r -> {});

    assertThat(resumed.contentHash()).isEqualTo(whole.contentHash());
    var withoutFaults =
        train(
            options(2, 0.1, quantizer, WeightClip.ofQuantile(0.99), 0), Optional.empty(), r -> {});
    assertThat(withoutFaults.contentHash()).isNotEqualTo(whole.contentHash());
  }

  @Test
  void faultsAreNotForLiq() {
    assertThatThrownBy(() -> options(1, 0, Quantizer.LIQ, WeightClip.NONE, 0.05))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("network a: faultRate must be 0 with quantizer liq");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCheckpointKnowsWhetherTheNextStepHasFaults(boolean on) throws Exception {
    var options = options(1, 0, Quantizer.LSQ, WeightClip.NONE, 0.05);
    var checkpoint = new Checkpoint(folder.resolve("one"), "run");
    var written = new Replica(options, 10);
    written.faults().orElseThrow().setOn(on);
    var reached = new Reached(1, 5, 2.5);
    checkpoint.write(reached, written);
    var read = new Replica(options, 10);
    read.faults().orElseThrow().setOn(!on);

    assertThat(checkpoint.read(read)).isEqualTo(reached);
    assertThat(read.faults().orElseThrow().on()).isEqualTo(on);
  }

  @Test
  void weightsStayWithinTheBoundAndTheFileSaysSo() {
    double bound = 0.05;
    var options = options(1, 0, Quantizer.MAX, WeightClip.within(bound), 0.05);
    var network = train(options, Optional.empty(), r -> {});

    assertThat(network.provenance())
        .containsEntry("clip", "0.05")
        .containsEntry("faultRate", "0.05")
        .containsEntry("faultThreshold", "0.76");
    for (var layer : network.weightLayers()) {
      float step = layer.weights().step()[0];
      assertThat(step * 7).isBetween(0f, (float) bound + 1e-6f);
    }
    assertThat(Trainer.SETTINGS).contains("clip", "faultRate", "faultThreshold");
  }

  @Test
  void withoutThemTheFileSaysNothing() {
    var options = options(1, 0.3, Quantizer.LSQ, WeightClip.NONE, 0);
    var facts = Trainer.provenance(options, STANDARD, FEW, Optional.empty());
    assertThat(facts).doesNotContainKeys("clip", "faultRate", "faultThreshold");
    assertThat(
            Trainer.provenance(
                options(1, 0, Quantizer.LSQ, WeightClip.ofQuantile(0.9), 0),
                STANDARD,
                FEW,
                Optional.empty()))
        .containsEntry("clip", "quantile 0.9");
  }

  @Test
  void randomWeightsAreClippedBeforeTheirFirstStepsAreChosen() {
    var clip = WeightClip.within(0.01);
    var replica = new Replica(options(1, 0, Quantizer.LSQ, clip, 0), 10);
    var model = replica.model();
    for (int l = 0; l < model.slots().size(); l++) {
      var s = model.slots().get(l);
      double sum = 0;
      for (int i = s.weightOffset(); i < s.weightOffset() + s.weights(); i++) {
        assertThat(Math.abs(model.master()[i])).isLessThanOrEqualTo(0.01f);
        sum += Math.abs(model.master()[i]);
      }
      float step = (float) (2 * sum / s.weights() / Math.sqrt(7));
      assertThat(model.weightQuantizers().get(l).step()).isEqualTo(step);
    }
  }

  @Test
  void floatEpochsKnowNoFaults() {
    var o = options(2, 0, Quantizer.LSQ, WeightClip.NONE, 0.05);
    var options =
        new TrainOptions(
            o.name(),
            o.model(),
            1,
            2,
            1,
            64,
            false,
            0.02,
            1,
            false,
            0,
            0,
            0,
            0,
            o.quantizer(),
            4,
            4,
            o.clip(),
            o.faultRate(),
            o.faultThreshold(),
            SaqScope.WEIGHTS,
            1);
    var replica = new Replica(options, 1);
    var batches = new Batches(FEW, 64);
    batches.load(Batches.order(FEW.size(), 1, 1), 0);
    var faults = replica.faults().orElseThrow();
    faults.setOn(true);
    replica.enter(1);
    replica.update(0, batches.images(), batches.labels());
    assertThat(faults.epsilon()).containsOnly(0f);
    replica.enter(2);
    replica.update(1, batches.images(), batches.labels());
    assertThat(faults.epsilon()).isNotEqualTo(new float[faults.epsilon().length]);
  }

  @Test
  void eachGradientIsWork() {
    assertThat(options(1, 0, Quantizer.LSQ, WeightClip.within(1), 0).gradients()).isEqualTo(1);
    assertThat(options(1, 0.3, Quantizer.LSQ, WeightClip.NONE, 0).gradients()).isEqualTo(2);
    assertThat(options(1, 0, Quantizer.LSQ, WeightClip.NONE, 0.1).gradients()).isEqualTo(2);
    assertThat(options(1, 0.3, Quantizer.LSQ, WeightClip.NONE, 0.1).gradients()).isEqualTo(3);
  }

  @Test
  void aCollapsedNetworkIsToldWhatToLowerAndRaise() {
    var options = options(1, 0.3, Quantizer.LSQ, WeightClip.within(0.01), 0.2);
    assertThatThrownBy(() -> new CollapseGuard(options).checkStep(1, Double.NaN))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "network a collapsed in epoch 1: the loss is no number any more; lower lambda (1.0E-4),"
                + " rho (0.3), faultRate (0.2) or learningRate (0.02), or raise clip (0.01)");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, Double.NaN})
  void aRateIsBelowOne(double rate) {
    assertThatThrownBy(() -> options(1, 0, Quantizer.LSQ, WeightClip.NONE, rate))
        .isInstanceOf(InputException.class)
        .hasMessage("network a: faultRate must be in [0, 1)");
  }
}
