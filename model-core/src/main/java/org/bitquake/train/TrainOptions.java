package org.bitquake.train;

import org.bitquake.InputException;
import org.bitquake.quant.Quantizer;

/**
 * How one network is trained.
 *
 * @param name of the network
 * @param seed of the order of the images and, without a network to start from, the initial weights
 * @param epochs passes over the training images
 * @param batch images a step; a last incomplete batch of an epoch is left out
 * @param learningRate peak of the one-cycle schedule
 * @param weightDecay L2 decay of weights and biases; steps do not decay
 * @param lambda weight of the L1 penalty λ·(1/B)·Σ|a| over all post-ReLU activations
 * @param lambdaWarmupEpochs λ rises linearly from 0 over this many epochs
 * @param rho radius ρ of SAQ's perturbation of the quantised weights; 0 trains without SAQ
 * @param quantizer how step sizes are chosen
 */
public record TrainOptions(
    String name,
    long seed,
    int epochs,
    int batch,
    double learningRate,
    double weightDecay,
    double lambda,
    double lambdaWarmupEpochs,
    double rho,
    Quantizer quantizer,
    int weightBits,
    int activationBits) {

  public TrainOptions {
    require(
        name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}"), name, "name", "letters, digits, . _ -");
    require(epochs >= 1, name, "epochs", "at least 1");
    require(batch >= 1, name, "batch", "at least 1");
    require(learningRate > 0 && learningRate <= 10, name, "learningRate", "in (0, 10]");
    require(weightDecay >= 0 && weightDecay < 1, name, "weightDecay", "in [0, 1)");
    require(lambda >= 0 && lambda <= 1, name, "lambda", "in [0, 1]");
    require(
        lambdaWarmupEpochs >= 0 && lambdaWarmupEpochs <= epochs,
        name,
        "lambdaWarmupEpochs",
        "between 0 and epochs");
    require(rho >= 0 && rho <= 10, name, "rho", "in [0, 10]");
    require(weightBits >= 2 && weightBits <= 8, name, "weightBits", "between 2 and 8");
    require(activationBits >= 2 && activationBits <= 8, name, "activationBits", "between 2 and 8");
  }

  private static void require(boolean holds, String name, String key, String allowed) {
    if (!holds) {
      throw new InputException("network %s: %s must be %s".formatted(name, key, allowed));
    }
  }
}
