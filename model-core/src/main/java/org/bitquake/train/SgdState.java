package org.bitquake.train;

/**
 * Stochastic gradient descent with momentum on the master parameters and the learned steps: {@code
 * v ← μv + g + decay·w; w ← w − η·v}, steps without decay. With Nesterov's momentum {@code w ← w −
 * η·(g + decay·w + μv)}.
 */
final class SgdState {
  private final float[] velocity;
  private final double[] stepVelocity;
  private final double[] stepMove;

  SgdState(int parameters, int steps) {
    velocity = new float[parameters];
    stepVelocity = new double[steps];
    stepMove = new double[steps];
  }

  /** Moves the master parameters against {@code model.gradient()} and the steps likewise. */
  void update(
      QuantizedModel model,
      double[] stepGradients,
      double rate,
      double momentum,
      TrainOptions options) {
    float eta = (float) rate;
    float mu = (float) momentum;
    float shrink = (float) options.weightDecay();
    float ahead = options.nesterov() ? mu : 1;
    float now = options.nesterov() ? 1 : 0;
    float[] w = model.master();
    float[] g = model.gradient();
    for (int i = 0; i < w.length; i++) {
      float slope = g[i] + shrink * w[i];
      velocity[i] = mu * velocity[i] + slope;
      w[i] -= eta * (ahead * velocity[i] + now * slope);
    }
    for (int i = 0; i < stepVelocity.length; i++) {
      stepVelocity[i] = momentum * stepVelocity[i] + stepGradients[i];
      stepMove[i] = ahead * stepVelocity[i] + now * stepGradients[i];
    }
    model.moveSteps(stepMove, rate * options.stepLearningRate());
  }

  float[] velocity() {
    return velocity;
  }

  double[] stepVelocity() {
    return stepVelocity;
  }
}
