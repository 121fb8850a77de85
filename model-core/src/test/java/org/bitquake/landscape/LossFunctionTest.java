package org.bitquake.landscape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ServiceLoader;
import org.bitquake.data.Dataset;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.RandomNetworks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LossFunctionTest {
  private static final int NETWORKS = 200;

  @Test
  void atTheCentreTheLossIsTheNetworksOwnToTheLastBit() {
    for (int seed = 0; seed < NETWORKS; seed++) {
      QuantizedNetwork network = RandomNetworks.of(seed);
      var images = RandomImages.of(network, 1 + seed % 70, seed);
      assertCentre(network, images);
      if (seed % 4 == 0) {
        assertCentre(RandomNetworks.midRise(network), images);
      }
    }
  }

  /** Odd integers from −(2^b − 1) on; a tie goes to an even code, −3 + 4k. */
  @Test
  void midRiseWeightsAreRequantisedToTheNearestOddInteger() {
    var network = RandomNetworks.midRise(RandomNetworks.of(7));
    var space = new WeightSpace(network);
    float[][] moved = space.at(0.9, Direction.random(network, 1, 0));
    moved[0][0] = 0;
    moved[0][1] = 2;
    float[][] rounded = space.requantised(moved);
    assertThat(rounded[0][0]).isEqualTo(1);
    assertThat(rounded[0][1]).isEqualTo(1);
    int changed = 0;
    for (int l = 0; l < rounded.length; l++) {
      int most = (1 << network.weightLayers().get(l).weights().bits()) - 1;
      for (int i = 0; i < rounded[l].length; i++) {
        double nearest = 2 * Math.floor(moved[l][i] / 2) + 1;
        double clipped = Math.min(Math.max(nearest, -most), most);
        if (moved[l][i] / 2 != Math.rint(moved[l][i] / 2)) {
          assertThat((double) rounded[l][i]).isEqualTo(clipped);
        }
        changed += rounded[l][i] != space.centre()[l][i] ? 1 : 0;
      }
    }
    assertThat(changed).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"standard", "as", "saq", "as-saq"})
  void atTheCentreOfATrainedNetworkToo(String name) {
    assertCentre(Trained.network(name), Trained.images(500));
  }

  private static void assertCentre(QuantizedNetwork network, Dataset images) {
    var f = new LossFunction(network, images);
    var zero = Direction.random(network, 1, 0);
    LossPoint expected = own(network, images);
    assertThat(f.at(f.space().centre())).isEqualTo(expected);
    assertThat(f.at(f.space().at(0, zero, 0, zero))).isEqualTo(expected);
    assertThat(f.at(f.space().requantised(f.space().at(0, zero)))).isEqualTo(expected);
  }

  /** From the logits of the engine that defines them. */
  private static LossPoint own(QuantizedNetwork network, Dataset images) {
    int classes = network.classes();
    float[] logits = new float[images.size() * classes];
    int[] predictions = new int[images.size()];
    try (var engine = new ReferenceEngine(network)) {
      engine.logits(images.pixels(), images.size(), logits);
      engine.predict(images.pixels(), images.size(), predictions);
    }
    double sum = 0;
    int correct = 0;
    for (int i = 0; i < images.size(); i++) {
      double most = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        most = Math.max(most, logits[i * classes + c]);
      }
      double all = 0;
      for (int c = 0; c < classes; c++) {
        all += StrictMath.exp(logits[i * classes + c] - most);
      }
      sum += StrictMath.log(all) - (logits[i * classes + images.label(i)] - most);
      correct += predictions[i] == images.label(i) ? 1 : 0;
    }
    return new LossPoint(sum / images.size(), correct, images.size());
  }

  @Test
  void vectorsGiveTheBitsOfPlainJava() {
    var fast = ServiceLoader.load(LaneKernels.class).findFirst().orElseThrow();
    assumeTrue(fast.unavailable().isEmpty(), () -> fast.unavailable().orElseThrow());
    for (int seed = 0; seed < 120; seed++) {
      QuantizedNetwork network = RandomNetworks.of(seed);
      assertSameBits(network, RandomImages.of(network, 1 + seed % 40, seed), fast);
      if (seed % 10 == 0) {
        var raised = RandomNetworks.midRise(network);
        assertSameBits(raised, RandomImages.of(raised, 9, seed), fast);
      }
    }
    assertSameBits(Trained.network("as"), Trained.images(40), fast);
  }

  private static void assertSameBits(QuantizedNetwork network, Dataset images, LaneKernels fast) {
    var f = new LossFunction(network, images, fast);
    var g = new LossFunction(network, images, new PlainKernels());
    float[][] w =
        f.space().at(0.2, Direction.random(network, 1, 0), -0.3, Direction.random(network, 1, 1));
    double[] v = Direction.gaussian(2, 0, 0, f.space().dimension());
    assertThat(f.at(w)).isEqualTo(g.at(w));
    assertThat(f.gradient(w)).isEqualTo(g.gradient(w));
    assertThat(f.hessian(w).apply(v)).isEqualTo(g.hessian(w).apply(v));
  }

  /** A pixel or a code is never split: neighbours in the batch do not see each other. */
  @Test
  void theLossIsTheMeanOverTheImages() {
    var network = Trained.network("saq");
    var direction = Direction.random(network, 1, 3);
    var all = Trained.images(70);
    double sum = 0;
    int correct = 0;
    int size = all.shape().size();
    for (int i = 0; i < all.size(); i++) {
      byte[] pixels = new byte[size];
      all.copyImage(i, pixels, 0);
      var one = new Dataset("one", all.shape(), 10, pixels, new byte[] {all.labels()[i]});
      var f = new LossFunction(network, one);
      LossPoint point = f.at(f.space().at(0.5, direction));
      sum += point.loss();
      correct += point.correct();
    }
    var f = new LossFunction(network, all);
    assertThat(f.at(f.space().at(0.5, direction)))
        .isEqualTo(new LossPoint(sum / all.size(), correct, all.size()));
  }

  @Test
  void imagesOfAnotherShapeAreRefused() {
    var network = Trained.network("saq");
    assertThatThrownBy(() -> new LossFunction(network, RandomImages.of(RandomNetworks.of(1), 3, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reads images of 1×28×28");
  }
}
