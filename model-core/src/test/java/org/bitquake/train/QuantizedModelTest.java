package org.bitquake.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.stream.IntStream;
import org.apache.commons.rng.simple.RandomSource;
import org.bitquake.data.Dataset;
import org.bitquake.data.Shape;
import org.bitquake.quant.Quantizer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The DL4J passes against {@link NaiveLeNet5}. */
class QuantizedModelTest {
  private static final int BATCH = 3;
  private static final double LAMBDA = 1e-3;

  private final QuantizedModel model = new QuantizedModel(new LeNet5Graph(), Quantizer.LSQ, 4, 4);
  private Dataset data;
  private Batches batches;

  @BeforeEach
  void oneBatch() {
    var random = RandomSource.XO_SHI_RO_256_PP.create(7L);
    model.initialize(random);
    for (var s : model.slots()) {
      for (int i = 0; i < s.biases(); i++) {
        model.master()[s.biasOffset() + i] = 0.2f * (random.nextFloat() - 0.5f);
      }
    }
    var pixels = new byte[BATCH * 784];
    random.nextBytes(pixels);
    data = new Dataset("noise", new Shape(1, 28, 28), 10, pixels, new byte[] {3, 0, 9});
    batches = new Batches(data, BATCH);
    batches.load(IntStream.range(0, BATCH).toArray(), 0);
    model.setLambda((float) LAMBDA);
    model.pass(batches.images(), batches.labels(), null); // finds the activation steps
    IntStream.range(0, 5)
        .forEach(
            l ->
                model
                    .weightQuantizers()
                    .get(l)
                    .setStep(model.weightQuantizers().get(l).step() * 0.3f)); // some clipping
  }

  @Test
  void lossAndGradientsAtTheQuantisedWeightsAreThoseOfTheNaiveNetwork() {
    double loss = model.pass(batches.images(), batches.labels(), null);

    assertSame(naive(null), loss);
  }

  @Test
  void saqTakesItsGradientAtTheQuantisedWeightsPlusEpsilon() {
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
      }
    }
    double loss = model.pass(batches.images(), batches.labels(), epsilon);
    assertThat(loss).isGreaterThan(naive(null).loss / BATCH);
    assertSame(naive(epsilon), loss);
  }

  @Test
  void straightThroughMasksClippedWeightsAndGivesTheStepsLsqGradients() {
    model.pass(batches.images(), batches.labels(), null);
    var before = model.gradient().clone();
    double[] steps = model.straightThrough(BATCH);
    var oracle = naive(null);
    int clipped = 0;
    for (int l = 0; l < 5; l++) {
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
    for (int l = 0; l < 4; l++) {
      double expected = oracle.stepGradients[l] / BATCH;
      assertThat(steps[5 + l]).isCloseTo(expected, offset(1e-3 * (1e-3 + Math.abs(expected))));
    }
  }

  private NaiveLeNet5 naive(float[] epsilon) {
    var weights = new double[5][];
    var biases = new double[5][];
    var steps = new double[4];
    for (int l = 0; l < 5; l++) {
      var s = model.slots().get(l);
      double step = model.weightQuantizers().get(l).step();
      weights[l] = new double[s.weights()];
      biases[l] = new double[s.biases()];
      for (int i = 0; i < s.weights(); i++) {
        int at = s.weightOffset() + i;
        double code = Math.rint(Math.min(Math.max(model.master()[at] / (float) step, -8), 7));
        weights[l][i] = code * step + (epsilon == null ? 0 : epsilon[at]);
      }
      for (int i = 0; i < s.biases(); i++) {
        biases[l][i] = model.master()[s.biasOffset() + i];
      }
      if (l < 4) {
        steps[l] = model.activationQuantizers().get(l).step();
      }
    }
    var naive = new NaiveLeNet5(weights, biases, steps, 4);
    for (int b = 0; b < BATCH; b++) {
      var image = new double[784];
      for (int i = 0; i < 784; i++) {
        image[i] = (data.pixels()[b * 784 + i] & 0xff) / 255.0;
      }
      naive.accumulate(image, data.label(b), LAMBDA);
    }
    return naive;
  }

  private void assertSame(NaiveLeNet5 naive, double loss) {
    assertThat(loss).isCloseTo(naive.loss / BATCH, offset(1e-4));
    for (int l = 0; l < 5; l++) {
      var s = model.slots().get(l);
      assertThat(distance(naive.weightGradients[l], s.weightOffset())).isLessThan(1e-4);
      assertThat(distance(naive.biasGradients[l], s.biasOffset())).isLessThan(1e-4);
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
