package org.bitquake.landscape;

/** Arithmetic on vectors of doubles, summed in order. */
final class Vectors {
  private Vectors() {}

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }

  /** {@code factor · a}, a new array. */
  static double[] scaled(double factor, double[] a) {
    return combined(factor, a, 0, a);
  }

  /** {@code x · a + y · b}, a new array. */
  static double[] combined(double x, double[] a, double y, double[] b) {
    double[] sum = new double[a.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = x * a[i] + y * b[i];
    }
    return sum;
  }
}
