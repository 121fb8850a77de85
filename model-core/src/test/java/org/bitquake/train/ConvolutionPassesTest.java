package org.bitquake.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Random;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against sums by definition in double; two convolutions at once share their working memory. */
class ConvolutionPassesTest {
  private final Random random = new Random(4);

  @ParameterizedTest
  @CsvSource({
    "2, 3, 5, 7, 6, 3, 1, 1",
    "1, 16, 32, 5, 9, 3, 2, 1",
    "3, 5, 17, 6, 6, 1, 2, 0",
    "2, 20, 7, 4, 5, 1, 1, 0",
    "2, 7, 4, 9, 8, 5, 1, 2",
    "9, 32, 16, 11, 10, 3, 1, 1",
    "64, 64, 64, 8, 8, 3, 1, 1", // by Winograd's algorithm with AVX-512
  })
  void sumsAndGradientsAreThoseOfTheDefinition(
      int batch, int in, int out, int height, int width, int kernel, int stride, int padding) {
    var room = ConvolutionPasses.Room.open();
    assumeTrue(room.isPresent(), "there is no oneDNN for this machine");
    int outHeight = (height + 2 * padding - kernel) / stride + 1;
    int outWidth = (width + 2 * padding - kernel) / stride + 1;
    long[] inputs = {batch, in, height, width};
    long[] outputs = {batch, out, outHeight, outWidth};
    long[] taps = {out, in, kernel, kernel};
    float[] x = random(inputs);
    float[] w = random(taps);
    float[] g = random(outputs);
    var y = new double[g.length];
    var toInput = new double[x.length];
    var toWeights = new double[w.length];
    for (int o = 0; o < g.length; o++) {
      int plane = o / (outHeight * outWidth);
      int top = o / outWidth % outHeight * stride - padding;
      int left = o % outWidth * stride - padding;
      for (int t = 0; t < in * kernel * kernel; t++) {
        int row = top + t / kernel % kernel;
        int column = left + t % kernel;
        if (row >= 0 && row < height && column >= 0 && column < width) {
          int i = ((plane / out * in + t / (kernel * kernel)) * height + row) * width + column;
          int tap = plane % out * in * kernel * kernel + t;
          y[o] += (double) x[i] * w[tap];
          toInput[i] += (double) g[o] * w[tap];
          toWeights[tap] += (double) g[o] * x[i];
        }
      }
    }

    int[] strides = {stride, stride};
    int[] pad = {padding, padding};
    var other =
        new ConvolutionPasses(
            room.get(),
            new long[] {3, 40, 9, 9},
            new long[] {3, 8, 9, 9},
            new long[] {8, 40, 1, 1},
            new int[] {1, 1},
            new int[] {0, 0});
    var passes = new ConvolutionPasses(room.get(), inputs, outputs, taps, strides, pad);
    var rest = new FloatPointer(3 * 40 * 81);
    for (int again = 0; again < 2; again++) {
      var sums = new FloatPointer(y.length);
      var atInput = new FloatPointer(x.length);
      var atWeights = new FloatPointer(w.length);
      passes.forward(new FloatPointer(x), new FloatPointer(w), sums);
      other.forward(new FloatPointer(3 * 40 * 81), new FloatPointer(8 * 40), rest);
      passes.backward(
          new FloatPointer(x), new FloatPointer(w), new FloatPointer(g), atInput, atWeights);

      assertClose(sums, y);
      assertClose(atInput, toInput);
      assertClose(atWeights, toWeights);
    }
  }

  private float[] random(long[] shape) {
    var values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static void assertClose(FloatPointer actual, double[] expected) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual.get(i)).as("%d", i).isCloseTo(expected[i], within(1e-4 * largest));
    }
  }
}
