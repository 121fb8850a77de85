package org.bitquake.jobs.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.data.Dataset;
import org.bitquake.data.Datasets;
import org.bitquake.engine.ActivationStatistics;
import org.bitquake.engine.Prediction;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.network.QnnFile;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.ResNet18;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImagesTest {
  private static final Dataset FASHION =
      Datasets.load("fashion-mnist", "test", Optional.empty(), new Configuration());
  private static final QuantizedNetwork NETWORK = network();

  private static QuantizedNetwork network() {
    try {
      return QnnFile.read(new Path("../conf/networks/lenet5-saq.qnn.npz"), new Configuration());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 4", "249, 2", "1003, 1", "1003, 3", "1250, 9"})
  void eachImageIsRunOnce(int size, int cores) {
    var images = FASHION.part(0, size);
    float[] expected = new float[size * NETWORK.classes()];
    try (var engine = new ReferenceEngine(NETWORK)) {
      engine.logits(images.pixels(), size, expected);
    }
    float[] logits = new float[expected.length];
    int[] times = new int[size];
    Images.run(
        NETWORK,
        images,
        cores,
        (first, count, batch) -> {
          for (int i = first; i < first + count; i++) {
            times[i]++;
          }
          int classes = NETWORK.classes();
          System.arraycopy(batch, 0, logits, first * classes, count * classes);
        });
    assertThat(logits).isEqualTo(expected);
    assertThat(times).containsOnly(1);
  }

  @Test
  void answersAreCountedOverAllImages() {
    var images = FASHION.part(0, 777);
    int classes = NETWORK.classes();
    float[] logits = new float[images.size() * classes];
    try (var engine = new ReferenceEngine(NETWORK)) {
      engine.logits(images.pixels(), images.size(), logits);
    }
    int correct = 0;
    int top5 = 0;
    for (int i = 0; i < images.size(); i++) {
      correct += Prediction.of(logits, i * classes, classes) == images.label(i) ? 1 : 0;
      top5 += Prediction.isAmongFive(logits, i * classes, classes, images.label(i)) ? 1 : 0;
    }
    assertThat(Images.answers(NETWORK, images)).isEqualTo(new Images.Answers(correct, top5, 0));
  }

  @ParameterizedTest
  @CsvSource({"1, 300", "49, 300", "1000, 137", "20, 7"})
  void zerosAreThoseOfTheFirstImages(int size, int most) {
    var images = FASHION.part(0, size);
    var first = FASHION.part(0, Math.min(size, most));
    assertThat(Images.zeros(NETWORK, images, most))
        .isEqualTo(ActivationStatistics.zeroFractions(NETWORK, first));
  }

  @Test
  void coresAreTakenWhereTheyAreWorthIt() {
    int all = Runtime.getRuntime().availableProcessors();
    assertThat(Images.cores(NETWORK, FASHION)).isEqualTo(1);
    var wide = ResNet18.random(64, 1);
    var pictures = new byte[1000 * wide.inputShape().size()];
    var many = new Dataset("grey", wide.inputShape(), 10, pictures, new byte[1000]);
    assertThat(Images.cores(wide, many)).isEqualTo(Math.min(all, 27));
    assertThat(Images.cores(wide, many.part(0, 1))).isEqualTo(1);
  }
}
