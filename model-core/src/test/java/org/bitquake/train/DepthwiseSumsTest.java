package org.bitquake.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against sums by definition, output by output and tap by tap. */
class DepthwiseSumsTest {
  private static final int CHANNELS = 3;
  private static final Offset<Float> ROUNDING = offset(1e-4f);
  private static final int IMAGES = 2;

  @ParameterizedTest
  @CsvSource({
    "6, 6, 3, 1, 1",
    "6, 6, 3, 2, 1",
    "7, 5, 3, 2, 1",
    "5, 8, 3, 3, 0",
    "4, 4, 1, 2, 0",
    "6, 5, 5, 1, 2",
    "3, 3, 3, 1, 0",
  })
  void sumsAndGradientsAreThoseOfTheDefinition(
      int height, int width, int kernel, int stride, int padding) {
    var its = new DepthwiseSums(CHANNELS, height, width, kernel, stride, padding);
    int taps = kernel * kernel;
    int outputs = its.outHeight() * its.outWidth();
    float[] weights = random(CHANNELS * taps, 1);
    var weightGradient = new float[weights.length];
    var got = new float[weights.length];
    its.startGradient();
    for (int b = 0; b < IMAGES; b++) {
      float[] image = random(CHANNELS * height * width, 2 + b);
      float[] delta = random(CHANNELS * outputs, 7 + b);
      var sums = new float[delta.length];
      var imageGradient = new float[image.length];
      for (int o = 0; o < sums.length; o++) {
        int c = o / outputs;
        for (int tap = 0; tap < taps; tap++) {
          int y = o % outputs / its.outWidth() * stride + tap / kernel - padding;
          int x = o % its.outWidth() * stride + tap % kernel - padding;
          if (y >= 0 && y < height && x >= 0 && x < width) {
            int i = (c * height + y) * width + x;
            sums[o] += weights[c * taps + tap] * image[i];
            imageGradient[i] += weights[c * taps + tap] * delta[o];
            weightGradient[c * taps + tap] += image[i] * delta[o];
          }
        }
      }
      var out = new float[sums.length];
      its.forward(image, weights, out);
      assertThat(out).containsExactly(sums, ROUNDING);
      var back = new float[image.length];
      its.backward(image, weights, delta, back);
      assertThat(back).containsExactly(imageGradient, ROUNDING);
    }
    its.weightGradient(got);
    assertThat(got).containsExactly(weightGradient, ROUNDING);
  }

  private static float[] random(int length, long seed) {
    var random = new Random(seed);
    var values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }
}
