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
import org.junit.jupiter.params.provider.MethodSource;

/** The DL4J passes against {@link NaiveNetwork}. */
class QuantizedModelTest {
  static final int BATCH = 3;
  static final double LAMBDA = 1e-3;

  QuantizedModel model;
  Batches batches;
  private Dataset data;

  static Stream<Architecture> architectures() {
    return Stream.of(KnownModel.values()).map(m -> m.architecture(OptionalInt.of(2)));
  }

  private void oneBatch(Architecture architecture) {
    oneBatch(architecture, Quantizer.LSQ);
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
  void lossAndGradientsAtTheQuantisedWeightsAreThoseOfTheNaiveNetwork(Architecture architecture) {
    oneBatch(architecture);
    double loss = model.pass(batches.images(), batches.labels(), null);

    assertSame(naive(null), loss);
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void saqTakesItsGradientAtTheQuantisedWeightsPlusEpsilon(Architecture architecture) {
    oneBatch(architecture);
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
    assertThat(loss).isGreaterThan(naive(null).loss / BATCH);
    assertThat(model.statistics()).usingRecursiveComparison().isEqualTo(before);
    assertSame(naive(epsilon), loss);
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void straightThroughMasksClippedWeightsAndGivesTheStepsLsqGradients(Architecture architecture) {
    oneBatch(architecture);
    model.pass(batches.images(), batches.labels(), null);
    var before = model.gradient().clone();
    double[] steps = model.straightThrough(BATCH);
    int clipped = 0;
    int layers = model.slots().size();
    for (int l = 0; l < layers; l++) {
      var s = model.slots().get(l);
      double step = model.weightQuantizers().get(l).step();
      double expected = 0;
      for (int i = s.weightOffset(); i < s.weightOffset() + s.weights(); i++) {
        double q = model.master()[i] / step;
        boolean inside = q >= -8 && q <= 7;
        double slope = inside ? Math.rint(q) - q : q < 0 ? -8 : 7;
        expected += before[i] * slope;
        assertThat(model.gradient()[i]).isEqualTo(inside ? before[i] : 0f);
        clipped += inside ? 0 : 1;
      }
      assertThat(steps[l])
          .isCloseTo(
              expected / Math.sqrt(s.weights() * 7.0), offset(1e-5 * (1 + Math.abs(expected))));
    }
    assertThat(clipped).isPositive();
    double[] expected = activationSteps(naive(null), steps.length - layers);
    for (int a = 0; a < expected.length; a++) {
      assertThat(steps[layers + a])
          .isCloseTo(expected[a], offset(1e-3 * (1e-3 + Math.abs(expected[a]))));
    }
  }

  /** Layers that share a step add up. */
  double[] activationSteps(NaiveNetwork naive, int count) {
    var sums = new double[count];
    int p = 0;
    for (int l = 0; l < model.slots().size(); l++, p++) {
      while (naive.weightGradients[p] == null) {
        p++;
      }
      var step = model.layer(l).outputStep();
      if (step.isPresent()) {
        sums[step.getAsInt()] += naive.stepGradients[p] / BATCH;
      }
    }
    return sums;
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
    double step = model.weightQuantizers().get(l).step();
    var weights = new double[s.weights()];
    for (int i = 0; i < weights.length; i++) {
      int at = s.weightOffset() + i;
      double code = Math.rint(Math.min(Math.max(model.master()[at] / (float) step, -8), 7));
      weights[i] = code * step + (epsilon == null ? 0 : epsilon[at]);
    }
    Optional<double[]> gammas =
        s.gammaOffset().isPresent()
            ? Optional.of(master(s.gammaOffset().getAsInt(), s.biases()))
            : Optional.empty();
    double outputStep = model.activation(l).map(a -> (double) a.step()).orElse(0.0);
    return new NaiveNetwork.Parameters(
        weights, master(s.biasOffset(), s.biases()), gammas, outputStep);
  }

  private double[] master(int offset, int length) {
    return IntStream.range(offset, offset + length).mapToDouble(i -> model.master()[i]).toArray();
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
