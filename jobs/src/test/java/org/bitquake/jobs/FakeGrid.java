package org.bitquake.jobs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.bitquake.Text;
import org.bitquake.jobs.store.LandscapeTables;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.store.Tables;

/**
 * A result directory of networks of several λ, ρ and quantisers, trained twice, but for some. All
 * its numbers are random.
 */
public final class FakeGrid {
  public static final List<String> KINDS = List.of("bit-flip", "stuck-at-0");
  public static final List<Double> RATES = List.of(0.0, 0.01, 0.05);

  /**
   * A network.
   *
   * @param zeros of 1,000 activations
   * @param rise of the loss, nats
   */
  public record Its(
      String name,
      String quantizer,
      double lambda,
      double rho,
      int seed,
      double clean,
      long zeros,
      double rise) {}

  /** An accuracy. */
  public record Cell(Its network, String kind, double rate, double accuracy) {}

  private static final List<Its> NETWORKS = new ArrayList<>();
  private static final List<Cell> CELLS = new ArrayList<>();

  private static final class Shared {
    static final Path DIRECTORY = Path.of("target", "fake-grid-" + ProcessHandle.current().pid());

    static {
      make();
      write(DIRECTORY);
    }
  }

  private FakeGrid() {}

  /** The directory, written once for all tests. */
  public static Path directory() {
    return Shared.DIRECTORY;
  }

  /** Its networks. */
  public static List<Its> networks() {
    directory();
    return List.copyOf(NETWORKS);
  }

  /** Their accuracies. */
  public static List<Cell> cells() {
    directory();
    return List.copyOf(CELLS);
  }

  private static void make() {
    var random = new Random(20261126);
    for (int seed = 1; seed <= 2; seed++) {
      for (String lambda : List.of("0.0", "3.0E-5", "1.0E-4", "4.0E-4")) {
        for (String rho : List.of("0.0", "0.15", "0.3")) {
          boolean collapsed = lambda.equals("4.0E-4") && rho.equals("0.3");
          if (!(collapsed && seed == 2)) {
            add("lsq", lambda, rho, seed, random);
          }
        }
      }
    }
    for (String rho : List.of("0.0", "0.3")) {
      add("max", "0.0", rho, 1, random);
    }
  }

  private static void add(String quantizer, String lambda, String rho, int seed, Random random) {
    String name = Text.of("%s-l%s-r%s-%d", quantizer, lambda, rho, seed);
    double clean = 0.85 + 0.05 * random.nextDouble();
    long zeros = 400L + random.nextInt(500);
    var its =
        new Its(
            name,
            quantizer,
            Double.parseDouble(lambda),
            Double.parseDouble(rho),
            seed,
            clean,
            zeros,
            0.2 * random.nextDouble());
    NETWORKS.add(its);
    for (String kind : KINDS) {
      for (double rate : RATES) {
        CELLS.add(new Cell(its, kind, rate, clean - 10 * rate * random.nextDouble()));
      }
    }
  }

  private static void write(Path directory) {
    List<Row> networks = new ArrayList<>();
    List<Row> activations = new ArrayList<>();
    List<Row> sharpness = new ArrayList<>();
    for (Its its : NETWORKS) {
      String provenance =
          FakeStudy.provenance(
              Double.toString(its.lambda), Double.toString(its.rho), its.quantizer, its.seed);
      networks.add(FakeStudy.network(its.name, its.clean, provenance));
      activations.add(FakeResults.activations(its.name, "conv1", 0, 900, its.zeros - 100));
      activations.add(FakeResults.activations(its.name, "fc1", 1, 100, 100));
      sharpness.add(FakeStudy.rise(its.name, its.rise, provenance));
    }
    var cells =
        CELLS.stream()
            .map(c -> FakeStudy.cell(c.network.name, c.kind, c.rate, c.network.clean, c.accuracy))
            .toList();
    var store = new TableStore(directory.toString(), new Configuration());
    var spark = TestSpark.session();
    store.commit("networks", "all", spark.createDataFrame(networks, Tables.NETWORKS), Map.of());
    store.commit("cells", "all", spark.createDataFrame(cells, Tables.CELLS), Map.of());
    var zeros = spark.createDataFrame(activations, Tables.ACTIVATIONS);
    store.commit("activations", "all", zeros, Map.of());
    var rises = spark.createDataFrame(sharpness, LandscapeTables.SHARPNESS);
    store.commit("sharpness", "all", rises, Map.of());
  }
}
