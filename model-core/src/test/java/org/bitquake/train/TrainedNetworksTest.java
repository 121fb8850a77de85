package org.bitquake.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.data.Dataset;
import org.bitquake.data.Datasets;
import org.bitquake.engine.ActivationStatistics;
import org.bitquake.engine.Engines;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultSampler;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.ImageSampler;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The four networks that travel with the sources. */
class TrainedNetworksTest {
  private static final Dataset TEST =
      Datasets.load("fashion-mnist", "test", Optional.empty(), new Configuration());

  private static final Map<String, Agreement> AGREEMENTS = new HashMap<>();

  /** Worked out once. */
  private static Agreement agreement(String name) {
    return AGREEMENTS.computeIfAbsent(name, n -> Agreement.of(Agreement.trained(n), TEST));
  }

  @ParameterizedTest
  @ValueSource(strings = {"standard", "as", "saq", "as-saq"})
  void theIntegerNetworkPredictsAsTheGraphItWasTrainedIn(String name) {
    var agreement = agreement(name);

    assertThat(agreement.images()).isEqualTo(10_000);
    assertThat(agreement.share()).isGreaterThanOrEqualTo(0.999);
    assertThat(agreement.unexplained()).isEmpty();
    assertThat(Agreement.trained(name).provenance())
        .containsEntry("trained.on", "fashion-mnist/train")
        .containsEntry("trained.on.images", "60000")
        .containsEntry("quantizer", "lsq");
  }

  /** Those of conf/study with the quantiser that SAQ was published with. */
  @ParameterizedTest
  @ValueSource(strings = {"standard", "as", "saq", "as-saq"})
  void soDoThoseOfMidRiseWeightsAndNormalisation(String name) {
    var network = Agreement.read(Path.of("../conf/study/networks/liq-" + name + "-1.qnn.npz"));
    var agreement = Agreement.of(network, TEST);

    assertThat(agreement.share()).isGreaterThanOrEqualTo(0.999);
    assertThat(agreement.unexplained()).isEmpty();
    assertThat(agreement.engineAccuracy()).isGreaterThan(0.87);
    assertThat(network.weightLayers()).allMatch(c -> c.weights().isMidRise());
    assertThat(network.provenance())
        .containsEntry("trained.on.images", "60000")
        .containsEntry("quantizer", "liq");
  }

  @Test
  void theStandardOneIsAsAccurateAsFourBitsAllow() {
    assertThat(agreement("standard").engineAccuracy()).isGreaterThanOrEqualTo(0.895);
  }

  @Test
  void theSparseOneIsAtLeastTenPointsSparserOverTheConvolutions() {
    assertThat(convolutionZeros("as") - convolutionZeros("standard")).isGreaterThan(0.10);
  }

  /** The lower end of the 95 % interval of the difference, paired by fault map and images. */
  @ParameterizedTest
  @CsvSource({"standard, saq", "as, as-saq"})
  void aSharpnessAwareOneLosesAtLeastFivePointsLessUnderBitFlips(String plain, String flat) {
    double[] without = accuracies(Agreement.trained(plain));
    double[] with = accuracies(Agreement.trained(flat));
    var difference = new SummaryStatistics();
    for (int t = 0; t < with.length; t++) {
      difference.addValue(with[t] - without[t]);
    }
    double half = 1.962 * difference.getStandardDeviation() / Math.sqrt(with.length);
    assertThat(difference.getMean() - half).isGreaterThan(0.05);
  }

  private static double[] accuracies(QuantizedNetwork network) {
    int trials = 1000;
    int images = 64;
    int[] weights =
        network.weightLayers().stream().mapToInt(c -> c.weights().codes().length).toArray();
    int[] bits = network.weightLayers().stream().mapToInt(c -> c.weights().bits()).toArray();
    var faults = new FaultSampler(1, weights, bits, FaultScope.ALL);
    var sampler = new ImageSampler(1, TEST.size(), images);
    double[] accuracies = new double[trials];
    int[] predictions = new int[images];
    byte[] pixels = new byte[images * TEST.shape().size()];
    try (var engine = Engines.prepare(network)) {
      for (int t = 0; t < trials; t++) {
        byte[][] codes = network.copyCodes();
        faults.draw(t, 0.05).apply(FaultKind.BIT_FLIP, 0.05, Encoding.TWOS_COMPLEMENT, codes);
        engine.load(codes);
        int[] drawn = sampler.draw(t);
        for (int i = 0; i < images; i++) {
          TEST.copyImage(drawn[i], pixels, i * TEST.shape().size());
        }
        engine.predict(pixels, images, predictions);
        for (int i = 0; i < images; i++) {
          accuracies[t] += predictions[i] == TEST.label(drawn[i]) ? 1.0 / images : 0;
        }
      }
    }
    return accuracies;
  }

  /** Zero activations over both convolutions' outputs together. */
  private static double convolutionZeros(String name) {
    var convolutions =
        ActivationStatistics.zeroFractions(Agreement.trained(name), TEST).subList(0, 2);
    long zeros = convolutions.stream().mapToLong(ActivationStatistics.Zeros::zeros).sum();
    long all = convolutions.stream().mapToLong(ActivationStatistics.Zeros::codes).sum();
    return (double) zeros / all;
  }
}
