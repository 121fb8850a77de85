package org.bitquake.jobs.singlefault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.data.Dataset;
import org.bitquake.engine.Engines;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.fault.ImageSampler;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.jobs.config.InputOptions;
import org.bitquake.jobs.config.SingleFaultConfig;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.jobs.plan.SingleFaultPlan;
import org.bitquake.jobs.replay.Replay;
import org.bitquake.jobs.report.ReportRun;
import org.bitquake.jobs.sql.SqlSession;
import org.bitquake.jobs.sql.Statements;
import org.bitquake.jobs.store.SingleFaultTables;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.verify.Sound;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Single faults in memories with protections. */
class ProtectedFaultRunTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final int IMAGES = 9;

  private static final String PLAIN =
      """
      name: protected
      seed: 11
      networks: [a.qnn.npz, {file: b.qnn.npz, name: second}]
      data: {name: fashion-mnist, split: test, directory: data}
      faults:
        kind: single-bit-flip
        population: sample
        margin: 0.1
        per: layer
      images: 9
      output: unused
      """;

  private static final String CONFIG =
      PLAIN.replace(
          "images: 9\n",
          """
          memory: {rows: 16, wordsPerRow: 2}
          protections:
            - none
            - {harden: {bits: [3]}}
            - {harden: {cells: sign.csv}}
            - secded
            - parity
          images: 9
          """);

  @TempDir static Path temp;
  private static SmallWorld world;
  private static Dataset pictures;
  private static Path results;

  @BeforeAll
  static void runOnce() throws IOException {
    world = SmallWorld.create(Files.createDirectories(temp.resolve("world")));
    pictures = world.dataset();
    writeSign();
    results = run("results", CONFIG, 2, Engines::prepare);
  }

  private static void writeSign() throws IOException {
    var text = new StringBuilder("layer,filter,index,bit\n");
    for (var layer : world.network("a.qnn.npz").weightLayers()) {
      int filters = layer.geometry().outChannels();
      for (int i = 0; i < layer.weights().codes().length; i++) {
        int size = layer.weights().codes().length / filters;
        text.append(layer.name()).append(',').append(i / size);
        text.append(',').append(i % size).append(",3\n");
      }
    }
    Files.writeString(world.directory().resolve("sign.csv"), text);
  }

  private static Path run(String name, String config, int partitions, EngineSource engines) {
    Path output = temp.resolve(name);
    SmallFaults.run(world, config, output, partitions, engines);
    return output;
  }

  private static SingleFaultCampaign load(String config) {
    var hadoop = new Configuration();
    return SingleFaultLoader.load(
        Yaml.load(world.config(config), hadoop, SingleFaultConfig.class),
        new InputOptions(Optional.empty()),
        hadoop);
  }

  private static List<Row> table(Path directory, String table) {
    return new TableStore(directory.toString(), new Configuration())
        .read(SPARK, table)
        .collectAsList();
  }

  private static List<Row> faults(Path directory, String kind) {
    return new TableStore(directory.toString(), new Configuration())
        .read(SPARK, "single_faults")
        .filter("kind = '" + kind + "'")
        .sort("network", "fault")
        .collectAsList();
  }

  /** Values of a row in the columns that all single faults have, but for the kind. */
  private static List<Object> plain(Row row) {
    return Arrays.stream(SingleFaultTables.FAULTS.fieldNames())
        .filter(column -> !column.equals("kind"))
        .<Object>map(column -> String.valueOf(row.<Object>getAs(column)))
        .toList();
  }

  private static Optional<String> data() {
    return Optional.of(world.directory().resolve("data").toString());
  }

  @Test
  void noneIsAsWithoutProtections() {
    Path without = run("without", PLAIN, 2, Engines::prepare);
    assertThat(table(without, "single_faults").get(0).schema().fieldNames())
        .isEqualTo(SingleFaultTables.FAULTS.fieldNames());
    assertThat(faults(results, "bit-flip"))
        .hasSizeGreaterThan(200)
        .extracting(ProtectedFaultRunTest::plain)
        .isEqualTo(faults(without, "bit-flip").stream().map(its -> plain(its)).toList());
    assertThat(load(CONFIG).identity().hash()).isNotEqualTo(load(PLAIN).identity().hash());
    assertThat(new TableStore(without.toString(), new Configuration()).parts("protections"))
        .isEmpty();
  }

  /** A fault in a hardened cell does nothing, any other what it does without. */
  @ParameterizedTest
  @CsvSource({"harden-b3", "harden-sign"})
  void hardenedCellsDoNotFail(String protection) {
    var none = faults(results, "bit-flip");
    var hardened = faults(results, "bit-flip + " + protection);
    assertThat(hardened).hasSameSizeAs(none);
    for (int i = 0; i < none.size(); i++) {
      Row row = hardened.get(i);
      if (row.<Integer>getAs("bit") != 3) {
        assertThat(plain(row)).isEqualTo(plain(none.get(i)));
      } else {
        assertThat(row.<String>getAs("outcome")).isEqualTo("masked");
        assertThat(row.<Integer>getAs("faulty_cells")).isZero();
        assertThat(row.<Integer>getAs("after")).isEqualTo(row.<Integer>getAs("before"));
        assertThat(row.<Integer>getAs("correct")).isEqualTo(row.<Integer>getAs("golden_correct"));
      }
    }
  }

  @Test
  void aCodeThatCorrectsABitTakesAllHarm() {
    assertThat(faults(results, "bit-flip + secded-32"))
        .hasSameSizeAs(faults(results, "bit-flip"))
        .allMatch(row -> row.getAs("outcome").equals("masked"))
        .allMatch(row -> row.<Integer>getAs("changed_weights") == 0)
        .allMatch(row -> row.<Integer>getAs("faulty_cells") == 1);
  }

  /** Of a word of 32 bits, eight codes of four, all are read as zero. */
  @Test
  void parityReadsAWordAsZeros() {
    var images = new ImageSampler(11, pictures.size(), IMAGES).draw(0);
    var plain = new PlainPredictions(pictures, images);
    for (String name : List.of("a", "second")) {
      var network = world.network(name.equals("a") ? "a.qnn.npz" : "b.qnn.npz");
      int[] golden = plain.of(network, network.copyCodes());
      int tried = 0;
      for (Row row : faults(results, "bit-flip + parity-32")) {
        if (row.getAs("network").equals(name) && tried++ % 5 == 0) {
          byte[][] codes = network.copyCodes();
          int layer = row.getAs("layer").equals("conv1") ? 0 : 1;
          var geometry = network.weightLayers().get(layer).geometry();
          int size = codes[layer].length / geometry.outChannels();
          int weight = row.<Integer>getAs("filter") * size + row.<Integer>getAs("index");
          int changed = 0;
          for (int i = weight / 8 * 8; i < Math.min(weight / 8 * 8 + 8, codes[layer].length); i++) {
            changed += codes[layer][i] == 0 ? 0 : 1;
            codes[layer][i] = 0;
          }
          assertThat(row.<Integer>getAs("changed_weights")).isEqualTo(changed);
          assertThat(row.<Integer>getAs("after")).isZero();
          plain.assertRow(row, golden, plain.of(network, codes));
        }
      }
      assertThat(tried).isGreaterThan(100);
    }
  }

  @Test
  void ratesAreOfEachProtection() {
    var whole =
        table(results, "single_fault_rates").stream()
            .filter(row -> row.getAs("layer") == null && row.getAs("bit") == null)
            .toList();
    assertThat(whole).hasSize(2 * 5);
    for (Row row : whole) {
      var its =
          faults(results, row.getAs("kind")).stream()
              .filter(it -> it.getAs("network").equals(row.getAs("network")))
              .toList();
      assertThat(row.<Long>getAs("injected")).isEqualTo(its.size());
      assertThat(row.<Long>getAs("population")).isEqualTo(770 * 4);
      assertThat(row.<Double>getAs("sdc1")).isBetween(0.0, 1.0);
      if (row.<String>getAs("kind").endsWith("secded-32")) {
        assertThat(row.<Double>getAs("masked")).isCloseTo(1.0, within(1e-9));
        assertThat(row.<Double>getAs("mean_drop")).isCloseTo(0.0, within(1e-9));
      }
    }
  }

  @Test
  void aTableSaysWhatTheyCost() {
    assertThat(table(results, "protections")).hasSize(2 * 5);
    assertThat(table(results, "protections"))
        .filteredOn(row -> row.getAs("protection").equals("harden-sign"))
        .allMatch(row -> row.getAs("kind").equals("bit-flip + harden-sign"))
        .allMatch(row -> row.<Long>getAs("hardened_cells") == 770);
  }

  /** The notebook's shares are those of the rates, set against what has no protection. */
  @Test
  void aNotebookSaysWhatTheyRemove() throws IOException {
    String query = Files.readString(Path.of("..", "notebooks", "single-fault-protections.sql"));
    var rows =
        SqlSession.open(SPARK, results.toString())
            .query(Statements.split(query).get(0))
            .collectAsList();
    assertThat(rows).hasSize(2 * 5);
    var whole =
        table(results, "single_fault_rates").stream()
            .filter(row -> row.getAs("layer") == null && row.getAs("bit") == null)
            .toList();
    for (Row row : rows) {
      String network = row.getAs("network");
      String protection = row.getAs("protection");
      double none = sdc1(whole, network, "bit-flip");
      double its =
          protection.equals("none") ? none : sdc1(whole, network, "bit-flip + " + protection);
      assertThat(row.<Double>getAs("removed")).isCloseTo(100 * (1 - its / none), within(0.051));
      if (protection.equals("secded-32")) {
        assertThat(row.<Double>getAs("removed")).isEqualTo(100);
        assertThat(row.<Double>getAs("added_cells")).isGreaterThan(21);
      }
    }
  }

  private static double sdc1(List<Row> rates, String network, String kind) {
    return rates.stream()
        .filter(row -> row.getAs("network").equals(network) && row.getAs("kind").equals(kind))
        .findFirst()
        .orElseThrow()
        .getAs("sdc1");
  }

  @Test
  void neitherPartitionsNorEnginesMatter() {
    var expected = table(results, "single_faults");
    assertThat(table(run("one", CONFIG, 1, Engines::prepare), "single_faults"))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(table(run("seven", CONFIG, 7, ReferenceEngine::new), "single_faults"))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void theyRunAgain() throws IOException {
    var found = Sound.verify(results, 60, data());
    assertThat(found.findings()).isEmpty();
    assertThat(found.summary()).anyMatch(line -> line.contains("60 single faults run again"));
    var store = new TableStore(results.toString(), new Configuration());
    for (String kind : List.of("single-bit-flip + parity-32", "bit-flip + harden-sign")) {
      Map<String, Object> wanted = Map.of("network", "a", "kind", kind, "fault", 5L);
      var replay = Replay.run(SPARK, store, wanted, new Replay.Files(Optional.empty(), data()));
      assertThat(replay.differences()).isEmpty();
      assertThat(replay.faults().tally().changedWeights())
          .isEqualTo((int) replay.recorded("changed_weights"));
    }
  }

  /** Rows and columns take what a memory with check columns has along. */
  @Test
  void eventsOfSeveralCellsHaveProtectionsToo() throws IOException {
    for (String event : List.of("row", "column", "2x2")) {
      String config = CONFIG.replace("per: layer", "per: network\n  event: " + event);
      Path output = run("of " + event, config, 3, Engines::prepare);
      assertThat(Sound.verify(output, 40, data()).findings()).isEmpty();
      List<Integer> plain = new ArrayList<>();
      faults(output, "bit-flip").forEach(row -> plain.add(row.getAs("faulty_cells")));
      List<Integer> checked = new ArrayList<>();
      faults(output, "bit-flip + parity-32").forEach(row -> checked.add(row.getAs("faulty_cells")));
      assertThat(checked).hasSameSizeAs(plain);
      for (int i = 0; i < plain.size(); i++) {
        // two words to a row, each with its check bit; the last row may have one
        assertThat(checked.get(i) - plain.get(i)).isBetween(0, event.equals("row") ? 2 : 0);
      }
      assertThat(checked.equals(plain)).isEqualTo(!event.equals("row"));
    }
  }

  @Test
  void aChangedFileIsAnotherCampaign() throws IOException {
    Path file = world.directory().resolve("sign.csv");
    String before = Files.readString(file);
    try {
      Files.writeString(file, before + "# one more word\n");
      assertThatThrownBy(() -> run("results", CONFIG, 2, Engines::prepare))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("holds another campaign (other protections)")
          .hasMessageNotContaining("\n");
      assertThat(Sound.verify(results, 200, data()).findings())
          .isNotEmpty()
          .allMatch(line -> line.contains("sign.csv: another file than it was (SHA-256 "));
    } finally {
      Files.writeString(file, before);
    }
  }

  @Test
  void thePageThePlanAndTheReportSpeakOfThem() throws IOException {
    ReportRun.keep(SPARK, results.toString(), List.of());
    assertThat(Files.readString(results.resolve("report.html")))
        .contains("Single faults", "bit-flip + parity-32", "What protections remove of that");
    var campaign = load(CONFIG);
    assertThat(new SingleFaultPlan(campaign, List.of(1e-3, 1e-3), List.of(1)).text())
        .contains("under 5 protections");
    String text = new SingleFaultReport(campaign, table(results, "single_fault_rates"), "x").text();
    assertThat(text)
        .contains("a, single bit-flip + harden-sign: % of faults")
        .contains("All of that by protection, of the same faults")
        .contains("networks, protections in x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '- secded' | '- {secded: {word: 64}}' | protections[3]: secded-64: words of 64 bits of secded do not fill a word of the memory
          '- secded' | '- remap' | protections[3]: remap writes around cells that are known to be stuck, but those of bit-flip are not
          '- secded' | '- none' | protections[3]: a second protection called none
          '- secded' | '- magic' | unknown protection "magic"
          'cells: sign.csv' | 'cells: none.csv' | none.csv: no such file
          '- {harden: {bits: [3]}}' | '- {parts: [{harden: {bits: [3]}}, {harden: {cells: sign.csv}}]}' | is hardened by another part of the protection, too (network a
          """)
  void whatDoesNotFitIsOneLine(String from, String to, String message) {
    String config = CONFIG.replace(from, to == null ? "" : to);
    assertThatThrownBy(() -> load(config))
        .isInstanceOf(InputException.class)
        .hasMessageMatching("(?s).*campaign.yaml:\\d+:\\d+: .*")
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }
}
