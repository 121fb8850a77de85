package org.bitquake.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

/**
 * A gradient that {@link NaiveNetwork} finds at the quantised weights plus something, clipped by
 * value and carried over to the master weights and steps by the definitions.
 */
final class Gradient {
  /** At the quantised weights, before it was clipped. */
  final double[] atQuantized;

  final double[] atMaster;
  final double[] steps;
  int clipped;

  private final QuantizedModel model;
  private final double most;

  /**
   * @param epsilon added to the quantised weights; null adds nothing
   * @param most magnitude that each number is kept within
   */
  Gradient(QuantizedModelTest batch, float[] epsilon, double most) {
    this.model = batch.model;
    this.most = most;
    var naive = batch.naive(epsilon);
    int layers = model.slots().size();
    atQuantized = new double[model.master().length];
    steps = new double[model.steps().length];
    int p = 0;
    for (int l = 0; l < layers; l++, p++) {
      while (naive.weightGradients[p] == null) {
        p++;
      }
      var s = model.slots().get(l);
      write(naive.weightGradients[p], s.weightOffset());
      write(naive.offsetGradients[p], s.biasOffset());
      if (s.gammaOffset().isPresent()) {
        write(naive.gammaGradients[p], s.gammaOffset().getAsInt());
      }
    }
    atMaster = new double[atQuantized.length];
    for (int i = 0; i < atMaster.length; i++) {
      atMaster[i] = clip(atQuantized[i]);
      clipped += atMaster[i] == atQuantized[i] ? 0 : 1;
    }
    for (int l = 0; l < layers; l++) {
      steps[l] = clip(straightThrough(l, most < Double.POSITIVE_INFINITY ? epsilon : null));
    }
    double[] activations =
        batch.bySteps(naive.stepGradients, naive, steps.length - layers, QuantizedModelTest.BATCH);
    for (int a = 0; a < activations.length; a++) {
      steps[layers + a] = clip(activations[a]);
    }
  }

  private void write(double[] sums, int from) {
    for (int i = 0; i < sums.length; i++) {
      atQuantized[from + i] = sums[i] / QuantizedModelTest.BATCH;
    }
  }

  private double clip(double value) {
    return Math.min(Math.max(value, -most), most);
  }

  /**
   * Masks the weights out of range.
   *
   * @param faults by which faulty codes times the step differ from codes times the step
   * @return the gradient of the step
   */
  private double straightThrough(int l, float[] faults) {
    var s = model.slots().get(l);
    double step = model.weightQuantizers().get(l).step();
    double sum = 0;
    for (int i = s.weightOffset(); i < s.weightOffset() + s.weights(); i++) {
      double q = model.master()[i] / (float) step; // the largest weight lies at the edge itself
      double code = Math.rint(Math.min(Math.max(q, -8), 7));
      double read = code + (faults == null ? 0 : Math.rint(faults[i] / step));
      boolean inside = q >= -8 && q <= 7;
      sum += atMaster[i] * (inside ? read - q : read);
      atMaster[i] = inside ? atMaster[i] : 0;
    }
    return sum / Math.sqrt(s.weights() * 7.0);
  }

  /** The sum of both. */
  Gradient plus(Gradient other) {
    for (int i = 0; i < atMaster.length; i++) {
      atMaster[i] += other.atMaster[i];
    }
    for (int i = 0; i < steps.length; i++) {
      steps[i] += other.steps[i];
    }
    return this;
  }

  /** Compares layer by layer, in units of the layer's norm, and the gradients of the steps. */
  void assertSame(float[] gradient, double[] stepGradients) {
    for (var s : model.slots()) {
      assertThat(distance(gradient, s.weightOffset(), s.weights())).as(s.name()).isLessThan(1e-3);
      assertThat(distance(gradient, s.biasOffset(), s.biases())).as(s.name()).isLessThan(1e-3);
      s.gammaOffset()
          .ifPresent(g -> assertThat(distance(gradient, g, s.biases())).isLessThan(1e-3));
    }
    for (int i = 0; i < steps.length; i++) {
      assertThat(stepGradients[i])
          .as("step %d", i)
          .isCloseTo(steps[i], offset(1e-3 * (1e-2 + Math.abs(steps[i]))));
    }
  }

  private double distance(float[] gradient, int from, int length) {
    double difference = 0;
    double norm = 0;
    for (int i = from; i < from + length; i++) {
      difference += (gradient[i] - atMaster[i]) * (gradient[i] - atMaster[i]);
      norm += atMaster[i] * atMaster[i];
    }
    return Math.sqrt(difference / norm);
  }
}
