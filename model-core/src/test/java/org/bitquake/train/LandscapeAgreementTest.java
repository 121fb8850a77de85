package org.bitquake.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.stream.IntStream;
import org.bitquake.landscape.Ascent;
import org.bitquake.landscape.LossFunction;
import org.bitquake.landscape.Trained;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses and gradients of the landscape against the DL4J graph that networks are trained in. */
class LandscapeAgreementTest {
  private static final int IMAGES = 200;
  private static final double RHO = 0.15;

  @ParameterizedTest
  @ValueSource(strings = {"standard", "as", "saq", "as-saq"})
  void lossAndGradientAtTheCodesAndSaqsStepAreThoseOfTheGraph(String name) {
    var network = Trained.network(name);
    var images = Trained.images(IMAGES);
    var model = Agreement.model(network);
    var batches = new Batches(images, IMAGES);
    batches.load(IntStream.range(0, IMAGES).toArray(), 0);
    var f = new LossFunction(network, images);
    var centre = f.space().centre();

    double loss = model.pass(batches.images(), batches.labels(), null);
    float[] graph = weights(model);
    double[] gradient = f.gradient(centre);
    // The graph sums in float in another order: a few codes on the edge of rounding differ.
    assertThat(f.at(centre).loss()).isCloseTo(loss, offset(2e-3 * loss));
    assertThat(distance(gradient, graph)).isLessThan(0.02);

    var epsilon = new float[model.master().length];
    Saq.perturbation(model, RHO, epsilon);
    double saq = model.pass(batches.images(), batches.labels(), epsilon);
    double rise = Ascent.of(f, RHO, 1).oneStep().loss();
    assertThat(rise).isCloseTo(saq, offset(5e-3 * saq)).isGreaterThan(loss);
  }

  /** The gradient of the weights alone, in the order of the layers. */
  private static float[] weights(QuantizedModel model) {
    int count = model.slots().stream().mapToInt(ParameterSlot::weights).sum();
    float[] weights = new float[count];
    int to = 0;
    for (var s : model.slots()) {
      System.arraycopy(model.gradient(), s.weightOffset(), weights, to, s.weights());
      to += s.weights();
    }
    return weights;
  }

  private static double distance(double[] a, float[] b) {
    assertThat(a).hasSize(b.length);
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < a.length; i++) {
      difference += (a[i] - b[i]) * (a[i] - b[i]);
      norm += b[i] * (double) b[i];
    }
    return Math.sqrt(difference / norm);
  }
}
