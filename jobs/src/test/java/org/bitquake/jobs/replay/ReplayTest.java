package org.bitquake.jobs.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.bitquake.engine.Engine;
import org.bitquake.engine.Engines;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultSampler;
import org.bitquake.fault.FaultSite;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.campaign.FailingEngine;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.store.Tables;
import org.bitquake.jobs.trial.OneTrial;
import org.bitquake.jobs.trial.TrialRow;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final Configuration HADOOP = new Configuration();

  @TempDir static Path temp;
  private static SmallWorld world;
  private static Path results;
  private static List<Row> trials;

  @BeforeAll
  static void runOnce() throws IOException {
    world = SmallWorld.create(Files.createDirectories(temp.resolve("world")));
    results = temp.resolve("results");
    world.run(SmallWorld.CONFIG, results, Engines::prepare);
    trials = trials(results);
  }

  private static List<Row> trials(Path directory) {
    return new TableStore(directory.toString(), HADOOP).read(SPARK, "trials").collectAsList();
  }

  private static OneTrial one(Row row) {
    var files = Map.of("a", "a.qnn.npz", "second", "b.qnn.npz", "wide", "wide.qnn.npz");
    String name = row.getAs("network");
    var network = world.network(files.get(name)).withName(name);
    return new OneTrial(TrialRow.of(row), network, world.dataset());
  }

  private static Replay replay(Row row) {
    return Replay.of(new TrialSubject(one(row)), Engines::prepare, true);
  }

  private static void assertSame(Row row) {
    var replay = replay(row);
    assertThat(replay.again()).isEqualTo(row);
    assertThat(replay.differences()).isEmpty();
    assertThat(replay.reference())
        .isNotEmpty()
        .allSatisfy((column, value) -> assertThat(value).as(column).isEqualTo(row.getAs(column)));
  }

  @Test
  void everyRowReplaysToTheSameValues() {
    assertThat(trials).hasSize(3 * 2 * 3 * 9).allSatisfy(ReplayTest::assertSame);
    assertThat(trials).anyMatch(row -> row.<Integer>getAs("changed") > 0);
  }

  @Test
  void rowsOfAdaptiveCampaignsReplayToo() {
    Path adaptive = temp.resolve("adaptive");
    world.run(
        SmallWorld.CONFIG
            .replace("{perCell: 9}", "{until: {halfWidth: 0.02, max: 600}}")
            .replace("images: 20", "images: auto"),
        adaptive,
        Engines::prepare);
    var rows = trials(adaptive);
    var sample =
        IntStream.range(0, rows.size()).filter(i -> i % 41 == 0).mapToObj(rows::get).toList();
    assertThat(sample).hasSizeGreaterThan(50).allSatisfy(ReplayTest::assertSame);
  }

  @Test
  void theScopeAndTheEncodingOfARowAreThoseOfItsReplay() {
    Path scoped = temp.resolve("scoped");
    world.run(
        SmallWorld.CONFIG.replace(
            "rates:", "layers: [fc1]\n  bits: [1, 3]\n  encoding: offset-binary\n  rates:"),
        scoped,
        Engines::prepare);
    var rows = trials(scoped);
    assertThat(rows).allSatisfy(ReplayTest::assertSame);
    var faults = replay(row(rows, "wide", 0.05)).faults().faults().toList();
    assertThat(faults)
        .isNotEmpty()
        .allMatch(f -> f.layer().equals("fc1") && (f.bit() == 1 || f.bit() == 3));
  }

  private static Row row(List<Row> rows, String network, double rate) {
    return rows.stream()
        .filter(row -> row.getAs("network").equals(network) && row.<Double>getAs("rate") == rate)
        .findFirst()
        .orElseThrow();
  }

  private static Row with(Row row, Map<String, Object> changes) {
    Object[] values = new Object[Tables.TRIALS.size()];
    for (int i = 0; i < values.length; i++) {
      String column = Tables.TRIALS.fieldNames()[i];
      values[i] = changes.getOrDefault(column, row.getAs(column));
    }
    var damaged = RowFactory.create(values);
    return SPARK.createDataFrame(List.of(damaged), Tables.TRIALS).first();
  }

  @Test
  void eachColumnOfResultsIsCompared() {
    Row row = row(trials, "a", 0.05);
    for (String column : replay(row).reference().keySet()) {
      Object value = row.getAs(column);
      Object other = value instanceof Long n ? (Object) (n + 1) : (Object) ((Integer) value + 1);
      assertThat(replay(with(row, Map.of(column, other))).differences())
          .containsExactly(new Replay.Difference(column, other, value, value));
    }
  }

  /** Fails whenever it is given faulty codes. */
  private static Engine broken(QuantizedNetwork network) {
    return new FailingEngine(
        "broken",
        Engines.prepare(network),
        codes -> {
          throw new UnsupportedOperationException("no faults, please");
        });
  }

  @Test
  void aFailedTrialIsNoDifferenceWhetherItFailsAgainOrNot() {
    Path failing = temp.resolve("failing");
    assertThat(world.run(SmallWorld.CONFIG, failing, ReplayTest::broken)).isPositive();
    Row row = row(trials(failing), "a", 0.05);
    assertThat(row.<String>getAs("error")).isNotNull();
    var works = replay(row);
    assertThat(works.differences()).isEmpty();
    assertThat(works.error()).isEmpty();
    assertThat(works.again()).isEqualTo(twin(row));
    var fails = Replay.of(new TrialSubject(one(row)), ReplayTest::broken, true);
    assertThat(fails.differences()).isEmpty();
    assertThat(fails.error()).contains("UnsupportedOperationException: no faults, please");
    Row wrong = with(row, Map.of("golden_correct", row.<Integer>getAs("golden_correct") + 1));
    assertThat(replay(wrong).differences()).hasSize(1);
  }

  private static Row twin(Row failed) {
    return trials.stream()
        .filter(
            row ->
                List.of("network", "kind", "rate", "trial").stream()
                    .allMatch(column -> row.getAs(column).equals(failed.getAs(column))))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void anEngineThatFailsNowIsADifference() {
    var replay = Replay.of(new TrialSubject(one(row(trials, "a", 0.05))), ReplayTest::broken, true);
    assertThat(replay.differences())
        .extracting(Replay.Difference::column)
        .contains("correct", "changed", "error");
  }

  /** The faults from the definitions: the mark of every cell, each weight's cells forced. */
  @Test
  void faultsAreTheCellsWithAMarkBelowTheRate() {
    for (Row row : List.of(row(trials, "wide", 0.05), row(trials, "second", 0.003))) {
      var one = one(row);
      var trial = one.trial();
      byte[][] codes = one.network().copyCodes();
      List<FaultSite> cells =
          new FaultSampler(11, one.weights(), one.bits(), trial.scope())
              .draw(trial.number(), 1).sites(1).stream()
                  .filter(site -> site.mark() < trial.rate())
                  .toList();
      List<FaultList.Fault> expected = new ArrayList<>();
      for (var cell : cells) {
        int mask =
            cells.stream()
                .filter(c -> c.layer() == cell.layer() && c.weight() == cell.weight())
                .mapToInt(c -> 1 << c.bit())
                .sum();
        int code = codes[cell.layer()][cell.weight()];
        int stored =
            FaultKind.of(trial.kind().name()).apply(trial.encoding().encode(code, 4), mask);
        var layer = one.network().weightLayers().get(cell.layer());
        int taps = (int) layer.geometry().taps(layer.inputShape());
        expected.add(
            new FaultList.Fault(
                layer.name(),
                cell.weight() / taps,
                cell.weight() % taps,
                cell.bit(),
                code,
                trial.encoding().decode(stored, 4),
                OptionalDouble.of(cell.mark()),
                Optional.empty()));
      }
      var replay = replay(row);
      assertThat(replay.faults().faults()).containsExactlyElementsOf(expected);
      assertThat((long) replay.faults().size()).isEqualTo(row.<Long>getAs("faulty_cells"));
      assertThat(expected).isNotEmpty();
    }
  }

  @Test
  void imagesThatChangedAreThoseOfTheTrial() {
    Row row =
        trials.stream().filter(r -> r.<Integer>getAs("changed") > 1).findFirst().orElseThrow();
    var images = replay(row).images();
    assertThat(images.broken().size() + images.mended().size())
        .isEqualTo(row.<Integer>getAs("changed"));
    assertThat(images.mended().size() - images.broken().size())
        .isEqualTo(row.<Integer>getAs("correct") - row.<Integer>getAs("golden_correct"));
    assertThat(IntStream.of(one(row).images()).boxed())
        .containsAll(images.broken())
        .containsAll(images.mended());
  }

  @Test
  void theTableSaysWhereEverythingIs() throws IOException {
    Map<String, Object> wanted =
        Map.of("network", "second", "kind", "stuck-at-1", "rate", 0.003, "trial", 4L);
    var data = Optional.of(world.directory().resolve("data").toString());
    var store = new TableStore(results.toString(), HADOOP);
    var replay = Replay.run(SPARK, store, wanted, new Replay.Files(Optional.empty(), data));
    assertThat(replay.dataVerified()).isTrue();
    assertThat(replay.differences()).isEmpty();
    assertThat(trials).contains(replay.again());
  }

  @Test
  void theFaultFileHoldsEveryFault() {
    Row row = row(trials, "wide", 0.05);
    var replay = replay(row);
    var file = new FaultFile(temp.resolve("faults.parquet").toString(), HADOOP);
    file.write(one(row).trial(), replay.faults());
    var expected =
        replay
            .faults()
            .faults()
            .map(
                f ->
                    RowFactory.create(
                        "wide",
                        row.getAs("kind"),
                        0.05,
                        row.getAs("trial"),
                        f.layer(),
                        f.filter(),
                        f.index(),
                        f.bit(),
                        f.before(),
                        f.after(),
                        f.mark().getAsDouble()))
            .toList();
    assertThat(SPARK.read().parquet(file.path().toString()).collectAsList())
        .isEqualTo(expected)
        .isNotEmpty();
    assertThat(temp.toFile().list((folder, name) -> name.contains(".tmp"))).isEmpty();
  }
}
