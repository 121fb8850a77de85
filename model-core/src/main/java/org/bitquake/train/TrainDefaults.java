package org.bitquake.train;

import org.bitquake.quant.Quantizer;

/**
 * How a model is trained where nothing else is asked for: as the networks that travel with bitquake
 * were. What is the same for all models is a constant here.
 *
 * @param epochs as in {@link TrainOptions}, and so the others
 */
public record TrainDefaults(
    int epochs,
    boolean augment,
    double learningRate,
    double stepLearningRate,
    boolean nesterov,
    double weightDecay) {
  public static final int BATCH = 128;
  public static final double LAMBDA_WARMUP_EPOCHS = 1;
  public static final String QUANTIZER = "lsq";
  public static final int WEIGHT_BITS = 4;
  public static final int ACTIVATION_BITS = 4;

  /** Of the loss of guessing, ln(classes): 1.75 for ten classes, as published. */
  public static final double FAULT_THRESHOLD = 0.76;

  /** Peak of the learning rate of the clips that {@code liq} learns. */
  public static final double CLIP_LEARNING_RATE = 0.01;

  /**
   * The factor on this learning rate for learned steps: that of the model, or with {@code liq} the
   * one, up to 1, that makes it {@link #CLIP_LEARNING_RATE}.
   */
  public double stepLearningRate(Quantizer quantizer, double learningRate) {
    return quantizer == Quantizer.LIQ
        ? Math.min(1, CLIP_LEARNING_RATE / learningRate)
        : stepLearningRate;
  }

  /** LeNet-5 on Fashion-MNIST, from random weights or on from another network. */
  static TrainDefaults leNet5() {
    return new TrainDefaults(12, false, 0.02, 1, false, 1e-4);
  }

  /** Models with normalisation on CIFAR-10: in smaller steps where they go on from a network. */
  static TrainDefaults normalized(boolean goesOn, int epochs) {
    return new TrainDefaults(epochs, true, goesOn ? 0.02 : 0.1, 0.05, true, 5e-4);
  }
}
