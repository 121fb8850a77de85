package org.bitquake.jobs.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.engine.Engines;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.jobs.replay.FaultList.Fault;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.trial.OneTrial;
import org.bitquake.jobs.trial.TrialRow;
import org.bitquake.memory.MemoryLayout.Place;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of faults that lie in a memory, run again alone. */
class ModelReplayTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final int ROWS = 16;
  private static final int COLUMNS = 64;

  @TempDir static Path temp;
  private static SmallWorld world;
  private static List<Row> trials;

  @BeforeAll
  static void runOnce() throws IOException {
    world = SmallWorld.create(Files.createDirectories(temp.resolve("world")));
    Path results = temp.resolve("results");
    world.run(
        SmallWorld.CONFIG
            .replace("  - {file: b.qnn.npz, name: second}\n  - wide.qnn.npz\n", "")
            .replace(
                "kinds: [bit-flip, stuck-at-1]",
                "models: [bit-flip, {pattern: row, effect: stuck-open},"
                    + " {name: pairs, pattern: {cluster: {1x2: 1}}, effect: stuck-at-random}]")
            .replace("output:", "memory: {rows: 16, wordsPerRow: 2}\noutput:"),
        results,
        Engines::prepare);
    trials =
        new TableStore(results.toString(), new Configuration())
            .read(SPARK, "trials")
            .collectAsList();
  }

  private static Replay replay(Row row) {
    var one = new OneTrial(TrialRow.of(row), world.network("a.qnn.npz"), world.dataset());
    return Replay.of(new TrialSubject(one), Engines::prepare, true);
  }

  private static List<Row> rows(String kind) {
    return trials.stream()
        .filter(row -> row.getAs("kind").equals(kind) && row.<Long>getAs("faulty_cells") > 0)
        .toList();
  }

  @Test
  void theyAreTheSameToTheBit() {
    assertThat(trials)
        .hasSize(3 * 3 * 9)
        .allSatisfy(
            row -> {
              var replay = replay(row);
              assertThat(replay.again()).isEqualTo(row);
              assertThat(replay.differences()).isEmpty();
            });
  }

  @Test
  void independentCellsHaveNoPlace() {
    assertThat(rows("bit-flip")).isNotEmpty();
    assertThat(replay(rows("bit-flip").get(0)).faults().faults())
        .isNotEmpty()
        .allMatch(fault -> fault.place().isEmpty());
  }

  /**
   * Each place is that of the definition: words of eight codes, bit j of both words side by side.
   */
  @Test
  void aFailingRowFailsAsAWhole() {
    var faults = replay(rows("row-stuck-open").get(0)).faults().faults().toList();
    Set<Place> places = new HashSet<>();
    for (Fault fault : faults) {
      int layer = fault.layer().equals("conv1") ? 0 : 1;
      int filter = layer == 0 ? 25 : 72;
      int weight = fault.filter() * filter + fault.index();
      int word = (layer == 0 ? 0 : 7) + weight / 8; // 50 weights are 7 words
      int column = (weight % 8 * 4 + fault.bit()) * 2 + word % 2;
      var place = new Place(word / 2 / ROWS, word / 2 % ROWS, column);
      assertThat(fault.place()).contains(place);
      places.add(new Place(place.array(), place.row(), 0));
    }
    assertThat(faults.size()).isLessThanOrEqualTo(places.size() * COLUMNS);
    assertThat(faults.size()).isGreaterThan((places.size() - 2) * COLUMNS);
  }

  @Test
  void pairsAreNeighbours() {
    var most =
        rows("pairs").stream()
            .max(Comparator.comparing(row -> row.<Long>getAs("faulty_cells")))
            .orElseThrow();
    var faults = replay(most).faults().faults().toList();
    Set<Place> places = new HashSet<>();
    faults.forEach(fault -> places.add(fault.place().orElseThrow()));
    var whole =
        faults.stream()
            .map(fault -> fault.place().orElseThrow())
            .filter(place -> place.array() == 0 && place.row() < 3) // cells in every column
            .toList();
    for (Place place : whole) {
      var left = new Place(place.array(), place.row(), Math.floorMod(place.column() - 1, COLUMNS));
      var right = new Place(place.array(), place.row(), (place.column() + 1) % COLUMNS);
      assertThat(places).containsAnyOf(left, right);
    }
    assertThat(whole).isNotEmpty();
  }

  @Test
  void textsAndFilesSayThePlace() throws IOException {
    var replay = replay(rows("row-stuck-open").get(0));
    assertThat(new ReplayText(replay, true).csv().limit(1))
        .containsExactly("layer,filter,index,bit,before,after,mark,array,row,column\n");
    Path file = temp.resolve("faults.parquet");
    var output = new FaultFile(file.toString(), new Configuration());
    output.write((TrialRow) replay.subject().recorded(), replay.faults());
    var written = SPARK.read().parquet(file.toString());
    assertThat(written.columns()).endsWith("mark", "array", "row", "column");
    assertThat(written.count()).isEqualTo(replay.faults().size());
  }
}
