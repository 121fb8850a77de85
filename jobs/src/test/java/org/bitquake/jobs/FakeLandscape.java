package org.bitquake.jobs;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Rows of {@code landscape} and {@code sharpness} for the networks of {@link FakeResults}. */
public final class FakeLandscape {
  private FakeLandscape() {}

  /** Bowls, the standard network's twice as steep: accuracy falls by half of the loss's rise. */
  static List<Row> points() {
    List<Row> rows = new ArrayList<>();
    for (String network : FakeResults.NETWORKS) {
      for (long direction = 0; direction < 3; direction++) {
        for (int i = -10; i <= 10; i++) {
          double rise = rise(network, i / 10.0) * (1 + 0.1 * direction);
          double accuracy = FakeResults.clean(network) - rise / 2;
          rows.add(
              RowFactory.create(
                  network,
                  "line",
                  direction,
                  null,
                  i / 10.0,
                  null,
                  0.3 + rise,
                  accuracy,
                  (int) Math.round(1000 * accuracy),
                  1000,
                  "quantised",
                  1L,
                  1L,
                  "fashion-mnist/test",
                  "0".repeat(64)));
        }
      }
    }
    for (String network : FakeResults.NETWORKS) {
      for (int i = -2; i <= 2; i++) {
        for (int j = -2; j <= 2; j++) {
          double loss = 0.3 + rise(network, Math.hypot(i, j) / 2);
          rows.add(
              RowFactory.create(
                  network,
                  "surface",
                  0L,
                  1L,
                  i / 2.0,
                  j / 2.0,
                  loss,
                  0.8,
                  800,
                  1000,
                  "quantised",
                  1L,
                  1L,
                  "fashion-mnist/test",
                  "0".repeat(64)));
        }
      }
    }
    return rows;
  }

  /** At this distance from the weight codes. */
  public static double rise(String network, double distance) {
    return (network.equals("standard") ? 1 : 0.5) * distance * distance;
  }

  static List<Row> sharpness() {
    List<Row> rows = new ArrayList<>();
    for (String network : FakeResults.NETWORKS) {
      rows.add(measure(network, "sam-one-step", 0.15, rise(network, 1), null));
      rows.add(measure(network, "sam-ascent", 0.15, rise(network, 1.5), null));
      rows.add(measure(network, "mean-rise", 0.1, rise(network, 0.1), 0.001));
      rows.add(measure(network, "mean-rise", 0.3, rise(network, 0.3), 0.002));
      rows.add(measure(network, "largest-eigenvalue", null, rise(network, 4), null));
      rows.add(measure(network, "trace", null, rise(network, 9), 3.0));
    }
    return rows;
  }

  private static Row measure(
      String network, String measure, Double radius, double value, Double error) {
    return RowFactory.create(
        network,
        measure,
        radius,
        value,
        error,
        null,
        10,
        null,
        0.3,
        FakeResults.clean(network),
        1000,
        "quantised",
        1L,
        1L,
        "fashion-mnist/test",
        "0".repeat(64),
        "{}");
  }
}
