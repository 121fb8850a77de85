package org.bitquake.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.bitquake.data.Shape;
import org.junit.jupiter.api.Test;

/** VGG-11 and MobileNet against the tables of their papers. */
class ArchitecturesTest {
  /** {channels in, channels out, side of the output} of the 3×3 convolutions. */
  private static final int[][] VGG11 = {
    {3, 64, 32}, {64, 128, 16}, {128, 256, 8}, {256, 256, 8},
    {256, 512, 4}, {512, 512, 4}, {512, 512, 2}, {512, 512, 2},
  };

  /** {channels in, channels out, side of the output} of the blocks. */
  private static final int[][] MOBILENET = {
    {32, 64, 16}, {64, 64, 16}, {64, 128, 8}, {128, 128, 8}, {128, 256, 4}, {256, 256, 4},
  };

  @Test
  void vgg11HasItsConvolutionsAndOneClassifier() {
    var network = Vgg11.random(64, 1);
    long weights = 512 * 10;
    long macs = 512 * 10;
    for (int i = 0; i < VGG11.length; i++) {
      var c = network.weightLayers().get(i);
      int[] its = VGG11[i];
      assertThat(c.inputShape()).isEqualTo(new Shape(its[0], its[2], its[2]));
      assertThat(c.outputShape()).isEqualTo(new Shape(its[1], its[2], its[2]));
      weights += 9L * its[0] * its[1];
      macs += 9L * its[0] * its[1] * its[2] * its[2];
    }
    assertThat(network.layers()).filteredOn(l -> l instanceof MaxPool).hasSize(5);
    assertThat(network.weightCount()).isEqualTo(weights).isBetween(9_200_000L, 9_250_000L);
    assertThat(network.macs()).isEqualTo(macs).isBetween(152_500_000L, 153_500_000L);
    assertThat(network.weightLayers().get(8).inputShape()).isEqualTo(new Shape(512, 1, 1));
  }

  @Test
  void mobileNetHasPairsOfDepthwiseAndPointwiseConvolutions() {
    var network = MobileNet.random(32, 1);
    long weights = 9 * 3 * 32 + 256 * 10;
    long macs = 9 * 3 * 32 * 32 * 32 + 256 * 10;
    for (int i = 0; i < MOBILENET.length; i++) {
      var depthwise = network.weightLayers().get(1 + 2 * i);
      var pointwise = network.weightLayers().get(2 + 2 * i);
      int[] its = MOBILENET[i];
      assertThat(depthwise.geometry().groups()).isEqualTo(its[0]);
      assertThat(depthwise.outputShape()).isEqualTo(new Shape(its[0], its[2], its[2]));
      assertThat(pointwise.geometry().kernelHeight()).isEqualTo(1);
      assertThat(pointwise.outputShape()).isEqualTo(new Shape(its[1], its[2], its[2]));
      long both = 9L * its[0] + (long) its[0] * its[1];
      weights += both;
      macs += both * its[2] * its[2];
    }
    assertThat(network.weightCount()).isEqualTo(weights).isBetween(138_000L, 139_000L);
    assertThat(network.macs()).isEqualTo(macs).isBetween(5_950_000L, 6_050_000L);
  }

  @Test
  void aWidthThatNobodyMeansIsRefused() {
    ParameterSource source = new RandomParameters(1);
    assertThatThrownBy(() -> Vgg11.of("x", 0, 1 / 255f, source, Map.of()))
        .hasMessage("VGG-11 of width 0: use 1 to 512");
    assertThatThrownBy(() -> MobileNet.of("x", 513, 1 / 255f, source, Map.of()))
        .hasMessage("MobileNet of width 513: use 1 to 512");
  }
}
