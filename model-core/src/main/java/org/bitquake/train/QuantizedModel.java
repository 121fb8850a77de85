package org.bitquake.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.rng.UniformRandomProvider;
import org.bitquake.network.Activation;
import org.bitquake.network.Convolution.WeightCodes;
import org.bitquake.quant.ActivationQuantizer;
import org.bitquake.quant.ActivationStep;
import org.bitquake.quant.Quantizer;
import org.bitquake.quant.WeightQuantizer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network under quantisation-aware training: float master parameters, quantisers, batch
 * normalisation, and a DL4J network that does the forward and backward passes.
 *
 * <p>The DL4J network never holds the master weights: before a pass it is given the quantised ones
 * (plus SAQ's ε), so the gradient it returns is the one at the quantised weights, and the
 * straight-through estimator carries it over to the master weights.
 */
final class QuantizedModel {
  private final Architecture architecture;
  private final Quantizer quantizer;
  private final int weightBits;
  private final ComputationGraph graph;
  private final List<ParameterSlot> slots;
  private final List<WeightQuantizer> weightQuantizers = new ArrayList<>();
  private final List<ActivationStep> activationSteps = new ArrayList<>();
  private final Map<LayerPlan, ActivationQuantizer> relus = new LinkedHashMap<>();
  private final Normalizations norms = new Normalizations();
  private final LayerFunction.Shared shared = new LayerFunction.Shared();
  private final float[] master;
  private final float[] effective;
  private final float[] gradient;
  private boolean floating;

  QuantizedModel(
      Architecture architecture, Quantizer quantizer, int weightBits, int activationBits) {
    this.architecture = architecture;
    this.quantizer = quantizer;
    this.weightBits = weightBits;
    for (var layer : architecture.layers()) {
      layer
          .outputStep()
          .ifPresent(s -> relus.put(layer, new ActivationQuantizer(step(s), activationBits)));
    }
    graph = architecture.build(new Functions());
    int graphParameters = Math.toIntExact(graph.numParams());
    slots = ParameterSlot.all(architecture, graph);
    int parameters = graphParameters + norms.parameters();
    master = new float[parameters];
    effective = new float[parameters];
    gradient = new float[parameters];
    for (var s : slots) {
      s.gammaOffset().ifPresent(g -> Arrays.fill(master, g, g + s.biases(), 1));
    }
    startWeightSteps();
  }

  private ActivationStep step(int index) {
    while (activationSteps.size() <= index) {
      activationSteps.add(new ActivationStep(quantizer));
    }
    return activationSteps.get(index);
  }

  private final class Functions implements Architecture.Functions {
    @Override
    public IActivation whole(LayerPlan layer) {
      return new LayerFunction(norm(layer), Optional.of(relus.get(layer)), shared);
    }

    @Override
    public IActivation normalization(LayerPlan layer) {
      return new LayerFunction(norm(layer), Optional.empty(), shared);
    }

    @Override
    public IActivation relu(LayerPlan layer) {
      return new LayerFunction(Optional.empty(), Optional.of(relus.get(layer)), shared);
    }

    private Optional<BatchNorm> norm(LayerPlan layer) {
      return layer.normalized() ? Optional.of(norms.make(layer)) : Optional.empty();
    }
  }

  /** Fills the master weights: uniform in ±√(3 / fan-in), biases 0. */
  void initialize(UniformRandomProvider random) {
    for (var s : slots) {
      float bound = s.firstBound();
      for (int i = 0; i < s.weights(); i++) {
        master[s.weightOffset() + i] = bound * (2 * random.nextFloat() - 1);
      }
    }
    startWeightSteps();
  }

  /** Trains without quantisation from now on, or with: then steps are chosen anew. */
  void setFloating(boolean floating) {
    if (this.floating && !floating) {
      startWeightSteps();
      activationSteps.forEach(ActivationStep::restart);
    }
    this.floating = floating;
    relus.values().forEach(r -> r.setExact(floating));
  }

  /**
   * Forward and backward of one batch at the quantised weights plus {@code epsilon}; afterwards
   * {@link #gradient()} holds the batch mean gradient at those weights.
   *
   * @param images {@code [B, C, H, W]}
   * @param labels one-hot, {@code [B, classes]}
   * @param epsilon added to the quantised weights, biases and normalisation, in flat layout;
   *     running statistics then stay; null adds nothing
   * @return the mean cross-entropy, without the penalty
   */
  double pass(INDArray images, INDArray labels, float[] epsilon) {
    double loss = sums(images, labels, epsilon);
    finish(images.size(0));
    return loss;
  }

  /** The same, but {@link #gradient()} is the sum over the batch until {@link #finish}. */
  double sums(INDArray images, INDArray labels, float[] epsilon) {
    shared.mode = epsilon == null ? BatchNorm.Mode.TRAIN : BatchNorm.Mode.REPEAT;
    activationSteps.forEach(ActivationStep::beginPass);
    load(epsilon);
    graph.setInput(0, images);
    graph.setLabels(labels);
    double loss =
        HeldArrays.during(
            () -> {
              graph.computeGradientAndScore();
              return graph.score();
            });
    NativeFloats.read(graph.getGradientsViewArray(), gradient);
    readNormGradients();
    return loss;
  }

  /** Turns sums over so many images into their mean and ends the pass. */
  void finish(long images) {
    float scale = 1f / images;
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] *= scale;
    }
    activationSteps.forEach(ActivationStep::endPass);
  }

  /** Becomes what another model of the same architecture is, before a pass. */
  void follow(QuantizedModel other) {
    floating = other.floating;
    relus.values().forEach(r -> r.setExact(floating));
    shared.lambda = other.shared.lambda;
    System.arraycopy(other.master, 0, master, 0, master.length);
    setSteps(other.steps());
    for (int a = 0; a < activationSteps.size(); a++) {
      activationSteps.get(a).follow(other.activationSteps.get(a));
    }
    for (int i = 0; i < statistics().size(); i++) {
      float[] its = other.statistics().get(i);
      System.arraycopy(its, 0, statistics().get(i), 0, its.length);
    }
  }

  /** Adds the sums of a follower, which went through another part of the batch. */
  void add(QuantizedModel follower) {
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] += follower.gradient[i];
    }
    for (int a = 0; a < activationSteps.size(); a++) {
      activationSteps.get(a).add(follower.activationSteps.get(a));
    }
    for (int r = 0; r < activationQuantizers().size(); r++) {
      activationQuantizers().get(r).takeCounts(follower.activationQuantizers().get(r));
    }
  }

  /** Whether all steps of activations have been found. */
  boolean started() {
    return floating || activationSteps.stream().allMatch(ActivationStep::started);
  }

  /** Class scores of the quantised network in inference mode, {@code [B, classes]}. */
  INDArray output(INDArray images) {
    shared.mode = BatchNorm.Mode.INFER;
    load(null);
    return HeldArrays.during(() -> graph.output(false, images)[0]);
  }

  /**
   * What every layer writes in inference mode, {@code [B, C, H, W]} or {@code [B, n]}, under its
   * name in the integer network.
   */
  Map<String, INDArray> activations(INDArray images) {
    shared.mode = BatchNorm.Mode.INFER;
    load(null);
    return HeldArrays.during(() -> graph.feedForward(images, false));
  }

  /** Gathers the statistics of what normalisation reads, without using them. */
  void measure(INDArray images) {
    shared.mode = BatchNorm.Mode.MEASURE;
    load(null);
    HeldArrays.during(() -> graph.output(false, images));
  }

  /** Makes the measured statistics the running ones; inference stays as it is. */
  void recentre() {
    for (int l = 0; l < slots.size(); l++) {
      norms.recentre(layer(l), slots.get(l), master);
    }
  }

  /** Makes layer {@code l} add {@code gain · sum + offset}, where it is normalised. */
  void setNormalization(int l, int channel, double gain, double offset) {
    var norm = norms.of(layer(l)).orElseThrow();
    norm.become(channel, gain, offset);
    master[slots.get(l).gammaOffset().orElseThrow() + channel] = norm.gamma[channel];
    master[slots.get(l).biasOffset() + channel] = norm.beta[channel];
  }

  /**
   * Carries the gradient at the quantised weights over to the master weights, in place.
   *
   * @return the gradients of the steps: weights' first, then activations'; 0 where not learned
   */
  double[] straightThrough(int batch) {
    var steps = new double[weightQuantizers.size() + activationSteps.size()];
    if (floating) {
      return steps;
    }
    for (int l = 0; l < slots.size(); l++) {
      var s = slots.get(l);
      steps[l] = weightQuantizers.get(l).backward(master, gradient, s.weightOffset(), s.weights());
    }
    for (int a = 0; a < activationSteps.size(); a++) {
      steps[slots.size() + a] = activationSteps.get(a).gradient() / batch;
    }
    return steps;
  }

  /** All steps: weights' first, then activations', 0 for those that a batch has still to find. */
  float[] steps() {
    return StepValues.of(weightQuantizers, activationSteps);
  }

  /** Sets all steps, in the order of {@link #steps}. */
  void setSteps(float[] steps) {
    StepValues.set(weightQuantizers, activationSteps, steps);
  }

  /** Moves the learned steps by {@code −rate · velocity}. */
  void moveSteps(double[] velocity, double rate) {
    if (quantizer.learns() && !floating) {
      float[] steps = steps();
      for (int i = 0; i < steps.length; i++) {
        steps[i] = (float) (steps[i] - rate * velocity[i]);
      }
      setSteps(steps);
    }
  }

  void setLambda(float lambda) {
    shared.lambda = lambda;
  }

  Architecture architecture() {
    return architecture;
  }

  LayerPlan layer(int l) {
    return architecture.layers().get(l);
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

  /** Whether the steps of activations are clips that gradient descent moves as they are. */
  boolean learnsClips() {
    return quantizer == Quantizer.LIQ && !floating;
  }

  int activationBits() {
    return relus.values().iterator().next().bits();
  }

  /** Those of activations, in the order of their indices in {@link LayerPlan}. */
  List<ActivationStep> activationSteps() {
    return activationSteps;
  }

  List<WeightQuantizer> weightQuantizers() {
    return weightQuantizers;
  }

  /** Those of the hidden layers, in order. */
  List<ActivationQuantizer> activationQuantizers() {
    return List.copyOf(relus.values());
  }

  /** The running statistics of batch normalisation, layer by layer: means, variances. */
  List<float[]> statistics() {
    return norms.statistics();
  }

  /** The weight codes of layer {@code l}, with their step. */
  WeightCodes codes(int l) {
    var s = slots.get(l);
    var q = weightQuantizers.get(l);
    byte[] codes = q.codes(master, s.weightOffset(), s.weights());
    var step = new float[] {q.step()};
    return q.midRise()
        ? WeightCodes.midRise(codes, q.bits(), step)
        : new WeightCodes(codes, q.bits(), step);
  }

  /** Real value of a code that layer {@code l} reads. */
  float inputStep(int l) {
    var step = layer(l).inputStep();
    return step.isPresent()
        ? activationSteps.get(step.getAsInt()).value()
        : NetworkExport.PIXEL_STEP;
  }

  /** The codes that layer {@code l} writes; empty for the logits. */
  Optional<Activation> activation(int l) {
    return Optional.ofNullable(relus.get(layer(l))).map(r -> new Activation(r.bits(), r.step()));
  }

  /** Normalisation of layer {@code l}; empty where it has biases instead. */
  Optional<BatchNorm> norm(int l) {
    loadNorms(master);
    return norms.of(layer(l));
  }

  /** Chooses the steps of weights anew. */
  void startWeightSteps() {
    weightQuantizers.clear();
    for (var s : slots) {
      weightQuantizers.add(
          WeightQuantizer.of(
              quantizer,
              weightBits,
              s.gammaOffset().isPresent(),
              master,
              s.weightOffset(),
              s.weights()));
    }
  }

  private void load(float[] epsilon) {
    System.arraycopy(master, 0, effective, 0, master.length);
    for (int l = 0; l < slots.size() && !floating; l++) {
      var s = slots.get(l);
      var q = weightQuantizers.get(l);
      q.refresh(master, s.weightOffset(), s.weights());
      q.quantize(master, s.weightOffset(), s.weights(), effective);
    }
    for (int i = 0; epsilon != null && i < effective.length; i++) {
      effective[i] += epsilon[i];
    }
    NativeFloats.write(effective, graph.params());
    loadNorms(effective);
  }

  /**
   * @param parameters in flat layout
   */
  private void loadNorms(float[] parameters) {
    for (int l = 0; l < slots.size(); l++) {
      norms.load(layer(l), slots.get(l), parameters);
    }
  }

  private void readNormGradients() {
    for (int l = 0; l < slots.size(); l++) {
      norms.readGradient(layer(l), slots.get(l), gradient);
    }
  }
}
