package org.bitquake.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.bitquake.InputException;
import org.bitquake.data.Dataset;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.ResNet18;
import org.bitquake.quant.Quantizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tiny networks with batch normalisation on noise in ten colours. */
@ParameterizedClass
@EnumSource(names = {"RESNET18", "VGG11", "MOBILENET"})
class NormalizedTrainerTest {
  private static final int[] POWERS_OF_3 = {1, 3, 9};
  private static final Dataset TRAIN = colours(320, 1);
  private static final Dataset TEST = colours(200, 2);
  private static QuantizedNetwork trained;
  private static EpochReport last;

  private final KnownModel model;

  @TempDir Path folder;

  NormalizedTrainerTest(KnownModel model) {
    this.model = model;
  }

  @BeforeParameterizedClassInvocation
  static void train(KnownModel model) {
    trained =
        Trainer.train(
            options(model, "start", 10, 1, 0, 0, Quantizer.LSQ),
            Optional.empty(),
            TRAIN,
            TEST,
            Optional.empty(),
            r -> last = r);
  }

  @Test
  void itLearnsAndTheIntegerNetworkPredictsAsTheGraphDoes() {
    var agreement = Agreement.of(trained, TEST);

    // One in ten is chance, with a standard deviation of 0.021.
    assertThat(last.accuracy()).isGreaterThan(0.1 + 5 * 0.021);
    assertThat(agreement.unexplained()).isEmpty();
    assertThat(agreement.share()).isGreaterThanOrEqualTo(0.99);
    assertThat(agreement.engineAccuracy()).isCloseTo(last.accuracy(), offset(0.01));
    assertThat(trained.provenance())
        .containsEntry("architecture", model.title())
        .containsEntry("width", "4")
        .containsEntry("floatEpochs", "1")
        .containsEntry("augment", "crop, mirror")
        .containsEntry("nesterov", "true");
  }

  @ParameterizedTest
  @EnumSource(
      value = Quantizer.class,
      names = {"MAX", "MSE", "LIQ"})
  void otherQuantizersAgreeToo(Quantizer quantizer) {
    var network =
        Trainer.train(
            options(model, "other", 1, 0, 1e-5, 0.1, quantizer),
            Optional.empty(),
            first(TRAIN, 64),
            TEST,
            Optional.empty(),
            r -> {});

    assertThat(Agreement.of(network, TEST).unexplained()).isEmpty();
  }

  @Test
  void aRunThatWasStoppedGoesOnToTheSameNetwork() {
    var small = first(TRAIN, 64);
    var options = options(model, "resumed", 4, 2, 1e-5, 0.1, Quantizer.MAX);
    var whole = Trainer.train(options, Optional.empty(), small, TEST, Optional.empty(), r -> {});
    var part = Optional.of(folder.resolve("part"));
    // Of two steps an epoch: within the first, at the end of the float phase, in the one after it.
    for (int events : new int[] {1, 5, 1}) {
      var stop = new Stop(events);
      assertThatThrownBy(() -> Trainer.train(options, Optional.empty(), small, TEST, part, stop))
          .hasMessage(Stop.MESSAGE);
    }
    var last = Stop.never();
    var resumed = Trainer.train(options, Optional.empty(), small, TEST, part, last);

    assertThat(last.began()).isEqualTo("2 + 1");
    assertThat(resumed.contentHash()).isEqualTo(whole.contentHash());
  }

  @Test
  void aNetworkToStartFromIsTheSameNetworkInInference() {
    var loaded = Agreement.model(trained);
    var batches = new Batches(TEST, 100);
    batches.load(java.util.stream.IntStream.range(0, 100).toArray(), 0);
    float[] before = loaded.output(batches.images()).data().asFloat();
    WarmStart.load(loaded, trained, TRAIN);
    float[] after = loaded.output(batches.images()).data().asFloat();

    int differing = 0;
    for (int i = 0; i < before.length; i++) {
      differing += Math.abs(after[i] - before[i]) > 1e-3 ? 1 : 0;
    }
    assertThat(differing).isLessThanOrEqualTo(before.length / 50); // codes on the edge of rounding
    double loss = loaded.pass(batches.images(), batches.labels(), null);
    double worse = Agreement.model(trained).pass(batches.images(), batches.labels(), null);
    assertThat(loss).isLessThan(worse); // whose γ and β fit statistics of 0 and 1 only
    assertThat(loaded.architecture().export(loaded, "again", trained.provenance()).copyCodes())
        .isDeepEqualTo(trained.copyCodes());
  }

  @Test
  void aNetworkOfAnotherWidthOrAFloatPhaseAfterAStartIsRefused() {
    var start = Optional.of(trained);
    var wide = TrainOptions.Model.of(model.label(), 3);
    var o = options(model, "wide", 1, 0, 0, 0, Quantizer.LSQ);
    var other =
        new TrainOptions(
            "wide", wide, 1, 1, 0, 64, false, 0.1, 1, false, 0, 0, 0, 0, o.quantizer(), 4, 4);

    assertThatThrownBy(() -> Trainer.train(other, start, TRAIN, TEST, Optional.empty(), r -> {}))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("it is not a %s of width 3 of 4-bit weights", model.title());
    assertThatThrownBy(
            () ->
                Trainer.train(
                    options(model, "float", 2, 1, 0, 0, Quantizer.LSQ),
                    start,
                    TRAIN,
                    TEST,
                    Optional.empty(),
                    r -> {}))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("leave floatEpochs out");
  }

  private static TrainOptions options(
      KnownModel model,
      String name,
      int epochs,
      int floatEpochs,
      double lambda,
      double rho,
      Quantizer quantizer) {
    return new TrainOptions(
        name,
        TrainOptions.Model.of(model.label(), 4),
        1,
        epochs,
        floatEpochs,
        32,
        true,
        0.1,
        0.05,
        true,
        1e-4,
        lambda,
        0,
        rho,
        quantizer,
        4,
        4);
  }

  private static Dataset colours(int images, long seed) {
    var random = new Random(seed);
    int size = ResNet18.INPUT_SHAPE.size();
    var pixels = new byte[images * size];
    random.nextBytes(pixels);
    var labels = new byte[images];
    for (int i = 0; i < images; i++) {
      labels[i] = (byte) random.nextInt(10);
      for (int p = 0; p < size; p++) {
        int level = labels[i] / POWERS_OF_3[p / 1024] % 3;
        int at = i * size + p;
        pixels[at] = (byte) ((pixels[at] & 0x3f) + 90 * level);
      }
    }
    return new Dataset("colours", ResNet18.INPUT_SHAPE, 10, pixels, labels);
  }

  private static Dataset first(Dataset data, int images) {
    return new Dataset(
        "first-" + images,
        data.shape(),
        data.classes(),
        java.util.Arrays.copyOf(data.pixels(), images * data.shape().size()),
        java.util.Arrays.copyOf(data.labels(), images));
  }
}
