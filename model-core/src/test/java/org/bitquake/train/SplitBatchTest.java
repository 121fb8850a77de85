package org.bitquake.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.rng.simple.RandomSource;
import org.bitquake.InputException;
import org.bitquake.data.Dataset;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.quant.Quantizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

class SplitBatchTest {
  private static final int BATCH = 20;
  private static final TrainOptions.Model NORMALISED =
      new TrainOptions.Model(TrainOptions.Model.LENET5, OptionalInt.empty(), 10, true);

  @TempDir Path folder;

  static Stream<Arguments> architectures() {
    var two = OptionalInt.of(2);
    return Stream.of(
        Arguments.of(new LeNet5Graph(10, false), Quantizer.LSQ),
        Arguments.of(new LeNet5Graph(10, false), Quantizer.MAX),
        Arguments.of(new LeNet5Graph(10, true), Quantizer.LIQ),
        Arguments.of(KnownModel.RESNET18.architecture(two), Quantizer.LSQ),
        Arguments.of(KnownModel.MOBILENET.architecture(two), Quantizer.LSQ));
  }

  private static QuantizedModel model(Architecture architecture, Quantizer quantizer) {
    var model = new QuantizedModel(architecture, quantizer, 4, 4);
    model.initialize(RandomSource.XO_SHI_RO_256_PP.create(7L));
    model.setLambda(1e-3f);
    return model;
  }

  private static Dataset noise(Architecture architecture, int images) {
    var random = RandomSource.XO_SHI_RO_256_PP.create(3L);
    var pixels = new byte[images * architecture.inputShape().size()];
    random.nextBytes(pixels);
    var labels = new byte[images];
    for (int i = 0; i < images; i++) {
      labels[i] = (byte) (i % 10);
    }
    return new Dataset("noise", architecture.inputShape(), 10, pixels, labels);
  }

  private static Batches batch(Architecture architecture) {
    var batches = new Batches(noise(architecture, BATCH), BATCH);
    batches.load(IntStream.range(0, BATCH).toArray(), 0);
    return batches;
  }

  private static SplitBatch split(QuantizedModel model, Quantizer quantizer, int followers) {
    return new SplitBatch(
        model,
        Stream.generate(() -> model(model.architecture(), quantizer)).limit(followers).toList());
  }

  /**
   * Without batch normalisation a mean over parts is the mean over the batch: without quantisation,
   * where no code can fall to the other side of a rounding; which pixel of a pool is the largest
   * may still hang on it.
   */
  @Test
  void theGradientIsThatOfTheWholeBatch() {
    var architecture = new LeNet5Graph(10, false);
    var batches = batch(architecture);
    var whole = model(architecture, Quantizer.LSQ);
    var model = model(architecture, Quantizer.LSQ);
    whole.setFloating(true);
    model.setFloating(true);
    var epsilon = new float[model.master().length];
    epsilon[5] = 0.1f;
    try (var split = split(model, Quantizer.LSQ, 2)) {
      for (float[] added : new float[][] {null, epsilon}) {
        double expected = whole.pass(batches.images(), batches.labels(), added);
        assertThat(split.pass(batches.images(), batches.labels(), added))
            .isCloseTo(expected, within(1e-5));
        assertClose(model.gradient(), whole.gradient());
      }
    }
    for (int l = 0; l < whole.activationQuantizers().size(); l++) {
      assertThat(model.activationQuantizers().get(l).zeroFraction())
          .isCloseTo(whole.activationQuantizers().get(l).zeroFraction(), within(1e-4));
    }
  }

  /** And training goes on as if nobody had asked. */
  @ParameterizedTest
  @MethodSource("architectures")
  void partsHaveTheClassesOfTheWhole(Architecture architecture, Quantizer quantizer) {
    var batches = batch(architecture);
    var model = model(architecture, quantizer);
    var unasked = model(architecture, quantizer);
    try (var split = split(model, quantizer, 2);
        var other = split(unasked, quantizer, 2)) {
      for (var its : List.of(split, other)) {
        its.pass(batches.images(), batches.labels(), null); // which finds steps
        its.pass(batches.images(), batches.labels(), null);
      }
      int[] expected = model.output(batches.images()).argMax(1).toIntVector();

      assertThat(split.predict(batches.images())).isEqualTo(expected);
      model.activationQuantizers().forEach(q -> q.resetCounts());
      unasked.activationQuantizers().forEach(q -> q.resetCounts());
      split.pass(batches.images(), batches.labels(), null);
      other.pass(batches.images(), batches.labels(), null);
      assertThat(model.gradient()).isEqualTo(unasked.gradient());
      for (int l = 0; l < model.activationQuantizers().size(); l++) {
        assertThat(model.activationQuantizers().get(l).zeroFraction())
            .isEqualTo(unasked.activationQuantizers().get(l).zeroFraction());
      }
    }
  }

  private static void assertClose(float[] actual, float[] expected) {
    float most = 0;
    float apart = 0;
    for (int i = 0; i < expected.length; i++) {
      most = Math.max(most, Math.abs(expected[i]));
      apart = Math.max(apart, Math.abs(actual[i] - expected[i]));
    }
    assertThat(most).isPositive();
    assertThat(apart).isLessThan(1e-3f * most);
  }

  /** To the bit that of models which see a part each, weighed by their images. */
  @ParameterizedTest
  @MethodSource("architectures")
  void theSumsAreThoseOfTheParts(Architecture architecture, Quantizer quantizer) {
    var batches = batch(architecture);
    var model = model(architecture, quantizer);
    var first = model(architecture, quantizer);
    var second = model(architecture, quantizer);
    try (var split = split(model, quantizer, 1)) {
      split.pass(batches.images(), batches.labels(), null);
      first.follow(model);
      second.follow(model);
      double loss = split.pass(batches.images(), batches.labels(), null);

      int half = BATCH / 2;
      double a = first.sums(part(batches.images(), 0), part(batches.labels(), 0), null);
      double b = second.sums(part(batches.images(), half), part(batches.labels(), half), null);
      assertThat(loss).isEqualTo((half * a + half * b) / BATCH);
      for (int i = 0; i < model.gradient().length; i++) {
        float sum = first.gradient()[i] + second.gradient()[i];
        assertThat(model.gradient()[i]).isEqualTo(sum * (1f / BATCH));
      }
      for (int step = 0; step < model.activationSteps().size(); step++) {
        assertThat(model.activationSteps().get(step).gradient())
            .isEqualTo(
                first.activationSteps().get(step).gradient()
                    + second.activationSteps().get(step).gradient());
      }
      for (int s = 0; s < model.statistics().size(); s++) {
        for (int i = 0; i < model.statistics().get(s).length; i++) {
          double mean = ((double) first.statistics().get(s)[i] + second.statistics().get(s)[i]) / 2;
          assertThat(model.statistics().get(s)[i]).isEqualTo((float) mean);
        }
      }
    }
  }

  private static INDArray part(INDArray batch, int from) {
    return batch.get(NDArrayIndex.interval(from, from + BATCH / 2)).dup('c');
  }

  private static TrainOptions options(String name, int threads) {
    return new TrainOptions(
            name,
            NORMALISED,
            1,
            2,
            0,
            32,
            false,
            0.05,
            1,
            true,
            1e-4,
            1e-4,
            0,
            0.3,
            Quantizer.LIQ,
            4,
            4)
        .withThreads(threads);
  }

  private QuantizedNetwork train(TrainOptions options, Optional<Path> checkpoint) {
    var data = noise(new LeNet5Graph(10, true), 160);
    return Trainer.train(options, Optional.empty(), data, data, checkpoint, r -> {});
  }

  @Test
  void asManyThreadsGiveTheSameNetworkWhichSaysHowMany() {
    var three = train(options("three", 3), Optional.empty());
    assertThat(train(options("again", 3), Optional.empty()).contentHash())
        .isEqualTo(three.contentHash());
    assertThat(three.provenance()).containsEntry("threads", "3");
    var one = train(options("one", 1), Optional.empty());
    assertThat(one.contentHash()).isNotEqualTo(three.contentHash());
    assertThat(one.provenance()).doesNotContainKey("threads");
  }

  @Test
  void aRunThatWasStoppedGoesOnToTheSameNetwork() {
    var data = noise(new LeNet5Graph(10, true), 160);
    var whole = train(options("whole", 2), Optional.empty());
    var checkpoint = Optional.of(folder.resolve("part"));
    assertThatThrownBy(
            () ->
                Trainer.train(
                    options("whole", 2),
                    Optional.empty(),
                    data,
                    data,
                    checkpoint,
                    report -> {
                      throw new IllegalStateException("stopped");
                    }))
        .hasMessage("stopped");
    assertThat(train(options("whole", 2), checkpoint).contentHash()).isEqualTo(whole.contentHash());
  }

  @Test
  void aBatchMustHaveImagesForAllThreads() {
    assertThatThrownBy(() -> options("many", 5))
        .isInstanceOf(InputException.class)
        .hasMessage("network many: threads must be at most 4 with a batch of 32");
    assertThatThrownBy(() -> options("none", 0))
        .isInstanceOf(InputException.class)
        .hasMessage("network none: threads must be 1 to 64");
    assertThat(List.of(options("some", 4).threads())).containsExactly(4);
  }
}
