package org.bitquake.train;

import java.util.Arrays;
import org.bitquake.InputException;
import org.bitquake.network.Convolution;
import org.bitquake.network.Convolution.Activation;
import org.bitquake.network.QuantizedNetwork;

/**
 * Starts a model where a trained network ended: its quantised weights become the master weights,
 * and its steps and biases carry over. SAQ was published this way, from a trained network rather
 * than from random weights (arXiv 2111.12273).
 */
final class WarmStart {
  private WarmStart() {}

  /**
   * Loads the network into the model.
   *
   * @throws InputException if the network is not of the model's architecture and bit widths
   */
  static void load(QuantizedModel model, QuantizedNetwork network) {
    check(model, network);
    float[] steps = model.steps();
    int layers = model.slots().size();
    float inputStep = network.inputStep();
    for (int l = 0; l < layers; l++) {
      Convolution c = network.weightLayers().get(l);
      var slot = model.slots().get(l);
      float step = c.weights().step()[0];
      for (int i = 0; i < slot.weights(); i++) {
        model.master()[slot.weightOffset() + i] = c.weights().codes()[i] * step;
      }
      for (int i = 0; i < slot.biases(); i++) {
        model.master()[slot.biasOffset() + i] = (float) (c.bias()[i] * ((double) step * inputStep));
      }
      steps[l] = step;
      if (c.activation().isPresent()) {
        inputStep = c.activation().get().step();
        steps[layers + l] = inputStep;
      }
    }
    model.setSteps(steps);
  }

  private static void check(QuantizedModel model, QuantizedNetwork network) {
    var layers = network.weightLayers();
    boolean fits =
        layers.size() == model.slots().size()
            && network.inputShape().equals(LeNet5Graph.INPUT)
            && network.inputStep() == NetworkExport.PIXEL_STEP;
    float inputStep = network.inputStep();
    for (int l = 0; fits && l < layers.size(); l++) {
      fits = fits(model, layers.get(l), l, inputStep);
      inputStep = layers.get(l).activation().map(Activation::step).orElse(1f);
    }
    if (!fits) {
      throw new InputException(
          "training cannot start from network %s: it is not a LeNet-5 of %d-bit weights and"
                  .formatted(network.name(), model.weightQuantizers().get(0).bits())
              + " %d-bit activations, one step a layer"
                  .formatted(model.activationQuantizers().get(0).bits()));
    }
  }

  private static boolean fits(QuantizedModel model, Convolution c, int l, float inputStep) {
    var slot = model.slots().get(l);
    boolean last = l == model.slots().size() - 1;
    float[] step = c.weights().step();
    float outputStep = c.activation().map(Activation::step).orElse(1f);
    float scale = (float) ((double) step[0] * inputStep / outputStep);
    return c.weights().codes().length == slot.weights()
        && c.bias().length == slot.biases()
        && c.weights().bits() == model.weightQuantizers().get(l).bits()
        && Arrays.equals(step, uniform(step.length, step[0]))
        && Arrays.equals(c.scale(), uniform(c.scale().length, scale))
        && c.activation().isEmpty() == last
        && (last || c.activation().get().bits() == model.activationQuantizers().get(l).bits());
  }

  private static float[] uniform(int length, float value) {
    var values = new float[length];
    Arrays.fill(values, value);
    return values;
  }
}
