package org.bitquake.jobs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Rows of {@code cnvlutin_layers}: two networks of two layers, without faults and with. */
public final class FakeCnvlutin {
  public static final long IMAGES = 100;
  public static final int MAPS = 3;

  /** Cycles of the baseline in either layer, all images. */
  public static final long BASELINE = 60_000;

  private FakeCnvlutin() {}

  /** Cycles of Cnvlutin in the second layer, all images; map −1 is none. */
  public static long cycles(String network, long map) {
    long clean = network.equals("AS") ? 20_000 : 40_000;
    return clean + (map + 1) * 1000;
  }

  public static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (String network : FakeResults.NETWORKS) {
      for (long map = -1; map < MAPS; map++) {
        rows.add(row(network, map, "conv1", 0, BASELINE));
        rows.add(row(network, map, "conv2", 1, cycles(network, map)));
      }
    }
    return rows;
  }

  private static Row row(String network, long map, String layer, int position, long cycles) {
    List<Object> values =
        new ArrayList<>(
            Arrays.asList(
                network,
                map < 0 ? null : "bit-flip",
                map < 0 ? 0 : 0.01,
                map < 0 ? null : map,
                layer,
                position,
                position == 1));
    for (long count :
        new long[] {
          IMAGES,
          BASELINE,
          cycles,
          cycles,
          8 * cycles,
          50_000,
          20_000,
          900_000,
          400_000,
          5000,
          80_000,
          700,
          5000,
          40_000,
          700
        }) {
      values.add(count);
    }
    values.addAll(Arrays.asList((double) BASELINE / cycles, 0.4, 1 / 0.6, 2.0, null, null));
    values.addAll(List.of("0".repeat(64), "fashion-mnist/test", "the machine of the paper"));
    return RowFactory.create(values.toArray());
  }
}
