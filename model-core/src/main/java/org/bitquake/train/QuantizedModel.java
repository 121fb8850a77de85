package org.bitquake.train;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.bitquake.quant.ActivationQuantizer;
import org.bitquake.quant.Quantizer;
import org.bitquake.quant.WeightQuantizer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * LeNet-5 under quantisation-aware training: float master parameters, quantisers, and a DL4J
 * network that does the forward and backward passes.
 *
 * <p>The DL4J network never holds the master weights: before a pass it is given the quantised ones
 * (plus SAQ's ε), so the gradient it returns is the one at the quantised weights, and the
 * straight-through estimator carries it over to the master weights.
 */
final class QuantizedModel {
  private final Quantizer quantizer;
  private final int weightBits;
  private final MultiLayerNetwork graph;
  private final List<ParameterSlot> slots;
  private final List<WeightQuantizer> weightQuantizers;
  private final List<ActivationQuantizer> activationQuantizers;
  private final List<QuantizedRelu> relus;
  private final float[] master;
  private final float[] effective;
  private final float[] gradient;

  QuantizedModel(Quantizer quantizer, int weightBits, int activationBits) {
    this.quantizer = quantizer;
    this.weightBits = weightBits;
    activationQuantizers =
        IntStream.range(0, LeNet5Graph.WEIGHT_LAYERS.size() - 1)
            .mapToObj(i -> new ActivationQuantizer(quantizer, activationBits))
            .toList();
    relus = activationQuantizers.stream().map(QuantizedRelu::new).toList();
    graph = LeNet5Graph.build(relus);
    slots = slots(graph);
    int parameters = Math.toIntExact(graph.numParams());
    master = new float[parameters];
    effective = new float[parameters];
    gradient = new float[parameters];
    weightQuantizers = new ArrayList<>();
    startWeightSteps();
  }

  /** Fills the master weights: uniform in ±√(3 / fan-in), biases 0. */
  void initialize(UniformRandomProvider random) {
    for (var s : slots) {
      float bound = (float) Math.sqrt(3.0 / s.fanIn());
      for (int i = 0; i < s.weights(); i++) {
        master[s.weightOffset() + i] = bound * (2 * random.nextFloat() - 1);
      }
    }
    startWeightSteps();
  }

  /**
   * Forward and backward of one batch at the quantised weights plus {@code epsilon}; afterwards
   * {@link #gradient()} holds the batch mean gradient at those weights.
   *
   * @param images {@code [B, C, H, W]}
   * @param labels one-hot, {@code [B, classes]}
   * @param epsilon added to the quantised weights, in flat layout; null adds nothing
   * @return the mean cross-entropy, without the penalty
   */
  double pass(INDArray images, INDArray labels, float[] epsilon) {
    quantize();
    if (epsilon != null) {
      for (int i = 0; i < effective.length; i++) {
        effective[i] += epsilon[i];
      }
    }
    NativeFloats.write(effective, graph.params());
    graph.setInput(images);
    graph.setLabels(labels);
    graph.computeGradientAndScore();
    NativeFloats.read(graph.getFlattenedGradients(), gradient);
    float scale = 1f / images.size(0);
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] *= scale;
    }
    return graph.score();
  }

  /** Class scores of the quantised network in inference mode, {@code [B, classes]}. */
  INDArray output(INDArray images) {
    quantize();
    NativeFloats.write(effective, graph.params());
    return graph.output(images, false);
  }

  /**
   * What every layer writes in inference mode, in order, {@code [B, C, H, W]} or {@code [B, n]}.
   */
  List<INDArray> activations(INDArray images) {
    quantize();
    NativeFloats.write(effective, graph.params());
    return graph.feedForward(images, false).subList(1, graph.getnLayers() + 1);
  }

  /**
   * Carries the gradient at the quantised weights over to the master weights, in place.
   *
   * @param batch the batch size of the last pass
   * @return the gradients of the steps: weights' first, then activations'; 0 where not learned
   */
  double[] straightThrough(int batch) {
    var steps = new double[weightQuantizers.size() + activationQuantizers.size()];
    for (int l = 0; l < slots.size(); l++) {
      var s = slots.get(l);
      steps[l] = weightQuantizers.get(l).backward(master, gradient, s.weightOffset(), s.weights());
    }
    for (int l = 0; l < activationQuantizers.size(); l++) {
      steps[slots.size() + l] = activationQuantizers.get(l).stepGradient() / batch;
    }
    return steps;
  }

  /** All steps: weights' first, then activations'. */
  float[] steps() {
    var steps = new float[weightQuantizers.size() + activationQuantizers.size()];
    for (int i = 0; i < steps.length; i++) {
      steps[i] =
          i < weightQuantizers.size()
              ? weightQuantizers.get(i).step()
              : activationQuantizers.get(i - weightQuantizers.size()).step();
    }
    return steps;
  }

  /** Sets all steps, in the order of {@link #steps}. */
  void setSteps(float[] steps) {
    for (int i = 0; i < weightQuantizers.size(); i++) {
      weightQuantizers.get(i).setStep(steps[i]);
    }
    for (int i = 0; i < activationQuantizers.size(); i++) {
      activationQuantizers.get(i).setStep(steps[weightQuantizers.size() + i]);
    }
  }

  /** Moves the learned steps by {@code −rate · velocity}. */
  void moveSteps(double[] velocity, double rate) {
    if (weightQuantizers.get(0).learned()) {
      float[] steps = steps();
      for (int i = 0; i < steps.length; i++) {
        steps[i] = (float) (steps[i] - rate * velocity[i]);
      }
      setSteps(steps);
    }
  }

  void setLambda(float lambda) {
    relus.forEach(r -> r.setLambda(lambda));
  }

  float[] master() {
    return master;
  }

  float[] gradient() {
    return gradient;
  }

  List<ParameterSlot> slots() {
    return slots;
  }

  List<WeightQuantizer> weightQuantizers() {
    return weightQuantizers;
  }

  List<ActivationQuantizer> activationQuantizers() {
    return activationQuantizers;
  }

  private void startWeightSteps() {
    weightQuantizers.clear();
    for (var s : slots) {
      weightQuantizers.add(
          new WeightQuantizer(quantizer, weightBits, master, s.weightOffset(), s.weights()));
    }
  }

  private void quantize() {
    System.arraycopy(master, 0, effective, 0, master.length);
    for (int l = 0; l < slots.size(); l++) {
      var s = slots.get(l);
      var q = weightQuantizers.get(l);
      q.refresh(master, s.weightOffset(), s.weights());
      q.quantize(master, s.weightOffset(), s.weights(), effective);
    }
  }

  private static List<ParameterSlot> slots(MultiLayerNetwork graph) {
    var slots = new ArrayList<ParameterSlot>();
    for (int layer = 0; layer < graph.getnLayers(); layer++) {
      INDArray w = graph.getParam(layer + "_W");
      INDArray b = graph.getParam(layer + "_b");
      if (w != null) {
        int outputs = Math.toIntExact(b.length());
        int weights = Math.toIntExact(w.length());
        slots.add(
            new ParameterSlot(
                LeNet5Graph.WEIGHT_LAYERS.get(slots.size()),
                Math.toIntExact(w.offset()),
                weights,
                Math.toIntExact(b.offset()),
                outputs,
                weights / outputs));
      }
    }
    return List.copyOf(slots);
  }
}
