package org.bitquake.train;

import java.util.List;
import org.bitquake.quant.ActivationStep;
import org.bitquake.quant.WeightQuantizer;

/**
 * All steps of a model in one array: weights' first, then activations', 0 for those that a batch
 * has still to find.
 */
final class StepValues {
  private StepValues() {}

  static float[] of(List<WeightQuantizer> weights, List<ActivationStep> activations) {
    var steps = new float[weights.size() + activations.size()];
    for (int i = 0; i < weights.size(); i++) {
      steps[i] = weights.get(i).step();
    }
    for (int i = 0; i < activations.size(); i++) {
      var step = activations.get(i);
      steps[weights.size() + i] = step.started() ? step.value() : 0;
    }
    return steps;
  }

  static void set(List<WeightQuantizer> weights, List<ActivationStep> activations, float[] steps) {
    for (int i = 0; i < weights.size(); i++) {
      weights.get(i).setStep(steps[i]);
    }
    for (int i = 0; i < activations.size(); i++) {
      float step = steps[weights.size() + i];
      if (step == 0) {
        activations.get(i).restart();
      } else {
        activations.get(i).set(step);
      }
    }
  }
}
