package org.bitquake.landscape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.bitquake.data.Dataset;
import org.bitquake.network.MobileNet;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.RandomNetworks;
import org.bitquake.network.Vgg11;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients and Hessians against numerical derivatives of {@link FrozenLoss}. */
class DerivativesTest {
  private static final int IMAGES = 37; // a whole block and a part of one

  @Test
  void gradientAndHessianOfAnyNetworkAreThoseOfTheFrozenLoss() {
    int moving = 0;
    int curved = 0;
    for (int seed = 0; seed < 162; seed++) {
      QuantizedNetwork network = network(seed);
      if (network.weightCount() > 3000) {
        continue;
      }
      var images = RandomImages.of(network, IMAGES, seed);
      var f = new LossFunction(network, images);
      var frozen = new FrozenLoss(network, images);
      float[][] centre = f.space().centre();
      double[] gradient = f.gradient(centre);
      var random = new SplittableRandom(seed);
      double[] u = random(random, f.space().dimension(), 1e-3);
      double[] v = random(random, f.space().dimension(), 1e-3);

      double slope = (frozen.at(u) - frozen.at(minus(u))) / 2;
      double expected = Vectors.dot(gradient, inRealUnits(f.space(), u));
      assertThat(expected)
          .as("seed %d", seed)
          .isCloseTo(slope, offset(1e-7 + 1e-3 * Math.abs(slope)));
      moving += Math.abs(slope) > 1e-5 ? 1 : 0;

      double[] hv = f.hessian(centre).apply(inRealUnits(f.space(), v));
      double bend =
          (frozen.at(Vectors.combined(1, u, 1, v))
                  - frozen.at(Vectors.combined(1, u, -1, v))
                  - frozen.at(Vectors.combined(-1, u, 1, v))
                  + frozen.at(Vectors.combined(-1, u, -1, v)))
              / 4;
      double product = Vectors.dot(inRealUnits(f.space(), u), hv);
      assertThat(product)
          .as("seed %d", seed)
          .isCloseTo(bend, offset(1e-10 + 1e-2 * Math.abs(bend)));
      curved += Math.abs(bend) > 1e-8 ? 1 : 0;
    }
    assertThat(moving).isGreaterThan(40);
    assertThat(curved).isGreaterThan(30);
  }

  private static QuantizedNetwork network(int seed) {
    return switch (seed) {
      case 120 -> Vgg11.random(1, seed);
      case 121 -> MobileNet.random(2, seed);
      default ->
          seed < 120
              ? RandomNetworks.of(seed)
              : RandomNetworks.midRise(RandomNetworks.of(seed - 122));
    };
  }

  /** Every entry of the Hessian, its largest eigenvalue and its trace. */
  @ParameterizedTest
  @ValueSource(longs = {1, 94})
  void theHessianOfASmallNetworkEntryByEntry(long seed) {
    QuantizedNetwork network = RandomNetworks.of(seed);
    var images = RandomImages.of(network, 5, seed);
    var f = new LossFunction(network, images);
    var hessian = f.hessian(f.space().centre());
    double[][] expected = numerically(network, images);
    int n = expected.length;
    double largest = 0;
    for (double[] row : expected) {
      largest = Math.max(largest, Arrays.stream(row).map(Math::abs).max().orElseThrow());
    }
    for (int i = 0; i < n; i++) {
      double[] unit = new double[n];
      unit[i] = 1;
      assertThat(hessian.apply(unit))
          .as("row %d", i)
          .containsExactly(expected[i], offset(2e-3 * largest));
    }

    assertThat(largest).isPositive();

    double[] eigenvalues =
        new EigenDecomposition(new Array2DRowRealMatrix(expected)).getRealEigenvalues();
    double dominant =
        Arrays.stream(eigenvalues)
            .boxed()
            .max((a, b) -> Double.compare(Math.abs(a), Math.abs(b)))
            .orElseThrow();
    var found = Eigenvalue.largest(hessian, 1, 1e-4, 2000);
    assertThat(found.converged()).isTrue();
    assertThat(found.value()).isCloseTo(dominant, offset(2e-3 * Math.abs(dominant)));
  }

  private static double[][] numerically(QuantizedNetwork network, Dataset images) {
    var frozen = new FrozenLoss(network, images);
    var space = new WeightSpace(network);
    int n = space.dimension();
    double[] unit = inRealUnits(space, ones(space));
    double[][] h = new double[n][n];
    double step = 0.01;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int k = 0; k < 4; k++) {
          double[] v = new double[n];
          v[i] += k < 2 ? step : -step;
          v[j] += k % 2 == 0 ? step : -step;
          sum += (k == 0 || k == 3 ? 1 : -1) * frozen.at(v);
        }
        h[i][j] = sum / (4 * step * step) / (unit[i] * unit[j]);
        h[j][i] = h[i][j];
      }
    }
    return h;
  }

  private static double[] ones(WeightSpace space) {
    double[] ones = new double[space.dimension()];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** From units of the steps to real ones: what {@link WeightSpace#gradient} divides by. */
  private static double[] inRealUnits(WeightSpace space, double[] v) {
    double[] inverse = new double[v.length];
    float[][] scaled = space.tangent(ones(space));
    int k = 0;
    for (float[] layer : scaled) {
      for (float inverseStep : layer) {
        inverse[k] = v[k] / inverseStep;
        k++;
      }
    }
    return inverse;
  }

  private static double[] minus(double[] v) {
    return Vectors.scaled(-1, v);
  }

  private static double[] random(SplittableRandom random, int length, double size) {
    double[] v = new double[length];
    for (int i = 0; i < length; i++) {
      v[i] = size * (2 * random.nextDouble() - 1);
    }
    return v;
  }
}
