package org.bitquake.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.data.Offset;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.data.Datasets;
import org.bitquake.data.Shape;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.quant.Quantizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainerTest {
  private static final TrainOptions.Model LENET5 = TrainOptions.Model.lenet5();
  private static final TrainOptions.Model NORMALISED =
      new TrainOptions.Model("lenet5", OptionalInt.empty(), 10, true);
  private static final Dataset TRAIN = load("train");
  private static final Dataset TEST = load("test");
  private static final Optional<QuantizedNetwork> RANDOM = Optional.empty();
  private static final Dataset HALF = first(TRAIN, 5000);
  private static final Dataset FEW = first(TEST, 500);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Quantizer.class)
  void oneEpochLearnsAndTheIntegerNetworkPredictsAsTheGraphDoes(Quantizer quantizer) {
    var reports = new ArrayList<EpochReport>();
    var network =
        Trainer.train(
            options("short", 1, 0, 0, quantizer),
            RANDOM,
            HALF,
            TEST,
            Optional.empty(),
            reports::add);

    assertThat(reports).hasSize(1);
    assertThat(reports.get(0).accuracy()).isGreaterThan(0.6);
    assertThat(network.provenance())
        .containsEntry("quantizer", quantizer.label())
        .containsEntry("trained.on", HALF.name())
        .containsEntry("trained.on.sha256", HALF.sha256());
    var agreement = Agreement.of(network, TEST);
    assertThat(agreement.share()).isGreaterThanOrEqualTo(0.999);
    assertThat(agreement.unexplained()).isEmpty();
    assertThat(agreement.engineAccuracy())
        .isCloseTo(reports.get(0).accuracy(), Offset.offset(0.001));
  }

  @Test
  void everyStepOfEveryEpochIsTold() {
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
    var options = options("told", 2, 0, 0.5, Quantizer.LSQ);
    var data = first(TRAIN, 3 * options.batch());
    Trainer.train(options, RANDOM, data, FEW, Optional.empty(), listener);
    assertThat(told)
        .containsExactly(
            "1: 1 of 3",
            "1: 2 of 3",
            "1: 3 of 3",
            "epoch 1",
            "2: 1 of 3",
            "2: 2 of 3",
            "2: 3 of 3",
            "epoch 2");
  }

  @Test
  void aRunThatWasStoppedGoesOnToTheSameNetwork() {
    var small = first(TRAIN, 640);
    var options = options("resumed", 3, 1e-4, 0.1, Quantizer.LSQ);
    var whole =
        Trainer.train(options, RANDOM, small, FEW, Optional.of(folder.resolve("whole")), r -> {});
    var part = Optional.of(folder.resolve("part"));
    var stop = new Stop(15);
    assertThatThrownBy(() -> Trainer.train(options, RANDOM, small, FEW, part, stop))
        .hasMessage(Stop.MESSAGE);
    var last = Stop.never();
    var resumed = Trainer.train(options, RANDOM, small, FEW, part, last);

    assertThat(last.began()).isEqualTo("1 + 4");
    assertThat(resumed.contentHash()).isEqualTo(whole.contentHash());
  }

  @Test
  void theSameSeedGivesTheSameNetworkAndAnotherSeedAnother() {
    var small = first(TRAIN, 256);
    var a = train(options("a", 1, 0, 0, Quantizer.LSQ), small);
    var b = train(options("b", 1, 0, 0, Quantizer.LSQ), small);
    var o = options("c", 1, 0, 0, Quantizer.LSQ);
    var c =
        train(
            new TrainOptions(
                "c",
                LENET5,
                2,
                1,
                0,
                64,
                false,
                0.05,
                1,
                false,
                1e-4,
                0,
                0,
                0,
                o.quantizer(),
                4,
                4),
            small);

    assertThat(a.contentHash()).isEqualTo(b.contentHash()).isNotEqualTo(c.contentHash());
  }

  @Test
  void aNetworkToStartFromGivesItsWeightsStepsAndBiases() {
    var trained = Agreement.trained("standard");
    var small = first(TRAIN, 128);
    var before = Agreement.of(trained, FEW).engineAccuracy();
    var options =
        new TrainOptions(
            "on", LENET5, 1, 1, 0, 64, false, 1e-9, 1, false, 0, 0, 0, 0.3, Quantizer.LSQ, 4, 4);
    var reports = new ArrayList<EpochReport>();
    var on =
        Trainer.train(options, Optional.of(trained), small, FEW, Optional.empty(), reports::add);

    assertThat(reports.get(0).accuracy()).isEqualTo(before, Offset.offset(0.004));
    assertThat(on.copyCodes()).isDeepEqualTo(trained.copyCodes());
    assertThat(on.provenance())
        .containsEntry("from", trained.name())
        .containsEntry("from.sha256", trained.contentHash());
  }

  @Test
  void aLiqNetworkHasWhatItWasTrainedWithAndIsAStartForAnother() {
    var small = first(TRAIN, 640);
    var trained =
        Trainer.train(
            options("liq", 2, 1e-4, 0, Quantizer.LIQ),
            RANDOM,
            HALF,
            FEW,
            Optional.empty(),
            r -> {});
    assertThat(trained.weightLayers())
        .allSatisfy(
            c -> {
              assertThat(c.weights().isMidRise()).isTrue();
              assertThat(c.weights().bits()).isEqualTo(4);
            });
    assertThat(trained.provenance())
        .containsEntry("architecture", "LeNet-5 with batch normalisation")
        .containsEntry("quantizer", "liq");

    var o = options("on", 1, 0, 0.3, Quantizer.LIQ);
    var options =
        new TrainOptions(
            "on",
            NORMALISED,
            1,
            1,
            0,
            64,
            false,
            1e-9,
            1,
            false,
            0,
            0,
            0,
            0.3,
            o.quantizer(),
            4,
            4,
            WeightClip.NONE,
            0,
            TrainDefaults.FAULT_THRESHOLD,
            SaqScope.ALL,
            1);
    var reports = new ArrayList<EpochReport>();
    var on =
        Trainer.train(options, Optional.of(trained), small, FEW, Optional.empty(), reports::add);
    assertThat(on.copyCodes()).isDeepEqualTo(trained.copyCodes());
    for (int l = 0; l < 5; l++) {
      assertThat(on.weightLayers().get(l).weights().step()[0])
          .isCloseTo(trained.weightLayers().get(l).weights().step()[0], Offset.offset(1e-6f));
    }
    var before = Agreement.of(trained, FEW);
    assertThat(before.unexplained()).isEmpty();
    // Statistics are those of 2,000 images and go on moving.
    assertThat(reports.get(0).accuracy()).isEqualTo(before.engineAccuracy(), Offset.offset(0.03));
    assertThat(on.provenance()).containsEntry("perturb", "all").containsEntry("rho", "0.3");
  }

  @Test
  void liqTakesNormalisationAndUpTo7Bits() {
    assertThatThrownBy(
            () ->
                new TrainOptions(
                    "w",
                    LENET5,
                    1,
                    1,
                    0,
                    64,
                    false,
                    0.05,
                    1,
                    false,
                    0,
                    0,
                    0,
                    0,
                    Quantizer.LIQ,
                    4,
                    4))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "network w: quantizer liq normalises weights, which takes a LeNet-5 with normalise: true");
    assertThatThrownBy(
            () ->
                new TrainOptions(
                    "w",
                    NORMALISED,
                    1,
                    1,
                    0,
                    64,
                    false,
                    0.05,
                    1,
                    false,
                    0,
                    0,
                    0,
                    0,
                    Quantizer.LIQ,
                    8,
                    4))
        .isInstanceOf(InputException.class)
        .hasMessage("network w: weightBits must be between 2 and 7 with quantizer liq");
    assertThatThrownBy(() -> new TrainOptions.Model("vgg11", OptionalInt.of(4), 10, true))
        .isInstanceOf(InputException.class)
        .hasMessage("model vgg11 has batch normalisation anyway; leave normalise out");
    var start = Optional.of(Agreement.trained("standard"));
    var options = options("on", 1, 0, 0, Quantizer.LIQ);
    assertThatThrownBy(() -> Trainer.train(options, start, FEW, FEW, Optional.empty(), r -> {}))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("it is not a LeNet-5 with batch normalisation of mid-rise 4-bit");
  }

  @Test
  void aNetworkOfOtherWidthsIsNoStart() {
    var options =
        new TrainOptions(
            "w", LENET5, 1, 1, 0, 64, false, 0.05, 1, false, 0, 0, 0, 0, Quantizer.LSQ, 5, 4);
    var start = Optional.of(Agreement.trained("standard"));

    assertThatThrownBy(() -> Trainer.train(options, start, FEW, FEW, Optional.empty(), r -> {}))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cannot start from network lenet5-standard")
        .hasMessageContaining("LeNet-5 of 5-bit weights and 4-bit activations");
  }

  @Test
  void aCollapsedNetworkIsAnErrorThatSaysWhatToLower() {
    var options = options("dead", 8, 1, 0.5, Quantizer.LSQ);

    assertThatThrownBy(() -> train(options, first(TRAIN, 2560)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("network dead collapsed in epoch")
        .hasMessageContaining("lower lambda (1.0), rho (0.5)");
  }

  @Test
  void aCheckpointOfOtherOptionsOrADamagedOneIsRefused() throws Exception {
    var small = first(TRAIN, 128);
    var file = folder.resolve("checkpoint");
    Trainer.train(
        options("one", 1, 0, 0, Quantizer.LSQ), RANDOM, small, FEW, Optional.of(file), r -> {});
    assertThatThrownBy(
            () ->
                Trainer.train(
                    options("one", 2, 0, 0, Quantizer.LSQ),
                    RANDOM,
                    small,
                    FEW,
                    Optional.of(file),
                    r -> {}))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("other options or other data");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(
            () ->
                Trainer.train(
                    options("one", 1, 0, 0, Quantizer.LSQ),
                    RANDOM,
                    small,
                    FEW,
                    Optional.of(file),
                    r -> {}))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void imagesOfAnotherShapeOrTooFewOfThemAreRefused() {
    var colour = new Dataset("colour", new Shape(3, 32, 32), 10, new byte[3072 * 64], new byte[64]);

    assertThatThrownBy(() -> train(options("x", 1, 0, 0, Quantizer.LSQ), colour))
        .isInstanceOf(InputException.class)
        .hasMessage("LeNet-5 reads 1×28×28 images, but colour holds 3×32×32");
    assertThatThrownBy(() -> train(options("x", 1, 0, 0, Quantizer.LSQ), first(TRAIN, 63)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("fewer than one batch of 64");
  }

  private static QuantizedNetwork train(TrainOptions options, Dataset data) {
    return Trainer.train(options, RANDOM, data, few(data), Optional.empty(), r -> {});
  }

  private static Dataset few(Dataset data) {
    return data.shape().equals(FEW.shape()) ? FEW : data;
  }

  private static TrainOptions options(
      String name, int epochs, double lambda, double rho, Quantizer quantizer) {
    var model = quantizer == Quantizer.LIQ ? NORMALISED : LENET5;
    return new TrainOptions(
        name, model, 1, epochs, 0, 64, false, 0.05, 1, false, 1e-4, lambda, 0, rho, quantizer, 4,
        4);
  }

  private static Dataset first(Dataset data, int images) {
    return new Dataset(
        "first-" + images,
        data.shape(),
        data.classes(),
        java.util.Arrays.copyOf(data.pixels(), images * data.shape().size()),
        java.util.Arrays.copyOf(data.labels(), images));
  }

  private static Dataset load(String split) {
    return Datasets.load("fashion-mnist", split, Optional.empty(), new Configuration());
  }
}
