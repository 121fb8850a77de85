package org.bitquake.tflite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bitquake.data.CifarJpeg;
import org.bitquake.engine.Engines;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** ResNet-8 of MLPerf Tiny beside TensorFlow Lite's own interpreter, on all test pictures. */
class TfLiteOracleTest {
  private static final Path MODEL =
      Path.of("../../shared/data/mlperf-tiny/pretrainedResnet_quant.tflite");
  private static final int PICTURES = 10_000;

  /** Pictures on which two sets of TensorFlow Lite's own kernels, XNNPACK's and its own, agree. */
  private static final double AGREE = 479;

  private static final double COMPARED = 500;

  /** One-sided, 0.1 %. */
  private static final double NORMAL = 3.09;

  private static byte[] labels;
  private static final int[] OURS = new int[PICTURES];
  private static byte[][] theirs;

  @BeforeAll
  static void predict() throws IOException {
    boolean there = Files.exists(MODEL) && Files.exists(CifarJpeg.ZIP);
    assumeTrue(there, "needs the model and the pictures in ../shared/data");
    var why = TensorFlowLite.unavailable();
    assumeTrue(why.isEmpty(), () -> why.orElse(""));
    CifarJpeg.Pictures pictures = CifarJpeg.first(PICTURES);
    labels = pictures.labels();
    byte[] file = Files.readAllBytes(MODEL);
    QuantizedNetwork network = TfLiteFile.read(file, "resnet", "resnet");
    try (var engine = Engines.prepare(network);
        var peer = new TensorFlowLite(file)) {
      engine.predict(pictures.pixels(), PICTURES, OURS);
      theirs = peer.scores(pictures.pixels(), PICTURES, network.inputShape().channels());
    }
  }

  @Test
  void isRightAsOften() {
    int ours = 0;
    int its = 0;
    for (int i = 0; i < PICTURES; i++) {
      ours += OURS[i] == labels[i] ? 1 : 0;
      its += TensorFlowLite.firstMaximum(theirs[i]) == labels[i] ? 1 : 0;
    }
    assertThat(its / (double) PICTURES).isBetween(0.74, 0.77);
    assertThat(Math.abs(ours - its)).as("%d and %d right", ours, its).isLessThanOrEqualTo(60);
  }

  /** Roundings between layers differ, so classes that are close change places. */
  @Test
  void isOfOneMindAsItIsWithItself() {
    int same = 0;
    for (int i = 0; i < PICTURES; i++) {
      same += OURS[i] == TensorFlowLite.firstMaximum(theirs[i]) ? 1 : 0;
    }
    double share = AGREE / COMPARED;
    double deviation = Math.sqrt(share * (1 - share) * (1 / COMPARED + 1.0 / PICTURES));
    assertThat(same / (double) PICTURES).isGreaterThan(share - NORMAL * deviation);
  }

  /** No rounding of codes moves a score by three quarters of its range. */
  @Test
  void neverDiffersWhereItIsSure() {
    int sure = 0;
    for (int i = 0; i < PICTURES; i++) {
      byte[] scores = theirs[i];
      int first = TensorFlowLite.firstMaximum(scores);
      int lead = 255;
      for (int c = 0; c < scores.length; c++) {
        lead = c == first ? lead : Math.min(lead, scores[first] - scores[c]);
      }
      if (lead >= 192) {
        sure++;
        assertThat(OURS[i]).as("picture %d", i).isEqualTo(first);
      }
    }
    assertThat(sure).isGreaterThan(PICTURES / 2);
  }
}
