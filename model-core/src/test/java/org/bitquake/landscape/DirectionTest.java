package org.bitquake.landscape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.bitquake.network.Convolution;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.Convolution.WeightCodes;
import org.bitquake.network.Layer;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.RandomNetworks;
import org.junit.jupiter.api.Test;

class DirectionTest {
  @Test
  void everyFilterHasTheNormOfTheNetworksOwn() {
    for (String name : Trained.NAMES) {
      assertNorms(Trained.network(name));
    }
    for (int seed = 0; seed < 50; seed++) {
      assertNorms(RandomNetworks.of(seed));
    }
  }

  private static void assertNorms(QuantizedNetwork network) {
    float[][] d = Direction.random(network, 5, 2).values();
    var layers = network.weightLayers();
    for (int l = 0; l < d.length; l++) {
      byte[] codes = layers.get(l).weights().codes();
      int taps = codes.length / layers.get(l).geometry().outChannels();
      assertThat(d[l]).hasSize(codes.length);
      for (int from = 0; from < codes.length; from += taps) {
        double own = 0;
        double its = 0;
        for (int i = from; i < from + taps; i++) {
          own += codes[i] * codes[i];
          its += (double) d[l][i] * d[l][i];
        }
        assertThat(Math.sqrt(its)).isCloseTo(Math.sqrt(own), offset(1e-6 * Math.sqrt(own)));
      }
    }
  }

  /** Kolmogorov–Smirnov at 0.1 %, and independence of neighbours, numbers, layers and seeds. */
  @Test
  void theRawNumbersAreStandardNormal() {
    int n = 40_000;
    double[] x = Direction.gaussian(1, 0, 0, n);
    double p = new KolmogorovSmirnovTest().kolmogorovSmirnovTest(new NormalDistribution(), x);
    assertThat(p).isGreaterThan(0.001);

    double critical = 3.89 / Math.sqrt(n); // one in 10,000, two-sided
    double[] shifted = Arrays.copyOfRange(Direction.gaussian(1, 0, 0, n + 1), 1, n + 1);
    for (double[] y :
        List.of(
            shifted,
            Direction.gaussian(1, 1, 0, n),
            Direction.gaussian(1, 0, 1, n),
            Direction.gaussian(2, 0, 0, n))) {
      assertThat(Math.abs(Vectors.dot(x, y) / n)).isLessThan(critical);
    }
    assertThat(Direction.gaussian(1, 0, 0, 7)).isEqualTo(Arrays.copyOf(x, 7));
  }

  @Test
  void networksOfEqualShapesShareTheRawDirection() {
    float[][] a = Direction.random(Trained.network("standard"), 3, 1).values();
    float[][] b = Direction.random(Trained.network("as-saq"), 3, 1).values();
    for (int l = 0; l < a.length; l++) {
      int taps =
          a[l].length / Trained.network("saq").weightLayers().get(l).geometry().outChannels();
      for (int i = 0; i < a[l].length; i++) {
        int first = i / taps * taps;
        // Of one filter all are scaled alike.
        assertThat(a[l][i] * (double) b[l][first])
            .isCloseTo(b[l][i] * (double) a[l][first], offset(1e-4));
      }
    }
  }

  /**
   * The same function written with codes twice as large (and scales half as large): loss along a
   * filter-normalised line does not change by a bit. The steps of a pair of layers, one twice and
   * the other half as large, do not enter either; the Hessian sees them.
   */
  @Test
  void curvesDoNotDependOnHowTheFunctionIsWritten() {
    var network = Trained.network("as");
    var images = Trained.images(64);
    var f = new LossFunction(network, images);
    var g = new LossFunction(rescaled(network), images);
    var d = Direction.random(network, 9, 0);
    var e = Direction.random(g.network(), 9, 0);
    for (double r : new double[] {-1, -0.3, 0.01, 0.5, 2}) {
      assertThat(g.at(g.space().at(r, e))).isEqualTo(f.at(f.space().at(r, d)));
    }
    double[] z = Probes.rademacher(1, 0, f.space().dimension());
    double own = Vectors.dot(z, f.hessian(f.space().centre()).apply(z));
    double other = Vectors.dot(z, g.hessian(g.space().centre()).apply(z));
    assertThat(Math.abs(own - other)).isGreaterThan(0.1 * Math.abs(own));
  }

  /** Codes of conv2 doubled, its scale halved; steps of conv1 doubled, of fc1 halved. */
  private static QuantizedNetwork rescaled(QuantizedNetwork network) {
    List<Layer> layers = new ArrayList<>();
    for (Layer layer : network.layers()) {
      layers.add(
          switch (layer.name()) {
            case "conv1" -> with((Convolution) layer, 1, 2);
            case "conv2" -> with((Convolution) layer, 2, 1);
            case "fc1" -> with((Convolution) layer, 1, 0.5f);
            default -> layer;
          });
    }
    return new QuantizedNetwork(
        "rescaled", network.inputShape(), network.inputStep(), layers, Map.of());
  }

  private static Convolution with(Convolution c, int codeFactor, float stepFactor) {
    byte[] codes = c.weights().codes().clone();
    float[] bias = c.bias().clone();
    float[] scale = c.scale().clone();
    float[] step = c.weights().step().clone();
    for (int i = 0; i < codes.length; i++) {
      codes[i] *= (byte) codeFactor;
    }
    for (int o = 0; o < bias.length; o++) {
      bias[o] *= codeFactor;
      scale[o] /= codeFactor;
    }
    for (int i = 0; i < step.length; i++) {
      step[i] *= stepFactor;
    }
    int bits = c.weights().bits() + codeFactor - 1;
    return new Convolution(
        c.name(),
        c.input(),
        c.inputShape(),
        c.geometry(),
        new WeightCodes(codes, bits, step),
        bias,
        scale,
        c.residual(),
        c.activation());
  }

  @Test
  void aFilterOfZerosHasNoDirection() {
    byte[] codes = new byte[2 * 9];
    codes[9] = 3;
    var c =
        new Convolution(
            "logits",
            QuantizedNetwork.INPUT,
            new org.bitquake.data.Shape(1, 3, 3),
            new Geometry(2, 3, 3, 1, 0, 1),
            new WeightCodes(codes, 4, new float[] {1}),
            new float[2],
            new float[] {1, 1},
            Optional.empty(),
            Optional.empty());
    var network = new QuantizedNetwork("two", c.inputShape(), 1 / 255f, List.of(c), Map.of());
    float[] d = Direction.random(network, 1, 0).values()[0];
    assertThat(Arrays.copyOf(d, 9)).containsOnly(0f, -0f);
    assertThat(Arrays.copyOfRange(d, 9, 18)).doesNotContain(0);
  }
}
