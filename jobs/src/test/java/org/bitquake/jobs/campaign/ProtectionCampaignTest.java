package org.bitquake.jobs.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.engine.Engines;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.jobs.report.ReportRun;
import org.bitquake.jobs.sql.SqlSession;
import org.bitquake.jobs.sql.Statements;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.verify.Sound;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Campaigns over protections. */
class ProtectionCampaignTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final Configuration HADOOP = new Configuration();

  private static final String MODELS =
      SmallWorld.CONFIG
          .replace(
              "  kinds: [bit-flip, stuck-at-1]\n",
              """
                models:
                  - bit-flip
                  - {name: open, pattern: {cluster: {1x1: 0.6, 2x2: 0.4}}, effect: stuck-open}
                  - {name: rows, pattern: row, effect: {mixed: {stuck-at-0: .5, stuck-at-1: .5}}}
              """)
          .replace("perCell: 9", "perCell: 5")
          .replace("output:", "memory: {rows: 16, wordsPerRow: 2}\noutput:");

  private static final String CONFIG =
      MODELS.replace(
          "output:",
          """
          protections:
            - none
            - {harden: {bits: [3]}}
            - secded
            - {name: sign and parity, parts: [{harden: {bits: [3], areaFactor: 2}}, parity]}
          output:""");

  @TempDir static Path temp;
  private static SmallWorld world;
  private static Path undisturbed;

  @BeforeAll
  static void runOnce() throws IOException {
    world = SmallWorld.create(Files.createDirectories(temp.resolve("world")));
    undisturbed = run("undisturbed", CONFIG, 2, Engines::prepare);
  }

  private static Path run(String name, String config, int partitions, EngineSource engines) {
    return world.run(temp.resolve(name), config, partitions, engines);
  }

  private static List<Row> trials(Path directory, String condition) {
    return SmallWorld.trials(directory, condition);
  }

  /** Rows without what names faults, protection and scope. */
  /** A hardened bit is one that {@code faults.bits} leaves out, row for row. */
  @ParameterizedTest
  @CsvSource({"bit-flip", "open", "rows"})
  void hardenedBitsAreBitsOutOfScope(String faults) {
    Path scoped =
        run(
            "scoped",
            MODELS.replace("  rates:", "  bits: [0, 1, 2]\n  rates:"),
            3,
            Engines::prepare);
    var expected = SmallWorld.results(trials(scoped, "kind = '" + faults + "'"));
    assertThat(SmallWorld.results(trials(undisturbed, "kind = '" + faults + " + harden-b3'")))
        .isEqualTo(expected)
        .isNotEqualTo(SmallWorld.results(trials(undisturbed, "kind = '" + faults + "'")));
  }

  @Test
  void whatHasNoProtectionIsAsWithoutProtections() {
    Path plain = run("plain", MODELS, 2, Engines::prepare);
    assertThat(trials(undisturbed, "kind NOT LIKE '%+%'")).isEqualTo(trials(plain, "true"));
    assertThat(new TableStore(plain.toString(), HADOOP).parts("protections")).isEmpty();
  }

  @Test
  void neitherPartitionsNorEnginesMatter() {
    var expected = trials(undisturbed, "true");
    assertThat(expected).hasSize(5 * 3 * 3 * 3 * 4).allMatch(row -> row.getAs("error") == null);
    assertThat(trials(run("one", CONFIG, 1, Engines::prepare), "true")).isEqualTo(expected);
    assertThat(trials(run("seven", CONFIG, 7, ReferenceEngine::new), "true")).isEqualTo(expected);
  }

  @Test
  void everythingAboutItIsSoundAndRunsAgain() throws IOException {
    Sound.assertRunsAgain(undisturbed, 200, world.directory().resolve("data"));
  }

  @Test
  void aTableSaysWhatTheyCost() {
    var rows = new TableStore(undisturbed.toString(), HADOOP).read(SPARK, "protections");
    assertThat(rows.count()).isEqualTo(3 * 3 * 4);
    for (Row row : rows.collectAsList()) {
      long data = row.getAs("data_cells");
      String protection = row.getAs("protection");
      assertThat(row.<String>getAs("kind"))
          .isEqualTo(row.getAs("faults") + (protection.equals("none") ? "" : " + " + protection));
      double area = row.getAs("added_area");
      switch (protection) {
        case "none" -> assertThat(area).isZero();
        case "harden-b3" -> assertThat(area).isCloseTo(0.33 / 4, within(1e-12));
        case "secded-32" -> assertThat(area).isBetween(7.0 / 32, 7.0 / 32 + 7.0 * 9 / data);
        default -> {
          assertThat(protection).isEqualTo("sign and parity");
          assertThat(row.<Long>getAs("hardened_cells")).isEqualTo(data / 4);
          assertThat(area).isBetween(0.25 + 1.0 / 32, 0.25 + 1.0 / 32 + 9.0 / data);
        }
      }
    }
  }

  /** The notebook's gains are the differences of the cells' accuracies, and known better. */
  @Test
  void aNotebookSetsGainsAgainstCosts() throws IOException {
    var session = SqlSession.open(SPARK, undisturbed.toString());
    String query = Files.readString(Path.of("..", "notebooks", "protections.sql"));
    var rows = session.query(Statements.split(query).get(0)).collectAsList();
    assertThat(rows).hasSize(3 * 3 * 3 * 4);
    for (Row row : rows) {
      var plain =
          rows.stream()
              .filter(it -> it.getAs("protection").equals("none"))
              .filter(it -> it.getAs("network").equals(row.getAs("network")))
              .filter(it -> it.getAs("faults").equals(row.getAs("faults")))
              .filter(it -> it.getAs("percent_faulty").equals(row.getAs("percent_faulty")))
              .toList();
      assertThat(plain).hasSize(1);
      if (row != plain.get(0)) {
        double gain = row.<Double>getAs("accuracy") - plain.get(0).<Double>getAs("accuracy");
        assertThat(row.<Double>getAs("gain")).isCloseTo(gain, within(0.03));
      }
    }
  }

  @Test
  void thePageSetsGainsAgainstCosts() throws IOException {
    ReportRun.keep(SPARK, undisturbed.toString(), List.of());
    assertThat(Files.readString(undisturbed.resolve("report.html")))
        .contains("What protection is worth its cells", "sign and parity");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '- secded' | '- {secded: {word: 64}}' | protections[2]: secded-64: words of 64 bits of secded do not fill a word of the memory, which has 32 bits
          '- secded' | '- {tmr: {bits: [4]}}' | protections[2]: tmr-b4: tmr names bit 4, but weights have the bits 0…3
          '- secded' | '- {parts: [secded, parity]}' | protections[2]: secded-32+parity-32: secded and parity both protect what is left of layer
          '- secded' | '- {parts: [{harden: {bits: [3]}}, {tmr: {bits: [3]}}]}' | harden and tmr both protect bit 3 of layer
          '- secded' | '- {harden: {layers: [conv9]}}' | harden names the layer conv9; there are
          '- secded' | '- {harden: {bits: [3], areaFactor: 0.5}}' | areaFactor: 0.5 is outside 1
          '- secded' | '- {hamming: {word: 0}}' | word: a word of a code has 1 to 64 data bits, not 0
          '- secded' | '- {secded: {onError: drop}}' | on-error is "drop"; there are zero and keep
          '- secded' | '- remap' | protections[2]: remap writes around cells that are known to be stuck, but those of bit-flip are not
          '- secded' | '- magic' | unknown protection "magic"; there are parity, secded
          '- secded' | '- none' | protections[2]: a second protection called none; give it another name or leave it out
          '- secded' | '- {harden: {bits: []}}' | expected a list of whole numbers, such as [3]
          """)
  void whatDoesNotFitIsOneLine(String from, String to, String message) {
    String config = CONFIG.replace(from, to);
    assertThat(config).isNotEqualTo(CONFIG);
    assertThatThrownBy(() -> world.load(config))
        .isInstanceOf(InputException.class)
        .hasMessageMatching("(?s).*campaign.yaml:\\d+:\\d+: .*")
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }
}
