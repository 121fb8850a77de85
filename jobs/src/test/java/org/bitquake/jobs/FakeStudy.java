package org.bitquake.jobs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.bitquake.Text;
import org.bitquake.jobs.store.LandscapeTables;
import org.bitquake.jobs.store.ProvenanceJson;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.store.Tables;

/**
 * A result directory with three trainings of each of four methods. Accuracy falls in proportion to
 * the rate; a seed's luck is that of all its networks, and each method adds some of its own.
 */
public final class FakeStudy {
  public static final List<String> KINDS = List.of("bit-flip", "stuck-at-0");
  public static final List<Double> RATES = List.of(0.0, 0.01, 0.05);

  /** Half-width of every accuracy, at 95 %. */
  public static final double HALF_WIDTH = 0.005;

  private static final double CLEAN = 0.9;
  private static final double[] LUCK = {-0.01, 0, 0.01};

  /** With a share of its own for each seed. */
  private enum Method {
    STANDARD("0.0", "0.0", 0.30, 0.10, 0, 0, 0),
    AS("1.0E-4", "0.0", 0.35, 0.15, -0.002, 0, 0.002),
    SAQ("0.0", "0.3", 0.14, 0.06, 0.001, -0.001, 0),
    AS_SAQ("1.0E-4", "0.3", 0.22, 0.05, 0, 0.003, -0.003);

    private final String lambda;
    private final String rho;
    private final double lost;
    private final double rise;
    private final double first;
    private final double second;
    private final double third;

    Method(
        String lambda,
        String rho,
        double lost,
        double rise,
        double first,
        double second,
        double third) {
      this.lambda = lambda;
      this.rho = rho;
      this.lost = lost;
      this.rise = rise;
      this.first = first;
      this.second = second;
      this.third = third;
    }

    double own(int seed) {
      return List.of(first, second, third).get(seed);
    }
  }

  private static final class Shared {
    static final Path DIRECTORY = Path.of("target", "fake-study-" + ProcessHandle.current().pid());

    static {
      write(DIRECTORY);
    }
  }

  private FakeStudy() {}

  /** The directory, written once for all tests. */
  public static Path directory() {
    return Shared.DIRECTORY;
  }

  private static void write(Path directory) {
    List<Row> networks = new ArrayList<>();
    List<Row> cells = new ArrayList<>();
    List<Row> sharpness = new ArrayList<>();
    for (var method : Method.values()) {
      for (int seed = 0; seed < LUCK.length; seed++) {
        String name = Text.of("%s-%d", method, seed + 1);
        String provenance = provenance(method, seed);
        networks.add(network(name, CLEAN, provenance));
        sharpness.add(rise(name, method.rise + 2 * method.own(seed), provenance));
        for (String kind : KINDS) {
          for (double rate : RATES) {
            double share = rate / 0.05;
            double accuracy = 0.9 + LUCK[seed] + share * (method.own(seed) - method.lost);
            cells.add(cell(name, kind, rate, CLEAN, accuracy));
          }
        }
      }
    }
    var store = new TableStore(directory.toString(), new Configuration());
    var spark = TestSpark.session();
    store.commit("networks", "all", spark.createDataFrame(networks, Tables.NETWORKS), Map.of());
    store.commit("cells", "all", spark.createDataFrame(cells, Tables.CELLS), Map.of());
    var measures = spark.createDataFrame(sharpness, LandscapeTables.SHARPNESS);
    store.commit("sharpness", "all", measures, Map.of());
  }

  private static String provenance(Method method, int seed) {
    return provenance(method.lambda, method.rho, "lsq", seed + 1);
  }

  static String provenance(String lambda, String rho, String quantizer, int seed) {
    return ProvenanceJson.of(
        Map.of(
            "seed", Integer.toString(seed), "lambda", lambda, "rho", rho, "quantizer", quantizer));
  }

  static Row network(String name, double clean, String provenance) {
    return RowFactory.create(
        name,
        "0".repeat(64),
        name + ".qnn.npz",
        "1×28×28",
        FakeResults.WEIGHTS,
        416_520L,
        4,
        "twos-complement",
        10_000,
        clean,
        provenance,
        "fashion-mnist/test",
        "1".repeat(64));
  }

  static Row rise(String name, double value, String provenance) {
    return RowFactory.create(
        name,
        "mean-rise",
        0.3,
        value,
        0.001,
        null,
        10,
        null,
        0.3,
        0.9,
        1000,
        "quantised",
        1L,
        1L,
        "fashion-mnist/test",
        "0".repeat(64),
        provenance);
  }

  static Row cell(String network, String kind, double rate, double clean, double accuracy) {
    return RowFactory.create(
        network,
        kind,
        rate,
        256L,
        0L,
        64,
        clean,
        accuracy,
        HALF_WIDTH,
        0.95,
        0.04,
        accuracy - 0.1,
        accuracy + 0.1,
        rate * 4 * FakeResults.WEIGHTS,
        null,
        null,
        null,
        false);
  }
}
