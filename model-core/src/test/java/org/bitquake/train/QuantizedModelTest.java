package org.bitquake.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.rng.simple.RandomSource;
import org.bitquake.data.Dataset;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.quant.Quantizer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The DL4J passes against {@link NaiveNetwork}. */
class QuantizedModelTest {
  static final int BATCH = 3;
  static final double LAMBDA = 1e-3;

  QuantizedModel model;
  Batches batches;
  private Dataset data;

  static Stream<Arguments> architectures() {
    var normalised = KnownModel.LENET5.architecture(OptionalInt.empty(), 10, true);
    return Stream.concat(
        Stream.of(KnownModel.values())
            .map(m -> Arguments.of(m.architecture(OptionalInt.of(2)), Quantizer.LSQ)),
        Stream.of(
            Arguments.of(normalised, Quantizer.LSQ),
            Arguments.of(normalised, Quantizer.LIQ),
            Arguments.of(KnownModel.VGG11.architecture(OptionalInt.of(2)), Quantizer.LIQ)));
  }

  void oneBatch(Architecture architecture, Quantizer quantizer) {
    model = new QuantizedModel(architecture, quantizer, 4, 4);
    var random = RandomSource.XO_SHI_RO_256_PP.create(7L);
    model.initialize(random);
    for (var s : model.slots()) {
      for (int i = 0; i < s.biases(); i++) {
        model.master()[s.biasOffset() + i] = 0.2f * (random.nextFloat() - 0.5f);
        if (s.gammaOffset().isPresent()) {
          float gamma = 0.5f + random.nextFloat();
          model.master()[s.gammaOffset().getAsInt() + i] = i % 3 == 2 ? -gamma : gamma;
        }
      }
    }
    var pixels = new byte[BATCH * architecture.inputShape().size()];
    random.nextBytes(pixels);
    data = new Dataset("noise", architecture.inputShape(), 10, pixels, new byte[] {3, 0, 9});
    batches = new Batches(data, BATCH);
    batches.load(IntStream.range(0, BATCH).toArray(), 0);
    model.setLambda((float) LAMBDA);
    model.pass(batches.images(), batches.labels(), null); // finds the activation steps
    model.weightQuantizers().forEach(q -> q.setStep(q.step() * 0.3f)); // some clipping
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void lossAndGradientsAtTheQuantisedWeightsAreThoseOfTheNaiveNetwork(
      Architecture architecture, Quantizer quantizer) {
    oneBatch(architecture, quantizer);
    double loss = model.pass(batches.images(), batches.labels(), null);

    assertSame(naive(null), loss);
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void saqTakesItsGradientAtTheQuantisedWeightsPlusEpsilon(
      Architecture architecture, Quantizer quantizer) {
    oneBatch(architecture, quantizer);
    var epsilon = new float[model.master().length];
    model.pass(batches.images(), batches.labels(), null);
    Saq.perturbation(model, 0.3, epsilon);

    double norm = 0;
    for (float e : epsilon) {
      norm += e * (double) e;
    }
    assertThat(Math.sqrt(norm)).isCloseTo(0.3, offset(1e-6));
    for (var s : model.slots()) {
      for (int i = 0; i < s.biases(); i++) {
        assertThat(epsilon[s.biasOffset() + i]).isZero();
        s.gammaOffset().ifPresent(g -> assertThat(epsilon[g]).isZero());
      }
    }
    var before = model.statistics().stream().map(float[]::clone).toList();
    double loss = model.pass(batches.images(), batches.labels(), epsilon);
    if (!normalisesLogits(architecture)) {
      assertThat(loss).isGreaterThan(naive(null).loss / BATCH);
    }
    assertThat(model.statistics()).usingRecursiveComparison().isEqualTo(before);
    assertSame(naive(epsilon), loss);
  }

  /** Then three images are too few for a gradient to foretell the loss so far away. */
  private static boolean normalisesLogits(Architecture architecture) {
    return architecture.layers().get(architecture.layers().size() - 1).normalized();
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void straightThroughMasksClippedWeightsAndGivesTheStepsTheirGradients(
      Architecture architecture, Quantizer quantizer) {
    oneBatch(architecture, quantizer);
    model.pass(batches.images(), batches.labels(), null);
    var before = model.gradient().clone();
    double[] steps = model.straightThrough(BATCH);
    boolean liq = quantizer == Quantizer.LIQ;
    int clipped = 0;
    int layers = model.slots().size();
    for (int l = 0; l < layers; l++) {
      var s = model.slots().get(l);
      var weights = NaiveWeights.of(model, l);
      double expected = 0;
      for (int i = 0; i < s.weights(); i++) {
        float arriving = before[s.weightOffset() + i];
        expected += arriving * weights.slope(i);
        assertThat((double) model.gradient()[s.weightOffset() + i])
            .isCloseTo(
                weights.inside(i) ? arriving / weights.deviation() : 0,
                offset(1e-5 * Math.abs(arriving) / weights.deviation()));
        clipped += weights.inside(i) ? 0 : 1;
      }
      double divisor = liq ? 15 * 15 : Math.sqrt(s.weights() * 7.0);
      assertThat(steps[l]).isCloseTo(expected / divisor, offset(1e-5 * (1 + Math.abs(expected))));
    }
    assertThat(clipped).isPositive();
    var naive = naive(null);
    int count = steps.length - layers;
    double[] expected =
        liq
            ? bySteps(naive.stepSums, naive, count, 15.0 * 15 * BATCH)
            : bySteps(naive.stepGradients, naive, count, BATCH);
    for (int a = 0; a < expected.length; a++) {
      assertThat(steps[layers + a])
          .isCloseTo(expected[a], offset(1e-3 * (1e-3 + Math.abs(expected[a]))));
    }
  }

  /** Layers that share a step add up. */
  double[] bySteps(double[] sums, NaiveNetwork naive, int count, double divisor) {
    var total = new double[count];
    int p = 0;
    for (int l = 0; l < model.slots().size(); l++, p++) {
      while (naive.weightGradients[p] == null) {
        p++;
      }
      var step = model.layer(l).outputStep();
      if (step.isPresent()) {
        total[step.getAsInt()] += sums[p] / divisor;
      }
    }
    return total;
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void saqOfAllMovesBiasesNormalisationAndLiqsClipsWithOneNorm(
      Architecture architecture, Quantizer quantizer) {
    oneBatch(architecture, quantizer);
    model.pass(batches.images(), batches.labels(), null);
    float[] gradient = model.gradient().clone();
    float[] before = model.steps();
    var naive = naive(null);
    var epsilon = new float[model.master().length];
    Saq.perturbation(model, 0.3, SaqScope.ALL, BATCH, epsilon);

    int layers = model.slots().size();
    double[] clips = clipGradients(naive, model.steps().length - layers);
    double squares = 0;
    for (float g : gradient) {
      squares += g * (double) g;
    }
    for (double c : clips) {
      squares += quantizer == Quantizer.LIQ ? c * c : 0;
    }
    double scale = 0.3 / Math.sqrt(squares);
    for (int i = 0; i < epsilon.length; i++) {
      assertThat((double) epsilon[i])
          .isCloseTo(scale * gradient[i], offset(1e-4 * (1e-3 + Math.abs(scale * gradient[i]))));
    }
    float[] moved = before.clone();
    for (int a = 0; a < clips.length && quantizer == Quantizer.LIQ; a++) {
      moved[layers + a] += (float) (scale * clips[a] / 15);
      assertThat(model.steps()[layers + a])
          .isCloseTo(moved[layers + a], offset(3e-3f * moved[layers + a]));
      assertThat(model.steps()[layers + a]).isNotEqualTo(before[layers + a]);
    }
    var statistics = model.statistics().stream().map(float[]::clone).toList();
    naive = naive(epsilon);
    double loss = model.pass(batches.images(), batches.labels(), epsilon);
    assertSame(naive, loss);
    assertThat(model.steps()).isEqualTo(before);
    assertThat(model.statistics()).usingRecursiveComparison().isEqualTo(statistics);
  }

  /** Of the clips, 15 steps, of the mean loss. */
  private double[] clipGradients(NaiveNetwork naive, int count) {
    return bySteps(naive.stepSums, naive, count, 15.0 * BATCH);
  }

  NaiveNetwork naive(float[] epsilon) {
    QuantizedNetwork graph = model.architecture().export(model, "graph", Map.of());
    var parameters = new NaiveNetwork.Parameters[graph.layers().size()];
    var weighted = graph.weightLayers();
    for (int l = 0; l < weighted.size(); l++) {
      parameters[graph.layers().indexOf(weighted.get(l))] = parameters(l, epsilon);
    }
    var images = new double[BATCH][data.shape().size()];
    for (int i = 0; i < data.pixels().length; i++) {
      images[i / images[0].length][i % images[0].length] = (data.pixels()[i] & 0xff) / 255.0;
    }
    var naive = new NaiveNetwork(graph, parameters, 4);
    naive.run(images, IntStream.range(0, BATCH).map(data::label).toArray(), LAMBDA);
    return naive;
  }

  private NaiveNetwork.Parameters parameters(int l, float[] epsilon) {
    var s = model.slots().get(l);
    var quantised = NaiveWeights.of(model, l);
    var weights = new double[s.weights()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = quantised.value(i) + (epsilon == null ? 0 : epsilon[s.weightOffset() + i]);
    }
    Optional<double[]> gammas =
        s.gammaOffset().isPresent()
            ? Optional.of(parameters(s.gammaOffset().getAsInt(), s.biases(), epsilon))
            : Optional.empty();
    double outputStep = model.activation(l).map(a -> (double) a.step()).orElse(0.0);
    return new NaiveNetwork.Parameters(
        weights, parameters(s.biasOffset(), s.biases(), epsilon), gammas, outputStep);
  }

  private double[] parameters(int offset, int length, float[] epsilon) {
    return IntStream.range(offset, offset + length)
        .mapToDouble(i -> model.master()[i] + (epsilon == null ? 0 : epsilon[i]))
        .toArray();
  }

  private void assertSame(NaiveNetwork naive, double loss) {
    assertThat(loss).isCloseTo(naive.loss / BATCH, offset(1e-4));
    int p = 0;
    for (int l = 0; l < model.slots().size(); l++, p++) {
      while (naive.weightGradients[p] == null) {
        p++;
      }
      var s = model.slots().get(l);
      assertThat(distance(naive.weightGradients[p], s.weightOffset()))
          .as(s.name())
          .isLessThan(1e-4);
      assertThat(distance(naive.offsetGradients[p], s.biasOffset())).as(s.name()).isLessThan(1e-4);
      if (s.gammaOffset().isPresent()) {
        int gamma = s.gammaOffset().getAsInt();
        assertThat(distance(naive.gammaGradients[p], gamma)).as(s.name()).isLessThan(1e-4);
      }
    }
  }

  /** Relative distance of the model's gradient from the naive one, summed over the batch. */
  private double distance(double[] expected, int offset) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      double d = model.gradient()[offset + i] - expected[i] / BATCH;
      difference += d * d;
      norm += expected[i] / BATCH * (expected[i] / BATCH);
    }
    return Math.sqrt(difference / norm);
  }
}
