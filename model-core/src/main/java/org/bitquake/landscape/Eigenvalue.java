package org.bitquake.landscape;

import org.bitquake.Text;

/**
 * The eigenvalue of largest magnitude of a symmetric operator, by power iteration.
 *
 * @param value Rayleigh quotient of the last vector, with its sign
 * @param residual {@code ‖Hv − value·v‖} of the last unit vector: an eigenvalue lies within that of
 *     {@code value}
 * @param iterations products with the operator
 * @param converged whether the residual came below the tolerance
 */
public record Eigenvalue(double value, double residual, int iterations, boolean converged) {

  /**
   * Iterates {@code v ← Hv / ‖Hv‖} until {@code ‖Hv − λv‖ ≤ tolerance · |λ|}. Two eigenvalues of
   * almost the same magnitude and opposite sign keep it from converging.
   *
   * @param seed of the random start vector
   * @param most products with the operator
   */
  public static Eigenvalue largest(
      SymmetricOperator operator, long seed, double tolerance, int most) {
    if (!(tolerance > 0) || most < 1) {
      throw new IllegalArgumentException(
          Text.of("tolerance %s, %d iterations: both must be positive", tolerance, most));
    }
    double[] v = Direction.gaussian(seed, Probes.START, 0, operator.dimension());
    v = Vectors.scaled(1 / Vectors.norm(v), v);
    double value = 0;
    double residual = 0;
    for (int i = 1; i <= most; i++) {
      double[] next = operator.apply(v);
      value = Vectors.dot(v, next);
      residual = Vectors.norm(Vectors.combined(1, next, -value, v));
      double norm = Vectors.norm(next);
      if (residual <= tolerance * Math.abs(value) || norm == 0) {
        return new Eigenvalue(value, residual, i, true);
      }
      v = Vectors.scaled(1 / norm, next);
    }
    return new Eigenvalue(value, residual, most, false);
  }
}
