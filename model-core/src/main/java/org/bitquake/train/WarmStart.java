package org.bitquake.train;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.network.Activation;
import org.bitquake.network.Convolution;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.quant.LiqWeights;

/**
 * Starts a model where a trained network ended: its quantised weights become the master weights,
 * and its steps, biases and scales carry over. SAQ was published this way, from a trained network
 * rather than from random weights (arXiv 2111.12273).
 *
 * <p>A network file holds batch normalisation folded, without the statistics that training needs:
 * they are measured again on training images, and γ and β such that inference stays the same.
 */
final class WarmStart {
  /** Images to measure statistics on, and how many at a time. */
  private static final int IMAGES = 2000;

  private static final int BATCH = 100;

  private WarmStart() {}

  /**
   * Loads the network into the model.
   *
   * @param images to measure the statistics of batch normalisation on, the first of them
   * @throws InputException if the network is not of the model's architecture and bit widths
   */
  static void load(QuantizedModel model, QuantizedNetwork network, Dataset images) {
    load(model, network);
    if (model.statistics().isEmpty()) {
      return;
    }
    int batch = Math.min(BATCH, images.size());
    var batches = new Batches(images, batch);
    int[] order = IntStream.range(0, images.size()).toArray();
    for (int from = 0; from + batch <= Math.min(IMAGES, images.size()); from += batch) {
      batches.load(order, from);
      model.measure(batches.images());
    }
    model.recentre();
    model.activationQuantizers().forEach(q -> q.resetCounts());
  }

  /** The same for inference: running statistics are 0 and 1. */
  static void load(QuantizedModel model, QuantizedNetwork network) {
    check(model, network);
    float[] steps = model.steps();
    int layers = model.slots().size();
    for (int l = 0; l < layers; l++) {
      Convolution c = network.weightLayers().get(l);
      var slot = model.slots().get(l);
      float step = c.weights().step()[0];
      float[] real = real(c, step);
      if (model.weightQuantizers().get(l) instanceof LiqWeights liq && liq.normalized()) {
        real = normalised(real, liq, step, slot, network);
      }
      System.arraycopy(real, 0, model.master(), slot.weightOffset(), slot.weights());
      steps[l] = step;
      OptionalInt output = model.layer(l).outputStep();
      if (output.isPresent()) {
        steps[layers + output.getAsInt()] = c.activation().orElseThrow().step();
      }
    }
    model.setSteps(steps);
    for (int l = 0; l < layers; l++) {
      loadBiases(model, l, network.weightLayers().get(l));
    }
  }

  /** The weights in real units. */
  private static float[] real(Convolution c, float step) {
    byte[] codes = c.weights().codes();
    int gain = c.weights().gain();
    var real = new float[codes.length];
    for (int i = 0; i < real.length; i++) {
      real[i] = (gain * codes[i] + c.weights().offset(0)) * step;
    }
    return real;
  }

  /** Master weights that a normalising quantiser makes the same of, as wide as initial ones. */
  private static float[] normalised(
      float[] real, LiqWeights liq, float step, ParameterSlot slot, QuantizedNetwork network) {
    double deviation = slot.firstBound() / Math.sqrt(3);
    return liq.preimage(real, step, deviation)
        .orElseThrow(
            () ->
                new InputException(
                    Text.of(
                        "training cannot start from network %s: no weights of mean 0 and deviation 1"
                            + " have the codes of layer %s",
                        network.name(), slot.name())));
  }

  private static void loadBiases(QuantizedModel model, int l, Convolution c) {
    var slot = model.slots().get(l);
    double unit = unit(model, l, c);
    double outputStep = outputStep(c);
    for (int i = 0; i < slot.biases(); i++) {
      if (model.layer(l).normalized()) {
        double gain = c.scale()[i] * outputStep / unit;
        model.setNormalization(l, i, gain, c.bias()[i] * (gain * unit));
      } else {
        model.master()[slot.biasOffset() + i] = (float) (c.bias()[i] * unit);
      }
    }
  }

  /** What one unit of the layer's accumulator is worth. */
  private static double unit(QuantizedModel model, int l, Convolution c) {
    return (double) c.weights().step()[0] * model.inputStep(l) / model.layer(l).inputArea();
  }

  private static double outputStep(Convolution c) {
    return c.activation().map(Activation::step).orElse(1f);
  }

  private static void check(QuantizedModel model, QuantizedNetwork network) {
    var layers = network.weightLayers();
    boolean fits =
        layers.size() == model.slots().size()
            && network.beyondTraining().isEmpty()
            && network.inputShape().equals(model.architecture().inputShape())
            && network.inputStep() == NetworkExport.PIXEL_STEP;
    var steps = new float[layers.size()];
    for (int l = 0; fits && l < layers.size(); l++) {
      fits = fits(model, layers.get(l), l, steps);
    }
    if (!fits) {
      throw new InputException(
          Text.of(
                  "training cannot start from network %s: it is not a %s of %s%d-bit weights and",
                  network.name(),
                  model.architecture().title(),
                  model.weightQuantizers().get(0).midRise() ? "mid-rise " : "",
                  model.weightQuantizers().get(0).bits())
              + Text.of(
                  " %d-bit activations, one step a layer",
                  model.activationQuantizers().get(0).bits()));
    }
  }

  /**
   * @param steps of the activations so far, 0 where not known yet
   */
  private static boolean fits(QuantizedModel model, Convolution c, int l, float[] steps) {
    var slot = model.slots().get(l);
    var layer = model.layer(l);
    float[] step = c.weights().step();
    boolean shape =
        c.name().equals(layer.name())
            && c.weights().codes().length == slot.weights()
            && c.bias().length == slot.biases()
            && c.weights().bits() == model.weightQuantizers().get(l).bits()
            && c.weights().isMidRise() == model.weightQuantizers().get(l).midRise()
            && Arrays.equals(step, uniform(step.length, step[0]))
            && c.activation().isPresent() == layer.outputStep().isPresent();
    if (!shape) {
      return false;
    }
    if (c.activation().isPresent()) {
      int output = layer.outputStep().getAsInt();
      var activation = c.activation().get();
      if (activation.bits() != model.activation(l).orElseThrow().bits()
          || (steps[output] != 0 && steps[output] != activation.step())) {
        return false;
      }
      steps[output] = activation.step();
    }
    var input = layer.inputStep();
    float inputStep = input.isPresent() ? steps[input.getAsInt()] : NetworkExport.PIXEL_STEP;
    double unit = (double) step[0] * inputStep / layer.inputArea();
    float scale = (float) (unit / outputStep(c));
    return layer.normalized() || Arrays.equals(c.scale(), uniform(c.scale().length, scale));
  }

  private static float[] uniform(int length, float value) {
    var values = new float[length];
    Arrays.fill(values, value);
    return values;
  }
}
