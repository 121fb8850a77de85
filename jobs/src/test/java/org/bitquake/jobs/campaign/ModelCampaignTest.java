package org.bitquake.jobs.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.engine.Engines;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultMap;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.ImageSampler;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.jobs.report.ReportRun;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.store.Tables;
import org.bitquake.jobs.verify.Sound;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Campaigns whose faults lie in a memory, at rates of supply voltages. */
class ModelCampaignTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final Configuration HADOOP = new Configuration();

  private static final String CONFIG =
      SmallWorld.CONFIG
          .replace(
              "  kinds: [bit-flip, stuck-at-1]\n",
              """
                models:
                  - bit-flip
                  - {name: upsets, pattern: {cluster: {1x1: 0.6, 2x2: 0.4}}, effect: bit-flip}
                  - {name: open, pattern: {cluster: {1x1: 0.6, 2x2: 0.4}}, effect: stuck-open}
                  - {name: weak, pattern: {columns: {shape: 0.5}}, effect: {mixed: {stuck-at-0: .5, bit-flip: .5}}}
                  - {effect: {drift: {levels: 2, gray: true, direction: either}}}
              """)
          .replace("rates: [0, 0.003, 0.05]", "rates: {curve: curve.csv, voltages: [1.0, 0.8]}")
          .replace("perCell: 9", "perCell: 6")
          .replace("output:", "memory: {rows: 16, wordsPerRow: 2}\noutput:");

  private static final String CURVE =
      "voltage,failure_probability,energy\n1.0,0,1\n0.9,1e-3,0.8\n0.7,1e-1,0.6\n";

  @TempDir static Path temp;
  private static SmallWorld world;
  private static Path undisturbed;

  @BeforeAll
  static void runOnce() throws IOException {
    world = SmallWorld.create(Files.createDirectories(temp.resolve("world")));
    Files.writeString(world.directory().resolve("curve.csv"), CURVE);
    undisturbed = run("undisturbed", CONFIG, 2, Engines::prepare);
  }

  private static Path run(String name, String config, int partitions, EngineSource engines) {
    return world.run(temp.resolve(name), config, partitions, engines);
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

  /** Every trial alone: its own source, drawn at its own rate. */
  @Test
  void rowsAreThoseOfAPlainLoop() {
    var campaign = load(CONFIG);
    List<Row> expected = new ArrayList<>();
    for (long trial = 0; trial < 6; trial++) {
      int[] images = new ImageSampler(11, campaign.dataset().size(), 20).draw(trial);
      for (var network : campaign.networks()) {
        for (var kind : campaign.kinds()) {
          for (double rate : campaign.rates()) {
            expected.add(
                row(network.network().withName(network.name()), kind, rate, trial, images));
          }
        }
      }
    }
    assertThat(trials(undisturbed)).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static Row row(
      QuantizedNetwork network, MemoryModel kind, double rate, long trial, int[] images) {
    byte[][] codes = network.copyCodes();
    FaultMap.Tally tally =
        kind.source(
                11, CampaignNetwork.weights(network), CampaignNetwork.bits(network), FaultScope.ALL)
            .draw(trial, rate)
            .apply(kind.faults().effect(), rate, Encoding.TWOS_COMPLEMENT, codes);
    boolean[] golden = right(network, network.copyCodes(), images);
    boolean[] right = right(network, codes, images);
    return RowFactory.create(
        network.name(),
        kind.name(),
        rate,
        trial,
        11L,
        "twos-complement",
        20,
        count(right, new boolean[right.length]),
        count(golden, new boolean[right.length]),
        count(right, golden),
        tally.faultyCells(),
        tally.changedWeights(),
        network.contentHash(),
        null,
        null,
        "fashion-mnist/test",
        null,
        kind.text().orElse(null));
  }

  private static int count(boolean[] a, boolean[] b) {
    return (int) IntStream.range(0, a.length).filter(i -> a[i] != b[i]).count();
  }

  private static boolean[] right(QuantizedNetwork network, byte[][] codes, int[] images) {
    var data = world.dataset();
    boolean[] right = new boolean[images.length];
    try (var engine = new ReferenceEngine(network)) {
      engine.load(codes);
      byte[] pixels = new byte[data.shape().size()];
      int[] prediction = new int[1];
      for (int i = 0; i < images.length; i++) {
        data.copyImage(images[i], pixels, 0);
        engine.predict(pixels, 1, prediction);
        right[i] = prediction[0] == data.label(images[i]);
      }
    }
    return right;
  }

  @Test
  void neitherPartitionsNorEnginesMatter() {
    var expected = trials(undisturbed);
    assertThat(trials(run("one", CONFIG, 1, Engines::prepare))).isEqualTo(expected);
    int partitions = 7;
    for (var status : Engines.all()) {
      if (status.usable()) {
        String engine = status.provider().name();
        assertThat(trials(run(engine, CONFIG, partitions, SmallWorld.engines(engine))))
            .as(engine)
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void aRunThatWasKilledGoesOn() throws IOException {
    Path output = run("killed", CONFIG, 2, Engines::prepare);
    Path manifests = output.resolve("_manifests");
    List<Path> all;
    try (var files = Files.walk(manifests)) {
      all = files.filter(file -> file.toString().endsWith(".json")).toList();
    }
    var trials = all.stream().filter(f -> f.getParent().endsWith("trials")).sorted().toList();
    assertThat(trials).hasSizeGreaterThan(1);
    for (Path file : all) {
      if (!file.equals(trials.get(0))) {
        Files.delete(file); // it was not as far
      }
    }
    run("killed", CONFIG, 2, Engines::prepare);
    assertThat(trials(output)).isEqualTo(trials(undisturbed));
    assertThat(rows(output, "cells")).isEqualTo(rows(undisturbed, "cells"));
  }

  @Test
  void everythingAboutItIsSoundAndRunsAgain() throws IOException {
    Sound.assertRunsAgain(undisturbed, 60, world.directory().resolve("data"));
  }

  @Test
  void thePageShowsWhereFaultsFall() throws IOException {
    ReportRun.keep(SPARK, undisturbed.toString(), List.of());
    String page = Files.readString(undisturbed.resolve("report.html"));
    assertThat(page).contains("Where faults fall", "reads what was written");
    assertThat(page).contains("Accuracy by supply voltage", "Energy of an access");
    assertThat(page.indexOf(">Open<")).isBetween(page.indexOf(">Upsets<"), page.indexOf(">Weak<"));
    for (var kind : load(CONFIG).kinds()) {
      assertThat(page).contains(" of a: " + kind.name() + "\"");
    }
  }

  @Test
  void trialsUntilIntervalsAreNarrowRunAgainToo() throws IOException {
    String config =
        CONFIG
            .replace("{perCell: 6}", "{until: {halfWidth: 0.03, max: 400}}")
            .replace("images: 20", "images: auto");
    Path output = run("adaptive", config, 3, Engines::prepare);
    assertThat(rows(output, "cells"))
        .allMatch(
            row -> row.<Double>getAs("half_width") <= 0.03 || row.<Long>getAs("trials") == 400);
    String data = world.directory().resolve("data").toString();
    assertThat(Sound.verify(output, 20, Optional.of(data)).findings()).isEmpty();
  }

  @Test
  void cellsKnowTheirVoltageAndEnergy() {
    for (Row row : rows(undisturbed, "cells")) {
      boolean nominal = row.<Double>getAs("voltage") == 1;
      assertThat(row.<Double>getAs("rate")).isEqualTo(nominal ? 0 : load(CONFIG).rates().get(1));
      assertThat(row.<Double>getAs("energy")).isCloseTo(nominal ? 1.0 : 0.7, within(1e-15));
      assertThat(row.<Boolean>getAs("exact")).isEqualTo(nominal);
    }
    assertThat(rows(undisturbed, "cells")).hasSize(3 * 5 * 2);
  }

  /** Equal patterns hit the same cells, whatever these read; other patterns hit others. */
  @Test
  void effectsShareEvents() {
    assertThat(faulty("upsets")).isEqualTo(faulty("open")).isNotEqualTo(faulty("weak"));
  }

  private static List<Long> faulty(String kind) {
    return trials(undisturbed).stream()
        .filter(row -> row.getAs("kind").equals(kind))
        .map(row -> row.<Long>getAs("faulty_cells"))
        .toList();
  }

  /** What only their own campaigns need, only their campaigns have. */
  @Test
  void theColumnsOfOtherCampaignsStay() {
    Path classic = run("classic", SmallWorld.CONFIG, 2, Engines::prepare);
    var words =
        SmallWorld.CONFIG
            .replace("kinds:", "models:")
            .replace("output:", "memory: {rows: 16}\noutput:");
    Path same = run("models", words, 2, Engines::prepare);
    for (Path output : List.of(classic, same)) {
      var store = new TableStore(output.toString(), HADOOP);
      assertThat(store.read(SPARK, "trials").columns()).isEqualTo(Tables.TRIALS.fieldNames());
      assertThat(store.read(SPARK, "cells").columns()).isEqualTo(Tables.CELLS.fieldNames());
    }
    assertThat(trials(same)).isEqualTo(trials(classic));
    assertThat(CampaignIdentity.of(load(words)).hash())
        .isEqualTo(CampaignIdentity.of(load(SmallWorld.CONFIG)).hash());
    assertThat(trials(undisturbed))
        .allMatch(row -> (row.getAs("model") == null) == row.getAs("kind").equals("bit-flip"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'memory: {rows: 16' | 'memory: {word: 3, rows: 16' | memory.word: a word of 3 bits cannot hold a code of 4 bits, as network a has
          'rates:' | 'bits: [3]\n  rates:' | faults.bits: a cell of drift holds 2 bits; leave bits out
          'voltages: [1.0, 0.8]' | 'voltages: [0.95]' | faults.rates.voltages[0]: curve.csv: between 0.9 and 1.0 the curve says only
          'voltages: [1.0, 0.8]' | 'voltages: [0.8, 0.6]' | faults.rates.voltages[1]: curve.csv: the curve goes from 0.7 to 1.0 and does not reach 0.6
          'curve.csv' | 'none.csv' | none.csv: no such file
          """)
  void whatDoesNotFitIsOneLine(String from, String to, String message) {
    String config = CONFIG.replace(from, to.replace("\\n", "\n"));
    assertThat(config).isNotEqualTo(CONFIG);
    assertThatThrownBy(() -> load(config))
        .isInstanceOf(InputException.class)
        .hasMessageMatching("(?s).*campaign.yaml:\\d+:\\d+: .*")
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aCurveThatRisesIsRefusedWithItsLine() throws IOException {
    Files.writeString(
        world.directory().resolve("rising.csv"),
        "voltage,failure_probability\n0.7,0.001\n0.8,0.01\n");
    assertThatThrownBy(() -> load(CONFIG.replace("curve.csv", "rising.csv")))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("rising.csv:3: not monotone");
  }
}
