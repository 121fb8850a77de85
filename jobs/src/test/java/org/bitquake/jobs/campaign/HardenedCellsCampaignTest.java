package org.bitquake.jobs.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.Sha256;
import org.bitquake.engine.Engines;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.jobs.replay.Replay;
import org.bitquake.jobs.report.ReportRun;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.verify.Sound;
import org.bitquake.jobs.verify.Verification;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Campaigns with hardened cells that a file lists. */
class HardenedCellsCampaignTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final Configuration HADOOP = new Configuration();

  private static final String CONFIG =
      SmallWorld.CONFIG
          .replace("  - wide.qnn.npz\n", "")
          .replace(
              "  kinds: [bit-flip, stuck-at-1]\n",
              """
                models:
                  - bit-flip
                  - {name: open, pattern: {cluster: {1x1: 0.6, 2x2: 0.4}}, effect: stuck-open}
                  - {name: rows, pattern: row, effect: {mixed: {stuck-at-0: .5, stuck-at-1: .5}}}
              """)
          .replace("perCell: 9", "perCell: 5")
          .replace(
              "output:",
              """
              memory: {rows: 16, wordsPerRow: 2}
              protections:
                - none
                - {harden: {bits: [3]}}
                - {harden: {cells: cells/sign.csv}}
                - {harden: {layers: [fc1]}}
                - {harden: {cells: cells/last.csv}}
                - {name: some and secded, parts: [{harden: {cells: cells/some.csv, areaFactor: 2}}, secded]}
              output:""");

  @TempDir static Path temp;
  private static SmallWorld world;
  private static Path cells;
  private static Path undisturbed;

  /** Which cells of a network a file lists. */
  @FunctionalInterface
  private interface Wanted {
    boolean is(String layer, int weight, int bit);
  }

  @BeforeAll
  static void runOnce() throws IOException {
    world = SmallWorld.create(Files.createDirectories(temp.resolve("world")));
    cells = Files.createDirectories(world.directory().resolve("cells"));
    write("sign.csv", (layer, weight, bit) -> bit == 3);
    write("last.csv", (layer, weight, bit) -> layer.equals("fc1"));
    write("some.csv", (layer, weight, bit) -> (31 * weight + 7 * bit) % 10 == 3);
    undisturbed = run("undisturbed", CONFIG, 2, Engines::prepare);
  }

  private static void write(String name, Wanted wanted) throws IOException {
    QuantizedNetwork network = world.network("a.qnn.npz");
    var text = new StringBuilder("layer,filter,index,bit\n");
    for (var layer : network.weightLayers()) {
      int filter = layer.weights().codes().length / layer.geometry().outChannels();
      for (int weight = 0; weight < layer.weights().codes().length; weight++) {
        for (int bit = 0; bit < layer.weights().bits(); bit++) {
          if (wanted.is(layer.name(), weight, bit)) {
            text.append(layer.name()).append(',').append(weight / filter);
            text.append(',').append(weight % filter).append(',').append(bit).append('\n');
          }
        }
      }
    }
    Files.writeString(cells.resolve(name), text);
  }

  private static Path run(String name, String config, int partitions, EngineSource engines) {
    return world.run(temp.resolve(name), config, partitions, engines);
  }

  private static List<Row> trials(Path directory, String condition) {
    return SmallWorld.trials(directory, condition);
  }

  private static Optional<String> data() {
    return Optional.of(world.directory().resolve("data").toString());
  }

  /** Rows without what names faults and protection. */
  private static List<List<Object>> results(String kind) {
    return SmallWorld.results(trials(undisturbed, "kind = '" + kind + "'"));
  }

  /** A file of all cells of a bit, or of a layer, is that bit or layer, row for row. */
  @ParameterizedTest
  @CsvSource({
    "bit-flip, b3, sign",
    "open, b3, sign",
    "rows, b3, sign",
    "bit-flip, fc1, last",
    "open, fc1, last",
    "rows, fc1, last"
  })
  void aFileOfABitOrALayerIsThatBitOrLayer(String faults, String named, String listed) {
    assertThat(results(faults + " + harden-" + listed))
        .hasSize(2 * 3 * 5)
        .isEqualTo(results(faults + " + harden-" + named))
        .isNotEqualTo(results(faults));
  }

  @Test
  void neitherPartitionsNorEnginesMatter() {
    var expected = trials(undisturbed, "true");
    assertThat(expected).hasSize(5 * 2 * 3 * 3 * 6).allMatch(row -> row.getAs("error") == null);
    assertThat(trials(run("one", CONFIG, 1, Engines::prepare), "true")).isEqualTo(expected);
    assertThat(trials(run("seven", CONFIG, 7, ReferenceEngine::new), "true")).isEqualTo(expected);
  }

  @Test
  void everythingAboutItIsSoundAndRunsAgain() throws IOException {
    Sound.assertRunsAgain(undisturbed, 200, world.directory().resolve("data"));
  }

  @Test
  void rowsNameTheFileAndWhatItHolds() throws IOException {
    String sha256 = Sha256.hex(Files.readAllBytes(cells.resolve("sign.csv")));
    assertThat(trials(undisturbed, "kind = 'bit-flip + harden-sign'"))
        .isNotEmpty()
        .allMatch(
            row ->
                row.<String>getAs("model")
                    .endsWith(
                        "\"protection\":{\"name\":\"harden-sign\",\"parts\":[{\"harden\":{"
                            + "\"cells\":{\"file\":\"sign.csv\",\"sha256\":\""
                            + sha256
                            + "\"},\"areaFactor\":1.33}}]}}"));
  }

  @Test
  void aReplayListsNoFaultInThem() throws IOException {
    var store = new TableStore(undisturbed.toString(), HADOOP);
    Map<String, Object> wanted =
        Map.of("network", "a", "kind", "bit-flip + harden-sign", "rate", 0.05, "trial", 3L);
    var replay = Replay.run(SPARK, store, wanted, new Replay.Files(Optional.empty(), data()));
    assertThat(replay.differences()).isEmpty();
    assertThat(replay.faults().faults()).isNotEmpty().allMatch(fault -> fault.bit() != 3);
  }

  @Test
  void aTableSaysWhatTheyCost() throws IOException {
    long lines = Files.readAllLines(cells.resolve("some.csv")).size() - 1L;
    for (Row row :
        new TableStore(undisturbed.toString(), HADOOP).read(SPARK, "protections").collectAsList()) {
      long all = row.getAs("data_cells");
      double area = row.getAs("added_area");
      switch (row.<String>getAs("protection")) {
        case "harden-sign" -> {
          assertThat(row.<Long>getAs("hardened_cells")).isEqualTo(all / 4);
          assertThat(area).isCloseTo(0.33 / 4, within(1e-12));
        }
        case "some and secded" -> {
          assertThat(row.<Long>getAs("hardened_cells")).isEqualTo(lines);
          long checks = row.getAs("check_cells");
          assertThat(area).isCloseTo((double) (lines + checks) / all, within(1e-12));
        }
        default -> assertThat(area).isNotNegative();
      }
    }
  }

  @Test
  void encodingsAndTrialsUntilIntervalsAreNarrowGoAlong() throws IOException {
    String config =
        CONFIG
            .replace("{perCell: 5}", "{until: {halfWidth: 0.05, max: 60}}")
            .replace("rates: [0, 0.003, 0.05]", "rates: [0, 0.05]")
            .replaceFirst("    - .name: open.*\n", "")
            .replaceFirst("  - .harden: .layers.*\n", "")
            .replaceFirst("  - .harden: .cells: cells/last.*\n", "")
            .replace("images: 20", "images: auto")
            .replace("protections:", "encodings: [twos-complement, gray]\nprotections:");
    Path output = run("adaptive", config, 3, Engines::prepare);
    assertThat(trials(output, "kind = 'rows in gray + harden-sign' AND rate > 0"))
        .isNotEmpty()
        .allMatch(row -> row.getAs("error") == null);
    assertThat(Sound.verify(output, 40, data()).findings()).isEmpty();
    ReportRun.keep(SPARK, output.toString(), List.of());
    assertThat(Files.readString(output.resolve("report.html")))
        .contains("What protection is worth its cells", "some and secded");
  }

  /** What a file lists is part of what a campaign is. */
  @Test
  void aChangedFileIsAnotherCampaign() throws IOException {
    Path sign = cells.resolve("sign.csv");
    Path kept = temp.resolve("kept.csv");
    String before = CampaignIdentity.of(world.load(CONFIG)).hash();
    Files.copy(sign, kept, StandardCopyOption.REPLACE_EXISTING);
    try {
      Files.writeString(sign, Files.readString(sign) + "# one more word\n");
      assertThat(CampaignIdentity.of(world.load(CONFIG)).hash()).isNotEqualTo(before);
      assertThatThrownBy(() -> run("undisturbed", CONFIG, 2, Engines::prepare))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("holds another campaign (other models)")
          .hasMessageNotContaining("\n");
      assertThat(Sound.verify(undisturbed, 200, data()).findings())
          .isNotEmpty()
          .allMatch(
              line ->
                  line.contains("harden-sign at rate")
                      && line.contains("sign.csv: another file than it was (SHA-256 "));
      Files.delete(sign);
      assertThatThrownBy(() -> world.load(CONFIG))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("protections[2]: ")
          .hasMessageEndingWith("cells/sign.csv: no such file");
      Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
      Files.copy(kept, elsewhere.resolve("sign.csv"), StandardCopyOption.REPLACE_EXISTING);
      for (String other : List.of("last.csv", "some.csv")) {
        Files.copy(
            cells.resolve(other), elsewhere.resolve(other), StandardCopyOption.REPLACE_EXISTING);
      }
      var files = new Replay.Files(Optional.empty(), data(), Optional.of(elsewhere.toString()));
      var moved =
          Verification.run(SPARK, undisturbed.toString(), new Verification.Options(60, 1, files));
      assertThat(moved.findings()).isEmpty();
    } finally {
      Files.copy(kept, sign, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** A configuration may say what a file must hold. */
  @Test
  void aHashInTheConfigurationIsHeldTo() throws IOException {
    String sha256 = Sha256.hex(Files.readAllBytes(cells.resolve("sign.csv")));
    String pinned =
        CONFIG.replace(
            "cells: cells/sign.csv", "cells: {file: cells/sign.csv, sha256: " + sha256 + "}");
    assertThat(CampaignIdentity.of(world.load(pinned)).hash())
        .isEqualTo(CampaignIdentity.of(world.load(CONFIG)).hash());
    assertThatThrownBy(() -> world.load(pinned.replace(sha256, "0".repeat(64))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("another file than it was");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'cells: cells/sign.csv' | 'cells: cells/none.csv' | cells/none.csv: no such file
          'cells: cells/sign.csv' | 'cells: cells/sign.txt' | protections[2].harden.cells: "sign.txt": the name of a list of cells has up to
          'cells: cells/sign.csv' | 'cells: 7' | protections[2].harden.cells: expected
          'cells: cells/sign.csv' | 'cells: cells/sign.csv, bits: [3]' | protections[2].harden.cells: the file names each cell; give layers and bits to a harden of their own
          'cells: cells/sign.csv' | 'cells: cells/sign.csv, areaFactor: 0.5' | areaFactor: 0.5 is outside 1
          'some.csv, areaFactor: 2}}, secded' | 'some.csv}}, {harden: {bits: [3]}}' | is hardened by another part of the protection, too (network a, faults bit-flip)
          'some.csv, areaFactor: 2}}, secded' | 'some.csv}}, {harden: {cells: cells/sign.csv}}' | is here a second time (network a, faults bit-flip)
          """)
  void whatDoesNotFitIsOneLine(String from, String to, String message) {
    String config = CONFIG.replace(from, to);
    assertThatThrownBy(() -> world.load(config))
        .isInstanceOf(InputException.class)
        .hasMessageMatching("(?s).*campaign.yaml:\\d+:\\d+: .*")
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void cellsOfSeveralBitsAreNotListedByBits() {
    String config =
        CONFIG
            .replace("stuck-open", "{drift: {levels: 2, gray: true, direction: either}}")
            .replace("  - {harden: {bits: [3]}}\n", "");
    assertThatThrownBy(() -> world.load(config))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "harden-sign: harden is about single bits, but a cell holds 2; harden layers (network a")
        .hasMessageNotContaining("\n");
  }

  /** Networks of one shape share a file; one that lacks a cell is named with file and line. */
  @Test
  void cellsThatANetworkLacksAreNamedWithTheirLine() throws IOException {
    String wide = CONFIG.replace("networks:\n", "networks:\n  - wide.qnn.npz\n");
    Files.writeString(cells.resolve("bad.csv"), "layer,filter,index,bit\nconv1,2,0,3\n");
    assertRefused(wide, "bad.csv:2: filter 2; layer conv1 has 0 to 1 (network a, faults bit-flip)");
    Files.writeString(cells.resolve("bad.csv"), "layer,filter,index,bit\nfc1,0,0,3\nfc1,10,0,3\n");
    assertRefused(
        CONFIG, "bad.csv:3: filter 10; layer fc1 has 0 to 9 (network a, faults bit-flip)");
    Files.writeString(cells.resolve("bad.csv"), "layer,filter,index,bit\n");
    assertRefused(CONFIG, "bad.csv:2: no cell; list those that are hardened");
    Files.writeString(cells.resolve("bad.csv"), "");
    assertRefused(CONFIG, "bad.csv:1: an empty file");
    Files.writeString(cells.resolve("bad.csv"), "layer,filter,index,bit\nfc1,0,0,3\nfc1,0,0,3\n");
    assertRefused(
        CONFIG, "bad.csv:3: fc1, filter 0, index 0, bit 3 is here a second time (network a,");
  }

  private static void assertRefused(String config, String message) {
    assertThatThrownBy(() -> world.load(config.replace("sign.csv", "bad.csv")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }
}
