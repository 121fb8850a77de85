package org.bitquake.landscape;

import org.bitquake.Text;

/**
 * ε-sharpness as SAM and SAQ define it (Foret et al., 2021, arXiv 2010.01412; arXiv 2111.12273):
 * how much the loss can rise within a ball around the weight codes, {@code max L(w_q + ε) − L(w_q)}
 * over {@code ‖ε‖₂ ≤ ρ}, one norm over all weights in real units. Both figures are the loss at a
 * point found by ascent, so lower bounds of the maximum.
 *
 * @param rho radius ρ of the ball
 * @param centre the loss at the codes
 * @param oneStep at {@code ε = ρ · g / ‖g‖}, the step that SAQ trains against
 * @param bestStep the largest loss of all points of the ascent, the one step's included
 */
public record Ascent(double rho, LossPoint centre, LossPoint oneStep, LossPoint bestStep) {
  /** SAQ's guard against a gradient of 0. */
  private static final double TINY = 1e-12;

  /** Later steps go this part of the radius. */
  private static final double LATER = 0.5;

  /**
   * Climbs from the codes: the first step goes to the edge of the ball, later ones half of the
   * radius along the gradient and back into the ball.
   *
   * @param steps at least 1
   */
  public static Ascent of(LossFunction f, double rho, int steps) {
    if (!(rho > 0 && rho < Double.POSITIVE_INFINITY) || steps < 1) {
      throw new IllegalArgumentException(
          Text.of("ρ = %s, %d steps: both must be positive", rho, steps));
    }
    WeightSpace space = f.space();
    float[][] point = space.centre();
    LossPoint centre = f.at(point);
    double[] epsilon = step(f, point, rho, new double[space.dimension()]);
    LossPoint oneStep = f.at(space.at(epsilon));
    LossPoint best = oneStep;
    for (int s = 2; s <= steps; s++) {
      epsilon = inBall(step(f, space.at(epsilon), LATER * rho, epsilon), rho);
      LossPoint now = f.at(space.at(epsilon));
      best = now.loss() > best.loss() ? now : best;
    }
    return new Ascent(rho, centre, oneStep, best);
  }

  private static double[] step(LossFunction f, float[][] at, double length, double[] from) {
    double[] g = f.gradient(at);
    return Vectors.combined(1, from, length / (Vectors.norm(g) + TINY), g);
  }

  private static double[] inBall(double[] epsilon, double rho) {
    return Vectors.scaled(Math.min(1, rho / Vectors.norm(epsilon)), epsilon);
  }

  /** {@code L(w_q + ρ·g/‖g‖) − L(w_q)}. */
  public double oneStepRise() {
    return oneStep.loss() - centre.loss();
  }

  /** The largest rise found. */
  public double rise() {
    return bestStep.loss() - centre.loss();
  }
}
