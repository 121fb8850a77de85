package org.bitquake.jobs.singlefault;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.sql.Row;
import org.bitquake.data.Dataset;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.network.QuantizedNetwork;

/** What a network predicts of the images of single faults, by the reference engine, one by one. */
record PlainPredictions(Dataset pictures, int[] images) {
  /** With these weight codes, {@code [weight layer][code]}. */
  int[] of(QuantizedNetwork network, byte[][] codes) {
    int[] predictions = new int[images.length];
    int[] one = new int[1];
    byte[] pixels = new byte[pictures.shape().size()];
    try (var engine = new ReferenceEngine(network)) {
      engine.load(codes);
      for (int i = 0; i < images.length; i++) {
        pictures.copyImage(images[i], pixels, 0);
        engine.predict(pixels, 1, one);
        predictions[i] = one[0];
      }
    }
    return predictions;
  }

  /** Checks what a row of {@code single_faults} says of them. */
  void assertRow(Row row, int[] golden, int[] faulty) {
    int lost = 0;
    int correct = 0;
    int other = 0;
    for (int i = 0; i < images.length; i++) {
      int label = pictures.label(images[i]);
      lost += golden[i] == label && faulty[i] != label ? 1 : 0;
      correct += faulty[i] == label ? 1 : 0;
      other += faulty[i] != golden[i] ? 1 : 0;
    }
    assertThat(row.<Integer>getAs("changed_predictions")).as("%s", row).isEqualTo(other);
    assertThat(row.<Integer>getAs("lost")).isEqualTo(lost);
    assertThat(row.<Integer>getAs("correct")).isEqualTo(correct);
  }
}
