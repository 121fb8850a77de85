package org.bitquake.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.bitquake.data.Dataset;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.quant.Quantizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trainings that are stopped again and again, between any two updates. */
class StoppedTrainingTest {
  private static final int BATCH = 16;

  /** Not a multiple of ten, nor is its tenth a whole number. */
  private static final int STEPS = 23;

  private static final Dataset IMAGES = noise(BATCH * STEPS + 3);

  @TempDir Path folder;

  /** What a step knows of those before it. */
  enum Setting {
    FLOAT_THEN_SAQ(Quantizer.LSQ, true, 0.3, 1, 0, 1),
    FAULTS(Quantizer.MSE, false, 0.1, 0.95, 0.02, 1),
    RUNNING_MAXIMUM(Quantizer.MAX, false, 0, 1, 0, 1),
    TWO_THREADS(Quantizer.LIQ, true, 0.3, 1, 0, 2);

    private final Quantizer quantizer;
    private final boolean augment;
    private final double rho;
    private final double quantile;
    private final double faultRate;
    private final int threads;

    Setting(
        Quantizer quantizer,
        boolean augment,
        double rho,
        double quantile,
        double faultRate,
        int threads) {
      this.quantizer = quantizer;
      this.augment = augment;
      this.rho = rho;
      this.quantile = quantile;
      this.faultRate = faultRate;
      this.threads = threads;
    }

    TrainOptions options() {
      boolean normalise = threads > 1;
      return new TrainOptions(
          "stopped",
          new TrainOptions.Model("lenet5", OptionalInt.empty(), 10, normalise),
          1,
          3,
          this == FLOAT_THEN_SAQ ? 1 : 0,
          BATCH,
          augment,
          0.02,
          1,
          false,
          1e-4,
          1e-5,
          1,
          rho,
          quantizer,
          4,
          4,
          quantile < 1 ? WeightClip.ofQuantile(quantile) : WeightClip.NONE,
          faultRate,
          1,
          SaqScope.WEIGHTS,
          threads);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTrainingThatIsStoppedAnywhereGivesTheSameNetworkAndLosses(Setting setting) {
    var options = setting.options();
    var undisturbed = Stop.never();
    var whole = train(options, Optional.empty(), undisturbed);
    var checkpoint = Optional.of(folder.resolve("checkpoint"));
    var random = new Random(5);
    List<Double> losses = new ArrayList<>();
    int updates = 0;
    int stops = 0;
    Optional<QuantizedNetwork> end = Optional.empty();
    while (end.isEmpty()) {
      var stop = new Stop(1 + random.nextInt(17));
      try {
        end = Optional.of(train(options, checkpoint, stop));
      } catch (IllegalStateException e) {
        assertThat(e).hasMessage(Stop.MESSAGE);
        stops++;
      }
      stop.reports().forEach(report -> losses.add(report.loss()));
      updates += stop.updates();
    }

    assertThat(end.orElseThrow().contentHash()).isEqualTo(whole.contentHash());
    assertThat(undisturbed.reports().stream().map(EpochReport::loss)).containsAll(losses);
    assertThat(stops).isGreaterThan(4);
    int tenth = STEPS / 10 + 1;
    assertThat(updates).isBetween(3 * STEPS, 3 * STEPS + stops * (tenth - 1));
  }

  @Test
  void itGoesOnAfterTheLastTenthOfAnEpoch() {
    var options = Setting.FLOAT_THEN_SAQ.options();
    var checkpoint = Optional.of(folder.resolve("checkpoint"));
    var began = new ArrayList<String>();
    for (int events : new int[] {2, 3, 1, 4, 2 * STEPS - 5}) {
      var stop = new Stop(events);
      assertThatThrownBy(() -> train(options, checkpoint, stop)).hasMessage(Stop.MESSAGE);
      began.add(stop.began());
    }
    var last = Stop.never();
    train(options, checkpoint, last);
    began.add(last.began());

    // Tenths of 23 steps are over after 3, 5, 7, 10, 12, 14, 17, 19, 21 and 23.
    assertThat(began).containsExactly("0 + 0", "0 + 0", "0 + 3", "0 + 3", "0 + 7", "2 + 0");
  }

  @Test
  void whatAKillLeavesOfACheckpointIsNotReadAndIsReplaced() throws Exception {
    var options = Setting.RUNNING_MAXIMUM.options();
    var file = folder.resolve("checkpoint");
    var half = folder.resolve("checkpoint.tmp");
    Files.write(half, new byte[100]);
    var stop = new Stop(3);
    assertThatThrownBy(() -> train(options, Optional.of(file), stop)).hasMessage(Stop.MESSAGE);

    assertThat(half).doesNotExist();
    var next = Stop.never();
    Files.write(half, new byte[100]);
    train(options, Optional.of(file), next);
    assertThat(next.began()).isEqualTo("0 + 3");
  }

  private static QuantizedNetwork train(
      TrainOptions options, Optional<Path> checkpoint, TrainingListener listener) {
    return Trainer.train(options, Optional.empty(), IMAGES, IMAGES, checkpoint, listener);
  }

  private static Dataset noise(int images) {
    var shape = new LeNet5Graph(10, false).inputShape();
    var pixels = new byte[images * shape.size()];
    new Random(3).nextBytes(pixels);
    var labels = new byte[images];
    for (int i = 0; i < images; i++) {
      labels[i] = (byte) (i % 10);
    }
    return new Dataset("noise", shape, 10, pixels, labels);
  }
}
