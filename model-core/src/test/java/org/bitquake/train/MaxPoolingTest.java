package org.bitquake.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Against DL4J's own layer, where most squares hold several equal largest values: to the bit, but
 * for the sign of a zero.
 */
class MaxPoolingTest {
  private static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

  private static final float[] LEVELS = {-0.5f, -0f, 0, 0.25f, 0.5f};

  private final Random random = new Random(8);

  @ParameterizedTest
  @CsvSource({
    "2, 2, 6, 28, 28, false",
    "2, 2, 16, 10, 10, true",
    "2, 2, 3, 7, 9, false",
    "3, 3, 2, 11, 10, true",
    "2, 3, 5, 8, 9, false",
    "1, 1, 2, 3, 4, true",
    "4, 4, 1, 4, 4, false",
  })
  void valuesAndGradientsAreThoseOfDl4j(
      int size, int stride, int channels, int height, int width, boolean channelsLast) {
    var own = MaxPooling.of(size, stride);
    assertThat(own).isInstanceOf(MaxPooling.class);
    var theirs =
        new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
            .kernelSize(size, size)
            .stride(stride, stride)
            .build();
    var images = levels(channelsLast, 3, channels, height, width);
    var expected = pooled(theirs, images);
    var got = pooled(own, images);
    var values = got.activate(false, NO_WORKSPACES);
    assertThat(floats(values)).isEqualTo(floats(expected.activate(false, NO_WORKSPACES)));

    long[] outputs = values.shape();
    var delta = Nd4j.createFromArray(random(Math.toIntExact(product(outputs)))).reshape(outputs);
    assertThat(floats(got.backpropGradient(delta, NO_WORKSPACES).getSecond()))
        .isEqualTo(floats(expected.backpropGradient(delta.dup(), NO_WORKSPACES).getSecond()));
  }

  @Test
  void squaresThatOverlapAreLeftToDl4j() {
    assertThat(MaxPooling.of(3, 2)).isNotInstanceOf(MaxPooling.class);
  }

  /**
   * Images of four levels and both zeros, so that equal values are common; in memory possibly
   * channels last.
   */
  private INDArray levels(boolean channelsLast, int... shape) {
    var values = Nd4j.create(DataType.FLOAT, shape[0], shape[1], shape[2], shape[3]);
    for (long i = 0; i < values.length(); i++) {
      values.putScalar(i, LEVELS[random.nextInt(LEVELS.length)]);
    }
    return channelsLast ? values.permute(0, 2, 3, 1).dup('c').permute(0, 3, 1, 2) : values;
  }

  private float[] random(int length) {
    var values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  private static float[] floats(INDArray array) {
    return array.dup('c').addi(0).data().asFloat();
  }

  private static long product(long[] shape) {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  private static Layer pooled(SubsamplingLayer pooling, INDArray images) {
    var configuration = new NeuralNetConfiguration.Builder().layer(pooling).build();
    var layer =
        configuration.getLayer().instantiate(configuration, null, 0, null, false, DataType.FLOAT);
    layer.setInput(images, NO_WORKSPACES);
    return layer;
  }
}
