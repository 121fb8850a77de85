package org.bitquake.train;

/**
 * Stochastic gradient descent with momentum on the master parameters and the learned steps: {@code
 * v ← μv + g + decay·w; w ← w − η·v}, steps without decay.
 */
final class SgdState {
  private final float[] velocity;
  private final double[] stepVelocity;

  SgdState(int parameters, int steps) {
    velocity = new float[parameters];
    stepVelocity = new double[steps];
  }

  /** Moves the master parameters against {@code model.gradient()} and the steps likewise. */
  void update(
      QuantizedModel model, double[] stepGradients, double rate, double momentum, double decay) {
    float eta = (float) rate;
    float mu = (float) momentum;
    float shrink = (float) decay;
    float[] w = model.master();
    float[] g = model.gradient();
    for (int i = 0; i < w.length; i++) {
      velocity[i] = mu * velocity[i] + (g[i] + shrink * w[i]);
      w[i] -= eta * velocity[i];
    }
    for (int i = 0; i < stepVelocity.length; i++) {
      stepVelocity[i] = momentum * stepVelocity[i] + stepGradients[i];
    }
    model.moveSteps(stepVelocity, rate);
  }

  float[] velocity() {
    return velocity;
  }

  double[] stepVelocity() {
    return stepVelocity;
  }
}
