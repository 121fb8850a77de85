package org.bitquake.jobs.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.engine.Engines;
import org.bitquake.fault.BufferFaults;
import org.bitquake.fault.CellPattern;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultTarget;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.trial.OneTrial;
import org.bitquake.jobs.trial.TrialRow;
import org.bitquake.memory.MemoryLayout.Place;
import org.bitquake.memory.Storage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of faults of activations and offsets, run again alone. */
class BufferReplayTest {
  private static final SparkSession SPARK = TestSpark.session();

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
                "models: [{name: codes, target: activations, effect: bit-flip},"
                    + " {name: anew, target: {activations: {transient: true}}, effect: bit-flip},"
                    + " {name: misread, target: {offsets: {fullyConnected: true}}, effect: bit-flip}]")
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

  private static Replay replay(String kind, long trial) {
    return replay(
        trials.stream()
            .filter(
                row ->
                    row.getAs("kind").equals(kind)
                        && row.<Double>getAs("rate") == 0.05
                        && row.<Long>getAs("trial") == trial)
            .findFirst()
            .orElseThrow());
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
              assertThat(replay.faults().size()).as("faulty cells of weights").isZero();
            });
  }

  /** The buffer has a code of 4 bits in each of 72 words: two channels of 6 × 6. */
  @Test
  void permanentFaultsAreListedWithTheirPlace() throws IOException {
    var cells =
        new BufferFaults(
            11, FaultTarget.ACTIVATIONS, CellPattern.INSTANCE, Storage.DEFAULT, false, 72, 4);
    cells.draw(2, 0.05);
    cells.use(FaultKind.BIT_FLIP, 0.05, new int[] {0});
    int[] masks = new int[72];
    cells.forEach(0, 72, 4, 0, 1, (image, word, mask) -> masks[word] = mask);
    var replay = replay("codes", 2);
    var buffer = replay.faults().buffer().orElseThrow();
    int[] listed = new int[72];
    buffer
        .list()
        .forEach(
            cell -> {
              listed[cell.position()] |= 1 << cell.bit();
              assertThat(cell.mark()).isBetween(0.0, 0.05);
              int word = cell.position() / 8;
              int column = (cell.position() % 8 * 4 + cell.bit()) * 2 + word % 2;
              assertThat(cell.place()).isEqualTo(new Place(0, word / 2, column));
            });
    assertThat(listed).isEqualTo(masks);
    assertThat(buffer.cells()).isEqualTo(72 * 4);
    long faulty = replay.subject().recorded().row().<Long>getAs("faulty_cells");
    assertThat(faulty).as("read for each of 20 images").isEqualTo(20L * buffer.size());

    var text = new ReplayText(replay, true);
    assertThat(text.table())
        .startsWith(buffer.size() + " of 288 cells of activations are faulty; faulty cells were")
        .contains("position  bit      mark  array  row  column");
    assertThat(text.csv())
        .hasSize(buffer.size() + 1)
        .first()
        .isEqualTo("position,bit,mark,array,row,column\n");
    assertThat(new ReplayText(replay, false).table()).isNotEmpty();
    Path file = temp.resolve("faults.parquet");
    write(replay, file);
    var written = SPARK.read().parquet(file.toString());
    assertThat(written.columns())
        .containsExactly(
            "network",
            "kind",
            "rate",
            "trial",
            "position",
            "bit",
            "mark",
            "array",
            "row",
            "column");
    assertThat(written.count()).isEqualTo(buffer.size());
  }

  @Test
  void transientFaultsAreCounted() {
    var replay = replay("anew", 1);
    var text = new ReplayText(replay, true);
    long faulty = replay.subject().recorded().row().<Long>getAs("faulty_cells");
    assertThat(faulty).isPositive();
    assertThat(text.table())
        .startsWith(
            "transient faults of activations, others for each image and layer: faulty cells"
                + " were read "
                + faulty
                + " times, and ");
    assertThat(text.csv()).hasSize(1);
    assertThatThrownBy(() -> write(replay, temp.resolve("anew.parquet")))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("--faults-output: anew: its faults are others for each image");
  }

  @Test
  void offsetsAreListedByPair() {
    var replay = replay("misread", 4);
    var buffer = replay.faults().buffer().orElseThrow();
    assertThat(buffer.cells()).as("pairs of 36 bricks").isEqualTo(36 * 16 * 4);
    assertThat(buffer.list()).hasSize(buffer.size()).isNotEmpty();
    assertThat(new ReplayText(replay, false).table())
        .contains(" cells of offsets are faulty", " offsets as others");
  }

  private static void write(Replay replay, Path file) {
    new FaultFile(file.toString(), new Configuration())
        .write((TrialRow) replay.subject().recorded(), replay.faults());
  }
}
