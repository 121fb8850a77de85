package org.bitquake.train;

import org.bitquake.quant.ActivationStep;

/**
 * Sharpness-aware quantisation (arXiv 2111.12273): the perturbation {@code ε = ρ · g / (‖g‖₂ +
 * 1e-12)} of the <em>quantised</em> weights along their own gradient, with one norm over all that
 * is {@linkplain SaqScope perturbed}.
 */
final class Saq {
  private Saq() {}

  /** That of the weights alone, {@link SaqScope#WEIGHTS}. */
  static void perturbation(QuantizedModel model, double rho, float[] epsilon) {
    perturbation(model, rho, SaqScope.WEIGHTS, 1, epsilon);
  }

  /**
   * Writes ε for the gradient that {@code model} holds, and shifts the activation steps where they
   * have a part in it.
   *
   * @param batch images that the gradient is the mean of
   * @param epsilon in flat layout; entries that are not perturbed stay as they are
   */
  static void perturbation(
      QuantizedModel model, double rho, SaqScope scope, int batch, float[] epsilon) {
    float[] g = model.gradient();
    if (scope == SaqScope.WEIGHTS) {
      float scale = scale(rho, weightSquares(model));
      for (var s : model.slots()) {
        for (int i = s.weightOffset(); i < s.weightOffset() + s.weights(); i++) {
          epsilon[i] = scale * g[i];
        }
      }
      return;
    }
    double squares = clipSquares(model, batch);
    for (float x : g) {
      squares += x * (double) x;
    }
    float scale = scale(rho, squares);
    for (int i = 0; i < g.length; i++) {
      epsilon[i] = scale * g[i];
    }
    if (model.learnsClips()) {
      model.activationSteps().forEach(s -> s.shift((float) (scale * s.gradient() / batch)));
    }
  }

  private static float scale(double rho, double squares) {
    return (float) (rho / (Math.sqrt(squares) + 1e-12));
  }

  private static double weightSquares(QuantizedModel model) {
    float[] g = model.gradient();
    double squares = 0;
    for (var s : model.slots()) {
      for (int i = s.weightOffset(); i < s.weightOffset() + s.weights(); i++) {
        squares += g[i] * (double) g[i];
      }
    }
    return squares;
  }

  /** Of the gradients of the clips c: a step is c over the largest code, and so is its gradient. */
  private static double clipSquares(QuantizedModel model, int batch) {
    double squares = 0;
    int most = (1 << model.activationBits()) - 1;
    for (ActivationStep s : model.activationSteps()) {
      double gradient = model.learnsClips() ? s.gradient() / batch * most : 0;
      squares += gradient * gradient;
    }
    return squares;
  }
}
