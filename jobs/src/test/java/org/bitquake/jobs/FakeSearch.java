package org.bitquake.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.store.Tables;

/**
 * A result directory as a search for protections leaves one: for {@code AS} a protection was
 * confirmed, for {@code lucky} what passed in the search did not pass again, for {@code standard}
 * nothing came near the target.
 */
public final class FakeSearch {
  public static final List<String> NETWORKS = List.of("AS", "lucky", "standard");

  /** What {@code AS} is to be protected with. */
  public static final String WINNER = "harden conv1:1 fc1:1";

  public static final double HALF_WIDTH = 0.004;
  private static final long CELLS = 100_000;

  private final List<Row> steps = new ArrayList<>();
  private final List<Row> frontier = new ArrayList<>();
  private final Map<String, String> names = new HashMap<>();
  private final String network;
  private final double clean;
  private final double target;

  private FakeSearch(String network, double clean, double target) {
    this.network = network;
    this.clean = clean;
    this.target = target;
  }

  private static final class Shared {
    static final Path DIRECTORY = Path.of("target", "fake-search-" + ProcessHandle.current().pid());

    static {
      write(DIRECTORY, List.of(reached(), lucky(), hopeless()));
    }
  }

  /** The directory, written once for all tests. */
  public static Path directory() {
    return Shared.DIRECTORY;
  }

  /** Writes a search of {@code AS} alone, which keeps its target without a protection. */
  public static void writeNeedless(Path directory) {
    var its = new FakeSearch("AS", 0.88, 0.74);
    its.learn();
    its.step(4, "uniform", "gray", "harden all", 0.33, 0, 0.88);
    its.front("gray", "none", 0, 0.75, 0.745, true);
    its.front("gray", "harden all", 0.33, 0.88, null, false);
    write(directory, List.of(its));
  }

  private static void write(Path directory, List<FakeSearch> searches) {
    var store = new TableStore(directory.toString(), new Configuration());
    commit(store, "protection_steps", searches.stream().flatMap(s -> s.steps.stream()).toList());
    commit(
        store, "protection_frontier", searches.stream().flatMap(s -> s.frontier.stream()).toList());
    commit(store, "networks", searches.stream().map(FakeSearch::networkRow).toList());
    try {
      Files.writeString(directory.resolve("protect.json"), "{\"name\": \"fake search\"}");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void commit(TableStore store, String table, List<Row> rows) {
    var schema = Tables.schemas().get(table);
    store.commit(table, "all", TestSpark.session().createDataFrame(rows, schema), Map.of());
  }

  private static FakeSearch reached() {
    var its = new FakeSearch("AS", 0.88, 0.86);
    its.learn();
    its.step(4, "uniform", "gray", "harden all", 0.33, 0, 0.88);
    its.step(4, "uniform", "gray", "secded-32 all", 0.22, 128, 0.76);
    its.step(4, "uniform", "gray", "harden all:1", 0.165, 128, 0.866);
    its.step(5, "harm", "gray", "only conv1 with secded-32 conv1", null, 128, 0.879);
    its.step(6, "front", "gray", "harden conv1:1", 0.01, 128, 0.83);
    its.step(6, "front", "gray", WINNER, 0.04, 128, 0.87);
    its.step(7, "trim", "gray", "harden fc1:1", 0.03, 128, 0.82);
    its.step(8, "refine", "gray", WINNER, 0.04, 512, 0.864);
    its.step(9, "confirm", "gray", WINNER, 0.04, 1000, 0.863);
    its.front("gray", "none", 0, 0.75, null, false);
    its.front("gray", "harden conv1:1", 0.01, 0.83, null, false);
    its.front("gray", WINNER, 0.04, 0.864, 0.861, true);
    its.front("gray", "harden all:1", 0.165, 0.866, null, false);
    its.front("gray", "harden all", 0.33, 0.88, null, false);
    return its;
  }

  private static FakeSearch lucky() {
    var its = new FakeSearch("lucky", 0.9, 0.88);
    its.learn();
    its.step(4, "uniform", "gray", "harden all:1", 0.165, 128, 0.885);
    its.step(5, "confirm", "gray", "harden all:1", 0.165, 1000, 0.884);
    its.front("gray", "none", 0, 0.75, null, false);
    its.front("gray", "harden all:1", 0.165, 0.885, 0.878, false);
    return its;
  }

  private static FakeSearch hopeless() {
    var its = new FakeSearch("standard", 0.9, 0.89);
    its.learn();
    its.step(4, "uniform", "gray", "secded-32 all", 0.22, 128, 0.8);
    its.front("gray", "none", 0, 0.75, null, false);
    its.front("gray", "secded-32 all", 0.22, 0.8, null, false);
    return its;
  }

  /** What faults do without a protection, and in each bit alone: a network of two layers. */
  private void learn() {
    step(0, "encodings", "twos-complement", "none", 0.0, 128, 0.7);
    step(1, "encodings", "gray", "none", 0.0, 128, 0.75);
    int step = 2;
    for (String encoding : List.of("twos-complement", "gray")) {
      double[] losses = encoding.equals("gray") ? new double[] {-0.001, 0.05, 0.02} : new double[3];
      step(step, "harm", encoding, "only conv1:0", null, 128, clean - losses[0]);
      step(step, "harm", encoding, "only conv1:1", null, 128, clean - losses[1]);
      step(step++, "harm", encoding, "only fc1", null, 128, clean - losses[2]);
    }
  }

  private String name(String encoding, String protection) {
    return protection.equals("none")
        ? protection
        : names.computeIfAbsent(encoding + protection, p -> "design-" + (names.size() + 1));
  }

  private void step(
      int step,
      String phase,
      String encoding,
      String protection,
      Double area,
      long trials,
      double accuracy) {
    steps.add(
        RowFactory.create(
            network,
            step,
            phase,
            name(encoding, protection),
            "bit-flip " + encoding,
            encoding,
            protection,
            area == null ? null : 0L,
            area == null ? null : (long) (CELLS * area / 0.33),
            area == null ? null : 0.0,
            area,
            trials,
            0L,
            accuracy,
            trials == 0 ? 0.0 : HALF_WIDTH,
            target,
            false));
  }

  private void front(
      String encoding,
      String protection,
      double area,
      double accuracy,
      Double bound,
      boolean wins) {
    frontier.add(
        RowFactory.create(
            network,
            name(encoding, protection),
            "bit-flip " + encoding,
            encoding,
            protection,
            CELLS,
            0L,
            (long) (CELLS * area / 0.33),
            0.0,
            area,
            clean,
            target,
            128L,
            accuracy,
            HALF_WIDTH,
            true,
            bound != null,
            bound == null ? null : 1000L,
            bound == null ? null : accuracy - 0.001,
            bound,
            0.95,
            wins));
  }

  private Row networkRow() {
    return RowFactory.create(
        network,
        "0".repeat(64),
        "nets/" + network + ".qnn.npz",
        "1×28×28",
        CELLS / 2,
        416_520L,
        2,
        "twos-complement",
        10_000,
        clean,
        "{}",
        "fashion-mnist/test",
        "1".repeat(64));
  }
}
