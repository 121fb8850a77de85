package org.bitquake.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.bitquake.quant.ActivationQuantizer;
import org.bitquake.quant.ActivationStep;
import org.bitquake.quant.Quantizer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Batch normalisation and the quantised ReLU, against their formulas in double. */
class LayerFunctionTest {
  private static final double EPSILON = 1e-5;
  private static final double LAMBDA = 0.25;
  private static final int HIGH = 15;

  private final Random random = new Random(8);
  private final LayerFunction.Shared shared = new LayerFunction.Shared();
  private final ActivationStep step = new ActivationStep(Quantizer.LSQ);
  private int batch;
  private int channels;
  private int area;
  private BatchNorm norm;
  private double stepGradient;

  /**
   * @param level how far from 0, in standard deviations, what is normalised lies
   */
  @ParameterizedTest
  @CsvSource({
    "3, 5, 3, 7, 0, true",
    "2, 1, 1, 1, -2, true",
    "7, 33, 5, 5, 3, true",
    "130, 3, 4, 4, 1000, true",
    "1, 2, 9, 1, 1, false",
    "4, 17, 8, 8, -1, false"
  })
  void bothDirectionsAreTheFormulas(
      int images, int outputs, int height, int width, float level, boolean rectified) {
    batch = images;
    channels = outputs;
    area = height * width;
    norm = new BatchNorm(channels);
    for (int c = 0; c < channels; c++) {
      norm.gamma[c] = (float) random.nextGaussian() + (c % 3 - 1);
      norm.beta[c] = (float) random.nextGaussian();
    }
    step.set(0.15f);
    shared.lambda = (float) LAMBDA;
    var relu = Optional.of(new ActivationQuantizer(step, 4)).filter(r -> rectified);
    var function = new LayerFunction(Optional.of(norm), relu, shared);
    float[] x = gaussian(level);
    float[] g = gaussian(0);

    float[] y = values(function.getActivation(array(x, height, width), true));
    var back = function.backprop(array(x, height, width), array(g, height, width)).getFirst();
    float[] gradient = values(back);

    double precision = 1e-5 * (1 + Math.abs(level) / 20);
    double[] expected = new double[x.length];
    double[] expectedGradient = new double[x.length];
    for (int c = 0; c < channels; c++) {
      channel(c, x, g, rectified, expected, expectedGradient, precision);
    }
    assertClose(y, expected, 10 * precision);
    assertClose(gradient, expectedGradient, 100 * precision);
    double scaled = stepGradient / Math.sqrt((double) channels * area * HIGH);
    assertThat(step.gradient()).isCloseTo(rectified ? scaled : 0, offset(0.1 * precision * batch));
  }

  /** As dense layers and DL4J's own convolutions leave their sums: by columns, by channels. */
  @ParameterizedTest
  @CsvSource({"6, 5, 0", "6, 5, 3"})
  void sumsThatDoNotLieImageByImageGiveTheSame(int images, int outputs, int side) {
    batch = images;
    channels = outputs;
    area = Math.max(1, side * side);
    step.set(0.15f);
    float[] x = gaussian(1);
    float[] g = gaussian(0);
    float[][] results = new float[2][];
    for (int turned = 0; turned < 2; turned++) {
      var relu = new ActivationQuantizer(step, 4);
      var function =
          new LayerFunction(Optional.of(new BatchNorm(channels)), Optional.of(relu), shared);
      float[] y = values(function.getActivation(laid(x, side, turned == 1), true));
      var back = function.backprop(laid(x, side, turned == 1), laid(g, side, false)).getFirst();
      results[turned] = Arrays.copyOf(y, 2 * y.length);
      System.arraycopy(values(back), 0, results[turned], y.length, y.length);
    }
    assertThat(results[1]).isEqualTo(results[0]);
  }

  private INDArray laid(float[] values, int side, boolean turned) {
    if (side == 0) {
      return Nd4j.createFromArray(values).reshape('c', batch, channels).dup(turned ? 'f' : 'c');
    }
    var array = array(values, side, side);
    return turned ? array.permute(1, 0, 2, 3).dup('c').permute(1, 0, 2, 3) : array;
  }

  /** Writes output and gradient of a channel, and compares what is the channel's own. */
  private void channel(
      int c, float[] x, float[] g, boolean rectified, double[] y, double[] back, double precision) {
    int n = batch * area;
    double mean = 0;
    double variance = 0;
    for (int i = 0; i < n; i++) {
      mean += x[at(c, i)] / (double) n;
    }
    for (int i = 0; i < n; i++) {
      variance += Math.pow(x[at(c, i)] - mean, 2) / n;
    }
    double deviation = Math.sqrt(variance + EPSILON);
    double db = 0;
    double dg = 0;
    var inner = new double[n];
    for (int i = 0; i < n; i++) {
      double z = (x[at(c, i)] - mean) / deviation;
      double u = norm.gamma[c] * z + norm.beta[c];
      y[at(c, i)] = rectified ? quantized(u) : u;
      inner[i] = rectified ? rectifiedGradient(u, g[at(c, i)]) : g[at(c, i)];
      db += inner[i];
      dg += inner[i] * z;
    }
    for (int i = 0; i < n; i++) {
      double z = (x[at(c, i)] - mean) / deviation;
      back[at(c, i)] = norm.gamma[c] / deviation * (inner[i] - db / n - z * dg / n);
    }
    assertThat(norm.betaGradient[c]).isCloseTo((float) db, offset((float) (precision * n)));
    assertThat(norm.gammaGradient[c]).isCloseTo((float) dg, offset((float) (precision * n)));
    assertThat(norm.mean[c]).isCloseTo((float) (0.1 * mean), offset((float) precision));
    double unbiased = variance * n / (n - 1);
    assertThat(norm.variance[c])
        .isCloseTo((float) (0.9 + 0.1 * unbiased), offset((float) (10 * precision)));
  }

  private double quantized(double u) {
    return step.value() * Math.rint(Math.max(0, Math.min(HIGH, u / step.value())));
  }

  /** With the penalty; adds to the gradient of the step. */
  private double rectifiedGradient(double u, double g) {
    double codes = u / step.value();
    boolean inside = codes > 0 && codes <= HIGH;
    double slope = inside ? Math.rint(codes) - codes : codes > HIGH ? HIGH : 0;
    stepGradient += (g + LAMBDA) * slope;
    return inside ? g + LAMBDA : 0;
  }

  private int at(int c, int i) {
    return (i / area * channels + c) * area + i % area;
  }

  private float[] gaussian(float level) {
    var values = new float[batch * channels * area];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() + level;
    }
    return values;
  }

  private INDArray array(float[] values, int height, int width) {
    return Nd4j.createFromArray(values).reshape('c', batch, channels, height, width).dup();
  }

  private static float[] values(INDArray array) {
    return array.dup('c').data().asFloat();
  }

  private static void assertClose(float[] actual, double[] expected, double precision) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).as("%d", i).isCloseTo((float) expected[i], offset((float) precision));
    }
  }
}
