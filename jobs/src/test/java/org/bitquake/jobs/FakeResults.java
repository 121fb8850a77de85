package org.bitquake.jobs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.store.Tables;

/**
 * A result directory as a campaign leaves one: accuracies fall along a logistic curve in the rate,
 * trials scatter around it, and one trial failed.
 */
public final class FakeResults {
  public static final List<String> NETWORKS = List.of("AS", "standard");
  public static final List<String> KINDS = List.of("bit-flip", "stuck-at-0", "stuck-at-1");
  public static final List<Double> RATES = List.of(0.0, 0.005, 0.01, 0.03, 0.05);
  public static final int TRIALS = 40;
  public static final int IMAGES = 50;
  public static final long WEIGHTS = 61_470;

  /** The cell with a failed trial, {@code standard, stuck-at-1, 0.05}, trial 7. */
  public static final long FAILED_TRIAL = 7;

  private final List<Row> trials = new ArrayList<>();
  private final List<Row> cells = new ArrayList<>();
  private final Random random = new Random(20240614);

  private FakeResults() {
    for (String network : NETWORKS) {
      for (String kind : KINDS) {
        for (double rate : RATES) {
          addCell(network, kind, rate);
        }
      }
    }
  }

  private static final class Shared {
    static final FakeResults RESULTS = new FakeResults();
    static final Path DIRECTORY =
        Path.of("target", "fake-results-" + ProcessHandle.current().pid());

    static {
      RESULTS.write(DIRECTORY);
    }
  }

  /** The directory, written once for all tests. */
  public static Path directory() {
    return Shared.DIRECTORY;
  }

  /** The rows of its trials table. */
  public static List<Row> trials() {
    return Shared.RESULTS.trials;
  }

  private void write(Path directory) {
    var store = new TableStore(directory.toString(), new Configuration());
    commit(store, "cnvlutin_layers", "all", FakeCnvlutin.rows());
    commit(store, "trials", "wave-0", trials);
    commit(store, "cells", "all", cells);
    commit(store, "networks", "all", networks());
    commit(store, "activations", "all", activations());
    commit(store, "landscape", "all", FakeLandscape.points());
    commit(store, "sharpness", "all", FakeLandscape.sharpness());
    commit(store, "pairs", "all", pairs());
    commit(store, "quantiles", "all", quantiles());
    commit(store, "single_fault_rates", "all", singleFaultRates());
  }

  private static void commit(TableStore store, String table, String part, List<Row> rows) {
    var schema = Tables.schemas().get(table);
    store.commit(table, part, TestSpark.session().createDataFrame(rows, schema), Map.of());
  }

  /** Accuracy without faults. */
  public static double clean(String network) {
    return network.equals("AS") ? 0.88 : 0.9;
  }

  private static double expected(String network, String kind, double rate) {
    double middle = kind.equals("bit-flip") ? 0.05 : 0.1;
    double steep = network.equals("AS") ? 6 : 4;
    double kept = (1 + Math.exp(-steep)) / (1 + Math.exp(steep * (rate / middle - 1)));
    return 0.1 + (clean(network) - 0.1) * kept;
  }

  /** The standard network loses two points more than AS for each per cent of faulty cells. */
  private static List<Row> pairs() {
    List<Row> rows = new ArrayList<>();
    for (String kind : KINDS) {
      for (double rate : RATES) {
        double difference = -0.02 + 2 * rate;
        rows.add(
            RowFactory.create(
                "network",
                "AS",
                "standard",
                kind,
                kind,
                rate,
                rate,
                (long) TRIALS,
                -0.02,
                difference,
                rate == 0 ? 0 : 0.01,
                0.95,
                rate == 0));
      }
    }
    return rows;
  }

  private static List<Row> quantiles() {
    List<Row> rows = new ArrayList<>();
    for (String network : NETWORKS) {
      for (double quantile : new double[] {0.05, 0.5, 0.95}) {
        double accuracy = clean(network) - 0.1 * (1 - quantile);
        Double low = quantile < 0.1 ? null : accuracy - 0.01;
        rows.add(
            RowFactory.create(
                network,
                "bit-flip",
                0.05,
                quantile,
                accuracy,
                low,
                accuracy + 0.01,
                0.95,
                (long) TRIALS));
      }
    }
    return rows;
  }

  private static List<Row> networks() {
    return NETWORKS.stream()
        .map(
            name ->
                RowFactory.create(
                    name,
                    "0".repeat(64),
                    "nets/" + name + ".qnn.npz",
                    "1×28×28",
                    WEIGHTS,
                    416_520L,
                    4,
                    "twos-complement",
                    10_000,
                    clean(name),
                    "{}",
                    "fashion-mnist/test",
                    "1".repeat(64)))
        .toList();
  }

  /** Zeros: 30 % of AS's activations, 15 % of the standard network's. */
  private static List<Row> activations() {
    List<Row> rows = new ArrayList<>();
    for (String network : NETWORKS) {
      int times = network.equals("AS") ? 2 : 1;
      rows.add(activations(network, "conv1", 0, 400, 50L * times));
      rows.add(activations(network, "fc1", 1, 100, 25L * times));
    }
    return rows;
  }

  static Row activations(String network, String layer, int position, long all, long zeros) {
    return RowFactory.create(
        network, layer, position, 10, all, zeros, "0".repeat(64), "fashion-mnist/test");
  }

  /** Each bit doubles the share of faults that change a prediction: 5, 10, 20, 40 %. */
  private static List<Row> singleFaultRates() {
    List<Row> rows = new ArrayList<>();
    for (String network : NETWORKS) {
      rows.add(singleFaultRate(network, null, null, 4 * WEIGHTS, 0.1875));
      rows.add(singleFaultRate(network, "fc1", null, 4 * WEIGHTS, 0.1875));
      for (int bit = 0; bit < 4; bit++) {
        rows.add(singleFaultRate(network, null, bit, WEIGHTS, 0.05 * (1 << bit)));
        rows.add(singleFaultRate(network, "fc1", bit, WEIGHTS, 0.05 * (1 << bit)));
      }
    }
    return rows;
  }

  /** Of a layer's bit, of a layer, of a bit, or of all, with intervals of ± 1 %. */
  public static Row singleFaultRate(
      String network, String layer, Integer bit, long cells, double critical) {
    double[] share = {0.3, critical, 0.7 - critical};
    return RowFactory.create(
        network,
        "bit-flip",
        layer,
        bit,
        cells,
        1000L,
        0L,
        IMAGES,
        share[0],
        share[0] - 0.01,
        share[0] + 0.01,
        share[2],
        share[2] - 0.01,
        share[2] + 0.01,
        share[1],
        share[1] - 0.01,
        share[1] + 0.01,
        share[1] / 10,
        share[1] / 20,
        share[1] / 5,
        clean(network),
        share[1] / 20,
        0.0,
        share[1] / 10,
        share[1] / 2,
        0.95,
        false);
  }

  private void addCell(String network, String kind, double rate) {
    var accuracies = new ArrayList<Double>();
    long faulty = 0;
    for (long t = 0; t < TRIALS; t++) {
      boolean failed =
          network.equals("standard")
              && kind.equals("stuck-at-1")
              && rate == 0.05
              && t == FAILED_TRIAL;
      long faults = faults(rate, t);
      int golden = binomial(clean(network));
      int correct = rate == 0 ? golden : binomial(spread(expected(network, kind, rate)));
      trials.add(
          RowFactory.create(
              network,
              kind,
              rate,
              t,
              1L,
              "twos-complement",
              IMAGES,
              failed ? null : correct,
              golden,
              failed ? null : Math.abs(correct - golden),
              faults,
              faults,
              "0".repeat(64),
              null,
              null,
              "fashion-mnist/test",
              failed ? "out of memory" : null));
      if (!failed) {
        accuracies.add(clean(network) + (correct - golden) / (double) IMAGES);
        faulty += faults;
      }
    }
    cells.add(cell(network, kind, rate, accuracies, faulty));
  }

  private static Row cell(
      String network, String kind, double rate, List<Double> accuracies, long faulty) {
    int n = accuracies.size();
    DoubleSummaryStatistics s =
        accuracies.stream().mapToDouble(Double::doubleValue).summaryStatistics();
    double mean = s.getAverage();
    double sd =
        Math.sqrt(accuracies.stream().mapToDouble(a -> (a - mean) * (a - mean)).sum() / (n - 1));
    return RowFactory.create(
        network,
        kind,
        rate,
        (long) n,
        (long) (TRIALS - n),
        IMAGES,
        clean(network),
        mean,
        1.96 * sd / Math.sqrt(n),
        0.95,
        sd,
        s.getMin(),
        s.getMax(),
        faulty / (double) n,
        null,
        null,
        null,
        rate == 0);
  }

  /** The same cells are hit in every network and kind, so the count depends on rate and trial. */
  private static long faults(double rate, long trial) {
    double cells = 4.0 * WEIGHTS;
    double gauss = new Random(31 * trial + Double.hashCode(rate)).nextGaussian();
    return Math.round(rate * cells + gauss * Math.sqrt(rate * (1 - rate) * cells));
  }

  private double spread(double accuracy) {
    return Math.min(0.99, Math.max(0.01, accuracy + 0.03 * random.nextGaussian()));
  }

  private int binomial(double p) {
    int hits = 0;
    for (int i = 0; i < IMAGES; i++) {
      hits += random.nextDouble() < p ? 1 : 0;
    }
    return hits;
  }
}
