package org.bitquake.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.bitquake.network.Convolution;
import org.bitquake.quant.Quantizer;
import org.junit.jupiter.api.Test;

class BatchNormTest {
  private static final int BATCH = 3;
  private static final int CHANNELS = 2;
  private static final int AREA = 5;

  private final BatchNorm norm = new BatchNorm(CHANNELS);
  private final float[] x = new float[BATCH * CHANNELS * AREA];

  BatchNormTest() {
    var random = new Random(3);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (random.nextGaussian() * (1 + i / AREA % CHANNELS) + 4);
    }
  }

  @Test
  void aBatchIsNormalisedByItsOwnMeanAndVarianceAndMovesTheRunningOnesByATenth() {
    norm.gamma[1] = 2;
    norm.beta[1] = 7;
    float[] y = x.clone();
    forward(y, BatchNorm.Mode.TRAIN);
    for (int c = 0; c < CHANNELS; c++) {
      double[] in = channel(x, c);
      double[] out = channel(y, c);
      double mean = Arrays.stream(in).average().orElseThrow();
      double variance = Arrays.stream(in).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
      double unbiased = variance * in.length / (in.length - 1);

      assertThat(Arrays.stream(out).average()).hasValueCloseTo(7.0 * c, offset(1e-5));
      assertThat(Arrays.stream(out).map(v -> v * v).average().orElseThrow())
          .isCloseTo(c == 0 ? 1 : 4 + 49, offset(1e-3));
      assertThat(norm.mean[c]).isCloseTo((float) (0.1 * mean), offset(1e-5f));
      assertThat(norm.variance[c]).isCloseTo((float) (0.9 + 0.1 * unbiased), offset(1e-5f));
    }
    float[] means = norm.mean.clone();
    float[] again = x.clone();
    forward(again, BatchNorm.Mode.REPEAT);
    assertThat(again).containsExactly(y);
    assertThat(norm.mean).containsExactly(means);
  }

  @Test
  void recentringLeavesInferenceAndMakesTheMeasuredStatisticsTheRunningOnes() {
    for (int c = 0; c < CHANNELS; c++) {
      norm.become(c, 0.5 - c, 3);
    }
    float[] before = x.clone();
    forward(before, BatchNorm.Mode.MEASURE);
    norm.recentre();
    float[] after = x.clone();
    forward(after, BatchNorm.Mode.INFER);
    float[] ofBatch = x.clone();
    forward(ofBatch, BatchNorm.Mode.REPEAT);

    for (int i = 0; i < x.length; i++) {
      double expected = (0.5 - i / AREA % CHANNELS) * x[i] + 3;
      assertThat(before[i]).isCloseTo((float) expected, offset(1e-5f));
      assertThat(after[i]).isCloseTo((float) expected, offset(1e-4f));
      assertThat(ofBatch[i]).isCloseTo((float) expected, offset(1e-4f));
    }
  }

  @Test
  void foldingKeepsWhatNormalisationDoesEvenWithGainsOfZeroAndBelow() {
    var model =
        new QuantizedModel(
            KnownModel.RESNET18.architecture(OptionalInt.of(2)), Quantizer.LSQ, 4, 4);
    int l = 1;
    model.setNormalization(l, 0, 0, 1.25);
    model.setNormalization(l, 1, -0.75, -2);
    Convolution c = model.architecture().export(model, "folded", Map.of()).weightLayers().get(l);
    double unit = c.weights().step()[0] * (double) model.inputStep(l);
    double outputStep = c.activation().orElseThrow().step();

    for (int acc : new int[] {-1_000, 0, 37, 2_160}) {
      float constant = ((float) acc + c.bias()[0]) * c.scale()[0];
      float falling = ((float) acc + c.bias()[1]) * c.scale()[1];
      assertThat(constant).isCloseTo((float) (1.25 / outputStep), offset(1e-5f));
      double expected = (-0.75 * unit * acc - 2) / outputStep;
      assertThat(falling).isCloseTo((float) expected, offset((float) Math.abs(expected) * 1e-5f));
    }
  }

  private void forward(float[] batch, BatchNorm.Mode mode) {
    norm.begin(AREA);
    for (int b = 0; b < BATCH && mode != BatchNorm.Mode.INFER; b++) {
      norm.gather(image(batch, b));
    }
    norm.settle(mode);
    for (int b = 0; b < BATCH; b++) {
      float[] y = image(batch, b);
      norm.normalize(y);
      System.arraycopy(y, 0, batch, b * y.length, y.length);
    }
  }

  private static float[] image(float[] batch, int b) {
    return Arrays.copyOfRange(batch, b * CHANNELS * AREA, (b + 1) * CHANNELS * AREA);
  }

  private static double[] channel(float[] values, int c) {
    var channel = new double[BATCH * AREA];
    for (int i = 0; i < channel.length; i++) {
      channel[i] = values[(i / AREA * CHANNELS + c) * AREA + i % AREA];
    }
    return channel;
  }
}
