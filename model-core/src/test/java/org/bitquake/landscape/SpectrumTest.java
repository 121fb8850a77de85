package org.bitquake.landscape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import org.junit.jupiter.api.Test;

/** Power iteration and Hutchinson's estimate on operators with a known spectrum. */
class SpectrumTest {
  private static final int N = 60;

  /** {@code R diag(λ) R} with a Householder reflection R: symmetric, dense, eigenvalues λ. */
  private record Known(double[] eigenvalues, double[] mirror) implements SymmetricOperator {
    static Known of(double[] eigenvalues) {
      double[] mirror = Direction.gaussian(4, 0, 0, eigenvalues.length);
      return new Known(eigenvalues, Vectors.scaled(1 / Vectors.norm(mirror), mirror));
    }

    @Override
    public int dimension() {
      return eigenvalues.length;
    }

    @Override
    public double[] apply(double[] v) {
      double[] reflected = reflect(v);
      for (int i = 0; i < reflected.length; i++) {
        reflected[i] *= eigenvalues[i];
      }
      return reflect(reflected);
    }

    private double[] reflect(double[] v) {
      return Vectors.combined(1, v, -2 * Vectors.dot(v, mirror), mirror);
    }

    double trace() {
      double sum = 0;
      for (double value : eigenvalues) {
        sum += value;
      }
      return sum;
    }

    /** Of zᵀHz with random signs: 2 Σ_{i≠j} h_ij². */
    double probeVariance() {
      double sum = 0;
      for (int i = 0; i < dimension(); i++) {
        double[] unit = new double[dimension()];
        unit[i] = 1;
        double[] row = apply(unit);
        for (int j = 0; j < dimension(); j++) {
          sum += i == j ? 0 : 2 * row[j] * row[j];
        }
      }
      return sum;
    }
  }

  private static double[] spectrum(double first) {
    double[] eigenvalues = new double[N];
    for (int i = 0; i < N; i++) {
      eigenvalues[i] = i == 0 ? first : 2.0 * i / N - 0.7;
    }
    return eigenvalues;
  }

  @Test
  void powerIterationFindsTheLargestMagnitudeWithItsSign() {
    for (double first : new double[] {5, -5, 1.6}) {
      var found = Eigenvalue.largest(Known.of(spectrum(first)), 1, 1e-6, 1000);
      assertThat(found.converged()).isTrue();
      assertThat(found.value()).isCloseTo(first, offset(1e-9));
      assertThat(found.residual()).isLessThanOrEqualTo(1e-6 * Math.abs(first));
      assertThat(found.iterations()).isBetween(2, 1000);
    }
  }

  @Test
  void itSaysWhenItHasNotConverged() {
    double[] two = spectrum(3);
    two[1] = -3;
    var found = Eigenvalue.largest(Known.of(two), 1, 1e-6, 200);
    assertThat(found.converged()).isFalse();
    assertThat(found.iterations()).isEqualTo(200);
    assertThat(found.residual()).isGreaterThan(0.1);
  }

  @Test
  void anOperatorOfZerosHasTheEigenvalueZero() {
    var found = Eigenvalue.largest(Known.of(new double[N]), 1, 1e-3, 10);
    assertThat(found).isEqualTo(new Eigenvalue(0, 0, 1, true));
  }

  @Test
  void theMeanOfTheProbesIsTheTraceWithinItsKnownError() {
    var operator = Known.of(spectrum(5));
    int probes = 2000;
    double[] samples = new double[probes];
    for (int k = 0; k < probes; k++) {
      samples[k] = Probes.trace(operator, 11, k);
    }
    var estimate = MeanEstimate.of(samples);
    double error = Math.sqrt(operator.probeVariance() / probes);
    // Two-sided, one in 10,000; the sample's own error has a relative one of about 1/√(2·2000).
    assertThat(estimate.mean()).isCloseTo(operator.trace(), offset(3.89 * error));
    assertThat(estimate.standardError()).isCloseTo(error, offset(0.1 * error));
    assertThat(estimate.samples()).isEqualTo(probes);
  }

  @Test
  void oneProbeOfADiagonalOperatorIsExact() {
    double[] diagonal = spectrum(5);
    var operator = new Known(diagonal, new double[N]);
    assertThat(Probes.trace(operator, 3, 8)).isCloseTo(operator.trace(), offset(1e-12));
  }

  @Test
  void signsAreFairAndDifferFromProbeToProbe() {
    int n = 10_000;
    double[] a = Probes.rademacher(1, 0, n);
    double critical = 3.89 * Math.sqrt(n);
    assertThat(a).containsOnly(-1, 1);
    for (double[] b : new double[][] {Probes.rademacher(1, 1, n), Probes.rademacher(2, 0, n)}) {
      assertThat(Math.abs(Vectors.dot(a, b))).isLessThan(critical);
    }
    double sum = 0;
    double neighbours = 0;
    for (int i = 1; i < n; i++) {
      sum += a[i];
      neighbours += a[i] * a[i - 1];
    }
    assertThat(Math.abs(sum)).isLessThan(critical);
    assertThat(Math.abs(neighbours)).isLessThan(critical);
  }
}
