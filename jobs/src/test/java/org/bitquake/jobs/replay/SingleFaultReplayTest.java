package org.bitquake.jobs.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.engine.Engine;
import org.bitquake.engine.Engines;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.campaign.FailingEngine;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.jobs.singlefault.OneFault;
import org.bitquake.jobs.singlefault.RecordedFault;
import org.bitquake.jobs.singlefault.SmallFaults;
import org.bitquake.jobs.store.SingleFaultTables;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.verify.Sound;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SingleFaultReplayTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final Configuration HADOOP = new Configuration();
  private static final String CONFIG =
      """
      name: singles
      seed: 11
      networks:
        - a.qnn.npz
        - {file: b.qnn.npz, name: second}
      data: {name: fashion-mnist, split: test, directory: data}
      faults:
        kind: single-stuck-at-1
        population: exhaustive
        encoding: offset-binary
      images: 9
      output: unused
      """;
  private static final List<String> RESULTS =
      List.of(
          "outcome", "changed_logits", "changed_predictions", "lost", "correct", "golden_correct");

  @TempDir static Path temp;
  private static SmallWorld world;
  private static Path results;
  private static List<Row> faults;

  @BeforeAll
  static void runOnce() throws IOException {
    world = SmallWorld.create(Files.createDirectories(temp.resolve("world")));
    results = temp.resolve("results");
    run(CONFIG, results);
    faults = faults(results);
  }

  private static void run(String config, Path output) {
    SmallFaults.run(world, config, output, 2);
  }

  private static List<Row> faults(Path directory) {
    return new TableStore(directory.toString(), HADOOP)
        .read(SPARK, "single_faults")
        .collectAsList();
  }

  private static FaultSubject subject(Row row) {
    String name = row.getAs("network");
    var network = world.network(name.equals("a") ? "a.qnn.npz" : "b.qnn.npz").withName(name);
    return new FaultSubject(new OneFault(RecordedFault.of(row), network, world.dataset()));
  }

  private static Replay replay(Row row) {
    return Replay.of(subject(row), Engines::prepare, true);
  }

  private static void assertSame(Row row) {
    var replay = replay(row);
    assertThat(replay.again()).isEqualTo(row);
    assertThat(replay.differences()).isEmpty();
    assertThat(replay.reference().keySet()).containsExactlyElementsOf(RESULTS);
    assertThat(replay.reference())
        .allSatisfy((column, value) -> assertThat(value).as(column).isEqualTo(row.getAs(column)));
  }

  @Test
  void rowsOfEveryOutcomeReplayToTheSameValues() {
    for (String outcome : List.of("masked", "changed-logits", "changed-prediction")) {
      var its = faults.stream().filter(row -> outcome.equals(row.getAs("outcome"))).toList();
      assertThat(its).as(outcome).isNotEmpty();
      its.stream().limit(60).forEach(SingleFaultReplayTest::assertSame);
    }
  }

  @Test
  void theFaultIsTheOneOfTheRow() {
    for (Row row : faults.subList(0, 100)) {
      var list = subject(row).faults();
      assertThat(list.faults())
          .singleElement()
          .satisfies(
              f -> {
                assertThat(f.layer()).isEqualTo(row.getAs("layer"));
                assertThat(f.filter()).isEqualTo(row.<Integer>getAs("filter"));
                assertThat(f.index()).isEqualTo(row.<Integer>getAs("index"));
                assertThat(f.bit()).isEqualTo(row.<Integer>getAs("bit"));
                assertThat(f.before()).isEqualTo(row.<Integer>getAs("before"));
                assertThat(f.after()).isEqualTo(row.<Integer>getAs("after"));
                assertThat(f.mark()).isEmpty();
              });
      int differing = 0;
      for (int layer = 0; layer < list.before().length; layer++) {
        for (int weight = 0; weight < list.before()[layer].length; weight++) {
          differing += list.before()[layer][weight] == list.after()[layer][weight] ? 0 : 1;
        }
      }
      assertThat(differing).isEqualTo(row.getAs("before").equals(row.getAs("after")) ? 0 : 1);
    }
  }

  private static Row harmful() {
    return faults.stream()
        .filter(row -> "changed-prediction".equals(row.getAs("outcome")))
        .filter(row -> row.<Integer>getAs("lost") > 0)
        .findFirst()
        .orElseThrow();
  }

  private static Row with(Row row, Map<String, ?> changes) {
    var names = SingleFaultTables.FAULTS.fieldNames();
    Object[] values =
        Arrays.stream(names)
            .map(n -> changes.containsKey(n) ? changes.get(n) : row.getAs(n))
            .toArray();
    return SPARK
        .createDataFrame(List.of(RowFactory.create(values)), SingleFaultTables.FAULTS)
        .first();
  }

  @Test
  void eachColumnOfResultsIsCompared() {
    Row row = harmful();
    for (String column : RESULTS) {
      Object value = row.getAs(column);
      Object other = value instanceof Integer n ? (Object) (n + 1) : "masked";
      assertThat(replay(with(row, Map.of(column, other))).differences())
          .containsExactly(new Replay.Difference(column, other, value, value));
    }
  }

  @Test
  void codesThatAreNotThoseOfTheCellAreADifference() {
    Row row = harmful();
    for (String column : List.of("before", "after")) {
      int wrong = row.<Integer>getAs(column) + 1;
      assertThat(replay(with(row, Map.of(column, wrong))).differences())
          .extracting(Replay.Difference::column)
          .containsExactly(column);
    }
  }

  @Test
  void aCellThatTheNetworkDoesNotHaveIsADamagedRow() {
    for (var change :
        List.of(
            Map.of("layer", "fc9"),
            Map.of("filter", 99),
            Map.of("index", 9999),
            Map.of("bit", 4),
            Map.of("bit", -1))) {
      Row wrong = with(harmful(), change);
      assertThatThrownBy(() -> subject(wrong))
          .as(change.toString())
          .isInstanceOf(InputException.class)
          .hasMessageContaining("damaged");
    }
  }

  @Test
  void anEngineThatIsWrongIsADifferenceEvenIfTheTableIsToo() {
    Row row = harmful();
    var wrong = with(row, Map.of("correct", row.<Integer>getAs("golden_correct"), "lost", 0));
    var replay = Replay.of(subject(wrong), SingleFaultReplayTest::deaf, true);
    assertThat(replay.again("outcome")).isEqualTo("masked");
    assertThat(replay.differences())
        .contains(
            new Replay.Difference("lost", 0, 0, row.getAs("lost")),
            new Replay.Difference("outcome", "changed-prediction", "masked", "changed-prediction"));
  }

  /** Runs with the codes as trained, whatever it is given. */
  private static Engine deaf(QuantizedNetwork network) {
    return new FailingEngine(
        "deaf",
        new ReferenceEngine(network),
        codes -> {
          byte[][] trained = network.copyCodes();
          for (int layer = 0; layer < codes.length; layer++) {
            System.arraycopy(trained[layer], 0, codes[layer], 0, codes[layer].length);
          }
        });
  }

  @Test
  void aFailedFaultIsNoDifference() {
    Row row = harmful();
    var failed = new HashMap<String, Object>();
    RESULTS.stream().filter(c -> !c.equals("golden_correct")).forEach(c -> failed.put(c, null));
    failed.put("error", "IllegalStateException: worn out");
    var replay = replay(with(row, failed));
    assertThat(replay.error()).isEmpty();
    assertThat(replay.differences()).isEmpty();
    failed.put("golden_correct", row.<Integer>getAs("golden_correct") + 1);
    assertThat(replay(with(row, failed)).differences()).hasSize(1);
  }

  @Test
  void verifyRunsRowsAgainAndFindsOneThatWasTamperedWith() throws IOException {
    var data = Optional.of(world.directory().resolve("data").toString());
    var found = Sound.verify(results, 7, data);
    assertThat(found.findings()).isEmpty();
    assertThat(found.summary())
        .contains(
            "7 single faults run again with the reference engine (seed 1): 7 the same to the bit");

    Path tampered = temp.resolve("tampered");
    var few = "  layers: [conv1]\n  encoding:"; // all of them are run again
    run(CONFIG.replace("  encoding:", few), tampered);
    var store = new TableStore(tampered.toString(), HADOOP);
    String part = store.parts("single_faults").iterator().next();
    var facts = store.facts("single_faults", part);
    var rows = store.read(SPARK, "single_faults", part).collectAsList();
    Row victim = rows.get(rows.size() / 2);
    String outcome = victim.getAs("outcome");
    String other = outcome.equals("masked") ? "changed-logits" : "masked";
    var changed =
        rows.stream().map(r -> r == victim ? with(r, Map.of("outcome", other)) : r).toList();
    Files.delete(tampered.resolve("_manifests/single_faults/" + part + ".json"));
    store.commit(
        "single_faults", part, SPARK.createDataFrame(changed, SingleFaultTables.FAULTS), facts);
    var bad = Sound.verify(tampered, rows.size() * 9, data);
    assertThat(bad.findings())
        .containsExactly(
            Text.of(
                "single fault %s of %s, stuck-at-1 in %s, filter %s, index %s, bit %s: outcome is %s in the table, %s run again, %s by the reference engine",
                victim.getAs("fault"),
                victim.getAs("network"),
                victim.getAs("layer"),
                victim.getAs("filter"),
                victim.getAs("index"),
                victim.getAs("bit"),
                other,
                outcome,
                outcome));
  }
}
