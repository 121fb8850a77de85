package org.bitquake.landscape;

/** A symmetric matrix, known by its products with vectors. */
public interface SymmetricOperator {
  /** The length of its vectors. */
  int dimension();

  /** Its product with a vector, a new array. */
  double[] apply(double[] v);
}
