package org.bitquake.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is said of logits, against sorting them. */
class PredictionTest {
  private static final int FROM = 3;

  @Test
  void ranksAreThePlacesInSortedOrderTheFirstOfEqualOnesFirst() {
    var random = new SplittableRandom(1);
    int ties = 0;
    for (int round = 0; round < 500; round++) {
      int classes = 1 + random.nextInt(30);
      float[] logits = new float[FROM + classes + 2];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = random.nextInt(-4, 8) / 2f;
      }
      List<Integer> sorted =
          IntStream.range(0, classes)
              .boxed()
              .sorted(Comparator.comparing((Integer c) -> logits[FROM + c]).reversed())
              .toList(); // a stable sort
      for (int c = 0; c < classes; c++) {
        int rank = sorted.indexOf(c);
        assertThat(Prediction.rank(logits, FROM, classes, c)).isEqualTo(rank);
        assertThat(Prediction.isAmongFive(logits, FROM, classes, c)).isEqualTo(rank < 5);
      }
      assertThat(Prediction.of(logits, FROM, classes)).isEqualTo(sorted.get(0));
      boolean tie = classes > 1 && logits[FROM + sorted.get(0)] == logits[FROM + sorted.get(1)];
      assertThat(Prediction.isTie(logits, FROM, classes)).isEqualTo(tie);
      ties += tie ? 1 : 0;
    }
    assertThat(ties).isBetween(50, 450);
  }
}
