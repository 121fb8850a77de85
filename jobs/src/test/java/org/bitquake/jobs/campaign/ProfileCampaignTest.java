package org.bitquake.jobs.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.Sha256;
import org.bitquake.engine.Engines;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.pattern.Profile;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.jobs.replay.Replay;
import org.bitquake.jobs.report.ReportRun;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.verify.Sound;
import org.bitquake.jobs.verify.Verification;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Campaigns in the memory of measured chips. */
class ProfileCampaignTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final Configuration HADOOP = new Configuration();

  /** Chips with probabilities say themselves how often cells fail. */
  private static final String CONFIG =
      SmallWorld.CONFIG
          .replace(
              "  kinds: [bit-flip, stuck-at-1]\n  rates: [0, 0.003, 0.05]\n",
              """
                models:
                  - bit-flip
                  - {name: lot, pattern: {profile: [chips/a.csv, chips/b.csv]}}
              """)
          .replace("perCell: 9", "perCell: 8")
          .replace("output:", "memory: {rows: 16, wordsPerRow: 2}\noutput:");

  private static final String VOLTAGES =
      CONFIG
          .replace("chips/a.csv, chips/b.csv", "chips/t.csv")
          .replace("trials:", "  rates: {voltages: [0.95, 0.75, 0.5]}\ntrials:");

  @TempDir static Path temp;
  private static SmallWorld world;
  private static Path chips;
  private static Path undisturbed;
  private static Path voltages;

  @BeforeAll
  static void runOnce() throws IOException {
    world = SmallWorld.create(Files.createDirectories(temp.resolve("world")));
    chips = world.directory().resolve("chips");
    Chips.probabilities(chips.resolve("a.csv"), 1, 1);
    Chips.probabilities(chips.resolve("b.csv"), 6, 2);
    Chips.thresholds(chips.resolve("t.csv"), 3, 3);
    undisturbed = run("undisturbed", CONFIG, 2);
    voltages = run("voltages", VOLTAGES, 2);
  }

  private static Path run(String name, String config, int partitions) {
    return world.run(temp.resolve(name), config, partitions, Engines::prepare);
  }

  private static Campaign load(String config) {
    return world.load(config);
  }

  private static List<Row> rows(Path directory, String table) {
    return new TableStore(directory.toString(), HADOOP).read(SPARK, table).collectAsList();
  }

  private static List<Row> trials(Path directory) {
    return SmallWorld.trials(directory, "true");
  }

  private static Profile profile(Campaign campaign) {
    return (Profile) campaign.kinds().get(1).faults().pattern();
  }

  private static Optional<String> data() {
    return Optional.of(world.directory().resolve("data").toString());
  }

  /** Every trial alone: its own source, drawn at its own rate. */
  @Test
  void rowsAreThoseOfAPlainLoop() {
    for (Path directory : List.of(undisturbed, voltages)) {
      var campaign = load(directory.equals(undisturbed) ? CONFIG : VOLTAGES);
      List<List<Object>> expected = new ArrayList<>();
      for (long trial = 0; trial < 8; trial++) {
        for (var network : campaign.networks()) {
          for (var kind : campaign.kinds()) {
            for (double rate : campaign.rates()) {
              var its = tally(network, kind, trial, rate);
              expected.add(
                  List.of(
                      network.name(),
                      kind.name(),
                      rate,
                      trial,
                      its.faultyCells(),
                      its.changedWeights()));
            }
          }
        }
      }
      assertThat(trials(directory))
          .extracting(
              row ->
                  List.<Object>of(
                      row.getAs("network"),
                      row.getAs("kind"),
                      row.<Double>getAs("rate"),
                      row.<Long>getAs("trial"),
                      row.<Long>getAs("faulty_cells"),
                      row.<Long>getAs("changed_weights")))
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  private static org.bitquake.fault.FaultMap.Tally tally(
      CampaignNetwork network, MemoryModel kind, long trial, double rate) {
    int[] weights = CampaignNetwork.weights(network.network());
    int[] bits = CampaignNetwork.bits(network.network());
    return kind.source(11, weights, bits, network.scope())
        .draw(trial, rate)
        .apply(
            kind.faults().effect(), rate, Encoding.TWOS_COMPLEMENT, network.network().copyCodes());
  }

  @Test
  void chipsWithProbabilitiesHaveOneRate() {
    var campaign = load(CONFIG);
    assertThat(campaign.rates()).containsExactly(profile(campaign).most());
    assertThat(campaign.points()).isEmpty();
    assertThat(rows(undisturbed, "cells"))
        .hasSize(3 * 2)
        .allMatch(row -> row.<Double>getAs("rate") == profile(campaign).most());
    assertThat(rows(undisturbed, "pairs")).anyMatch(row -> row.getAs("differs_in").equals("kind"));
  }

  @Test
  void thresholdsHaveARateForEachVoltage() {
    var campaign = load(VOLTAGES);
    var chip = profile(campaign);
    assertThat(campaign.rates()).containsExactly(0.0, chip.rateAt(0.75), chip.most());
    for (Row row : rows(voltages, "cells")) {
      assertThat(row.<Double>getAs("rate")).isEqualTo(chip.rateAt(row.<Double>getAs("voltage")));
      assertThat(row.<Double>getAs("energy")).isNull();
      assertThat(row.<Boolean>getAs("exact")).isEqualTo(row.<Double>getAs("voltage") == 0.95);
    }
    assertThat(rows(voltages, "cells")).hasSize(3 * 2 * 3);
  }

  @Test
  void partitionsDoNotMatter() {
    for (int partitions : new int[] {1, 7}) {
      assertThat(trials(run("cut" + partitions, CONFIG, partitions)))
          .isEqualTo(trials(undisturbed));
      assertThat(trials(run("volts" + partitions, VOLTAGES, partitions)))
          .isEqualTo(trials(voltages));
    }
  }

  @Test
  void rowsNameTheChipsAndWhatTheyHold() throws IOException {
    String a = Sha256.hex(Files.readAllBytes(chips.resolve("a.csv")));
    String b = Sha256.hex(Files.readAllBytes(chips.resolve("b.csv")));
    String model =
        "{\"pattern\":{\"profile\":[{\"file\":\"a.csv\",\"sha256\":\"%s\"},{\"file\":\"b.csv\",\"sha256\":\"%s\"}]},\"memory\":{\"word\":32,\"rows\":16,\"wordsPerRow\":2,\"interleave\":true}}"
            .replaceFirst("%s", a)
            .replaceFirst("%s", b);
    assertThat(trials(undisturbed))
        .allMatch(
            row ->
                row.getAs("kind").equals("lot")
                    ? row.getAs("model").equals(model)
                    : row.getAs("model") == null);
  }

  @Test
  void everythingAboutItIsSoundAndRunsAgain() throws IOException {
    for (Path directory : List.of(undisturbed, voltages)) {
      Sound.assertRunsAgain(directory, 40, world.directory().resolve("data"));
    }
  }

  @Test
  void faultsHaveTheirPlaces() throws IOException {
    var store = new TableStore(undisturbed.toString(), HADOOP);
    Map<String, Object> wanted = Map.of("network", "a", "kind", "lot", "trial", 3L);
    var replay = Replay.run(SPARK, store, wanted, new Replay.Files(Optional.empty(), data()));
    assertThat(replay.differences()).isEmpty();
    assertThat(replay.faults().faults()).isNotEmpty().allMatch(f -> f.place().isPresent());
  }

  @Test
  void thePageShowsWhereFaultsFall() throws IOException {
    ReportRun.keep(SPARK, undisturbed.toString(), List.of());
    assertThat(Files.readString(undisturbed.resolve("report.html")))
        .contains("Where faults fall", " of a: lot\"");
  }

  @Test
  void trialsUntilIntervalsAreNarrowRunAgainToo() throws IOException {
    String config =
        VOLTAGES
            .replace("{perCell: 8}", "{until: {halfWidth: 0.03, max: 200}}")
            .replace("images: 20", "images: auto");
    Path output = run("adaptive", config, 3);
    assertThat(rows(output, "cells"))
        .allMatch(
            row -> row.<Double>getAs("half_width") <= 0.03 || row.<Long>getAs("trials") == 200);
    assertThat(Sound.verify(output, 20, data()).findings()).isEmpty();
  }

  /** What a chip holds is part of what a campaign is. */
  @Test
  void aChangedChipIsAnotherCampaign() throws IOException {
    Path a = chips.resolve("a.csv");
    Path kept = temp.resolve("kept.csv");
    Path results = run("changed", CONFIG, 2);
    String before = CampaignIdentity.of(load(CONFIG)).hash();
    Files.copy(a, kept, StandardCopyOption.REPLACE_EXISTING);
    try {
      Files.writeString(a, Files.readString(a) + "# one more word\n");
      assertThat(CampaignIdentity.of(load(CONFIG)).hash()).isNotEqualTo(before);
      assertThatThrownBy(() -> run("changed", CONFIG, 2))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("holds another campaign (other models)")
          .hasMessageNotContaining("\n");
      var found = Sound.verify(results, 40, data());
      assertThat(found.findings())
          .isNotEmpty()
          .allMatch(
              line ->
                  line.contains("lot at rate")
                      && line.contains("a.csv: another file than it was (SHA-256 "));
      Files.delete(a);
      assertThat(Sound.verify(results, 40, data()).findings())
          .isNotEmpty()
          .allMatch(line -> line.contains("a.csv: no such file"));
      assertThatThrownBy(() -> load(CONFIG))
          .isInstanceOf(InputException.class)
          .hasMessageEndingWith("chips/a.csv: no such file");
      Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
      Files.copy(kept, elsewhere.resolve("a.csv"), StandardCopyOption.REPLACE_EXISTING);
      Files.copy(
          chips.resolve("b.csv"), elsewhere.resolve("b.csv"), StandardCopyOption.REPLACE_EXISTING);
      var files = new Replay.Files(Optional.empty(), data(), Optional.of(elsewhere.toString()));
      var moved =
          Verification.run(SPARK, results.toString(), new Verification.Options(40, 1, files));
      assertThat(moved.findings()).isEmpty();
    } finally {
      Files.copy(kept, a, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** A campaign may say what its chips must hold. */
  @Test
  void aHashInTheConfigurationIsHeldTo() throws IOException {
    String sha256 = Sha256.hex(Files.readAllBytes(chips.resolve("t.csv")));
    String pinned = VOLTAGES.replace("chips/t.csv", "{file: chips/t.csv, sha256: " + sha256 + "}");
    assertThat(CampaignIdentity.of(load(pinned)).hash())
        .isEqualTo(CampaignIdentity.of(load(VOLTAGES)).hash());
    String other = pinned.replace(sha256, "0".repeat(64));
    assertThatThrownBy(() -> load(other))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("another file than it was");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '{rows: 16' | '{rows: 8' | faults.models[1].pattern: t.csv has arrays of 16x64 cells, but those of the memory are 8x64
          'rates: {voltages: [0.95, 0.75, 0.5]}' | 'bits: [1]' | faults.rates: missing; chips with threshold voltages need rates: {voltages: [0.6, …]}
          '{voltages: [0.95, 0.75, 0.5]}' | '[0.01, 0.5]' | faults.rates[1]: a rate of 0.5, but the chips of lot fail at 0.0
          'voltages: [0.95, 0.75, 0.5]' | 'voltages: [0.75, 0.71]' | faults.rates.voltages[1]: cells fail with 0.0
          'chips/t.csv' | 'chips/t.csv, chips/a.csv' | faults.models[1].pattern: a.csv has probability, but t.csv threshold_voltage; give chips of one kind
          'chips/t.csv' | 'chips/t.csv, chips/t.csv' | faults.models[1].pattern.profile[1]: chips/t.csv is here twice
          'chips/t.csv' | 'chips/t.csv, chips/../chips/t.csv' | faults.models[1].pattern: t.csv holds the same as another
          'chips/t.csv' | 'chips/a.csv' | faults.rates: neither a curve, nor a pattern profile of chips with threshold voltages; give one
          'chips/t.csv' | 'chips/none.csv' | chips/none.csv: no such file
          'chips/t.csv' | 'chips/t.txt' | faults.models[1].pattern.profile[0]: "t.txt": the name of a chip
          'name: lot,' | 'name: lot, target: offsets,' | measured chips are of the memory of weights, not of offsets; leave out target
          'output:' | 'protections: [parity]\noutput:' | protections[0]: parity-32 has check bits, of whose cells the chips of lot say nothing; harden cells, or leave out one of them
          'chips/t.csv' | '' | faults.models[1].pattern.profile: expected a list of 1 to 64 files of chips
          'chips/t.csv' | '{file: chips/t.csv, sha256: abc}' | faults.models[1].pattern.profile[0].sha256: expected 64 digits
          'profile: [chips/t.csv]}}' | 'profile: [chips/t.csv]}, effect: bit-flip}' | faults.models[1].effect: the chips of profile say what their cells read
          """)
  void whatDoesNotFitIsOneLine(String from, String to, String message) {
    String config = VOLTAGES.replace(from, to == null ? "" : to);
    assertThat(config).isNotEqualTo(VOLTAGES);
    assertThatThrownBy(() -> load(config))
        .isInstanceOf(InputException.class)
        .hasMessageMatching("(?s).*campaign.yaml:\\d+:\\d+: .*")
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void whatIsWrongInAChipIsNamedWithItsLine() throws IOException {
    String text = Files.readString(chips.resolve("t.csv"));
    Files.writeString(chips.resolve("bad.csv"), text.replaceFirst("\n0,", "\n3,"));
    assertRefused("bad.csv", "chips/bad.csv:5: array 3; the chip has arrays 0 to 2");
    Files.write(
        chips.resolve("long.csv"), "#".repeat((1 << 26) + 1).getBytes(StandardCharsets.UTF_8));
    assertRefused("long.csv", "chips/long.csv: longer than 64 MiB, not a chip");
    Files.delete(chips.resolve("long.csv"));
  }

  /** The same cells in a table of another kind are the same faults. */
  @Test
  void parquetSaysTheSame() throws IOException {
    var metadata = Map.of("arrays", "3", "rows", "16", "columns", "64");
    ChipParquets.write(chips.resolve("t.csv"), chips.resolve("t.parquet"), metadata);
    var csv = load(VOLTAGES);
    var parquet = load(VOLTAGES.replace("t.csv", "t.parquet"));
    assertThat(parquet.rates()).isEqualTo(csv.rates());
    var network = csv.networks().get(0);
    for (long trial = 0; trial < 5; trial++) {
      for (double rate : csv.rates()) {
        assertThat(tally(network, parquet.kinds().get(1), trial, rate))
            .isEqualTo(tally(network, csv.kinds().get(1), trial, rate));
      }
    }
    Path output = run("parquet", VOLTAGES.replace("t.csv", "t.parquet"), 2);
    assertThat(Sound.verify(output, 10, data()).findings()).isEmpty();

    ChipParquets.write(chips.resolve("t.csv"), chips.resolve("bad.parquet"), Map.of("rows", "16"));
    assertRefused("bad.parquet", "bad.parquet: its metadata do not say how many arrays");
    var small = Map.of("arrays", "3", "rows", "15", "columns", "64");
    ChipParquets.write(chips.resolve("t.csv"), chips.resolve("bad.parquet"), small);
    assertRefused("bad.parquet", "row 15; the chip has rows 0 to 14");
    Files.write(chips.resolve("torn.parquet"), "PAR1 or not".getBytes(StandardCharsets.UTF_8));
    assertRefused("torn.parquet", "torn.parquet: no Parquet file that can be read, or damaged");
  }

  private static void assertRefused(String file, String message) {
    assertThatThrownBy(() -> load(VOLTAGES.replace("t.csv", file)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  /** Two lots that fail differently are two campaigns, unless rates are given that both reach. */
  @Test
  void profilesOfSeveralRatesNeedRates() {
    String two =
        CONFIG.replace(
            "{name: lot, pattern: {profile: [chips/a.csv, chips/b.csv]}}",
            "{name: a, pattern: {profile: [chips/a.csv]}}\n"
                + "    - {name: b, pattern: {profile: [chips/b.csv]}}");
    assertThatThrownBy(() -> load(two))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "faults.rates: missing; the profiles were measured at different rates");
    var campaign = load(two.replace("trials:", "  rates: [0.01, 0.05]\ntrials:"));
    assertThat(campaign.rates()).containsExactly(0.01, 0.05);
    assertThat(campaign.kinds()).hasSize(3);
  }
}
