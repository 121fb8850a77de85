package org.bitquake.train;

/**
 * Sharpness-aware quantisation (arXiv 2111.12273): the perturbation {@code ε = ρ · g / (‖g‖₂ +
 * 1e-12)} of the <em>quantised</em> weights along their own gradient, one norm over all weights;
 * biases are not perturbed.
 */
final class Saq {
  private Saq() {}

  /**
   * Writes ε for the gradient that {@code model} holds.
   *
   * @param epsilon in flat layout; entries that belong to no weight stay as they are
   */
  static void perturbation(QuantizedModel model, double rho, float[] epsilon) {
    float[] g = model.gradient();
    double squares = 0;
    for (var s : model.slots()) {
      for (int i = s.weightOffset(); i < s.weightOffset() + s.weights(); i++) {
        squares += g[i] * (double) g[i];
      }
    }
    float scale = (float) (rho / (Math.sqrt(squares) + 1e-12));
    for (var s : model.slots()) {
      for (int i = s.weightOffset(); i < s.weightOffset() + s.weights(); i++) {
        epsilon[i] = scale * g[i];
      }
    }
  }
}
