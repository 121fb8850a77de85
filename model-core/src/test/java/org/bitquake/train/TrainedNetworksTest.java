package org.bitquake.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.data.Dataset;
import org.bitquake.data.Datasets;
import org.bitquake.engine.ActivationStatistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The four networks that travel with the sources. */
class TrainedNetworksTest {
  private static final Dataset TEST =
      Datasets.load("fashion-mnist", "test", Optional.empty(), new Configuration());

  @ParameterizedTest
  @ValueSource(strings = {"standard", "as", "saq", "as-saq"})
  void theIntegerNetworkPredictsAsTheGraphItWasTrainedIn(String name) {
    var agreement = Agreement.of(Agreement.trained(name), TEST);

    assertThat(agreement.images()).isEqualTo(10_000);
    assertThat(agreement.share()).isGreaterThanOrEqualTo(0.999);
    assertThat(agreement.unexplained()).isEmpty();
    assertThat(Agreement.trained(name).provenance())
        .containsEntry("trained.on", "fashion-mnist/train")
        .containsEntry("trained.on.images", "60000")
        .containsEntry("quantizer", "lsq");
  }

  @Test
  void theStandardOneIsAsAccurateAsFourBitsAllow() {
    assertThat(Agreement.of(Agreement.trained("standard"), TEST).engineAccuracy())
        .isGreaterThanOrEqualTo(0.895);
  }

  @Test
  void theSparseOneIsAtLeastTenPointsSparserOverTheConvolutions() {
    assertThat(convolutionZeros("as") - convolutionZeros("standard")).isGreaterThan(0.10);
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
