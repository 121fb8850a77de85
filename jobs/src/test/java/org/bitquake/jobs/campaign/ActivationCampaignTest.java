package org.bitquake.jobs.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.data.Dataset;
import org.bitquake.engine.Engine;
import org.bitquake.engine.Engines;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.fault.BufferSampler.Tally;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.ImageSampler;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.jobs.report.ReportRun;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.verify.Sound;
import org.bitquake.memory.ActivationFaults;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Campaigns in which weights, activations and offsets fail, a model each. */
class ActivationCampaignTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final Configuration HADOOP = new Configuration();

  private static final String CONFIG =
      SmallWorld.CONFIG
          .replace(
              "  kinds: [bit-flip, stuck-at-1]\n",
              """
                models:
                  - {target: activations, effect: bit-flip}
                  - bit-flip
                  - {target: {activations: {transient: true, input: true}}, effect: bit-flip}
                  - {name: some, target: {activations: {transient: true}}, effect: {mixed: {stuck-at-0: .5, bit-flip: .5}}}
                  - {name: rows, target: {activations: {input: true}}, pattern: row, effect: stuck-at-1}
                  - {name: misread, target: {offsets: {brick: 4, fullyConnected: true}}, effect: bit-flip}
                  - {name: misread anew, target: {offsets: {transient: true, input: true, fullyConnected: true}}, effect: stuck-at-0}
              """)
          .replace("rates: [0, 0.003, 0.05]", "rates: [0, 0.02, 0.2]")
          .replace("perCell: 9", "perCell: 6")
          .replace("output:", "memory: {rows: 16, wordsPerRow: 2}\noutput:");

  @TempDir static Path temp;
  private static SmallWorld world;
  private static Dataset data;
  private static Path undisturbed;

  @BeforeAll
  static void runOnce() throws IOException {
    world = SmallWorld.create(Files.createDirectories(temp.resolve("world")));
    data = world.dataset();
    undisturbed = run("undisturbed", CONFIG, 2, Engines::prepare);
  }

  private static Path run(String name, String config, int partitions, EngineSource engines) {
    return world.run(temp.resolve(name), config, partitions, engines);
  }

  private static Campaign load(String config) {
    return world.load(config);
  }

  private static List<Row> trials(Path directory) {
    return SmallWorld.trials(directory, "true");
  }

  /** Every image of every trial alone: a sampler of its own, drawn at its own rate. */
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
    boolean[] right = new boolean[images.length];
    boolean[] golden = new boolean[images.length];
    long faulty = 0;
    long changed = 0;
    if (kind.isOfWeights()) {
      var tally =
          kind.source(
                  11,
                  CampaignNetwork.weights(network),
                  CampaignNetwork.bits(network),
                  FaultScope.ALL)
              .draw(trial, rate)
              .apply(kind.faults().effect(), rate, Encoding.TWOS_COMPLEMENT, codes);
      faulty = tally.faultyCells();
      changed = tally.changedWeights();
    }
    for (int i = 0; i < images.length; i++) {
      golden[i] = right(network, network.copyCodes(), ActivationFaults.NONE, images[i]);
      if (kind.isOfWeights()) {
        right[i] = right(network, codes, ActivationFaults.NONE, images[i]);
      } else {
        var sampler = kind.sampler(11, network);
        sampler.draw(trial, rate);
        var faults = sampler.faults(kind.faults().effect(), rate, new int[] {images[i]});
        right[i] = right(network, codes, faults, images[i]);
        Tally tally = sampler.tally();
        faulty += tally.faultyCells();
        changed += tally.changed();
      }
    }
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
        faulty,
        changed,
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

  private static boolean right(
      QuantizedNetwork network, byte[][] codes, ActivationFaults faults, int image) {
    byte[] pixels = new byte[data.shape().size()];
    int[] prediction = new int[1];
    data.copyImage(image, pixels, 0);
    try (var engine = new ReferenceEngine(network)) {
      engine.load(codes);
      engine.activations(faults);
      engine.predict(pixels, 1, prediction);
    }
    return prediction[0] == data.label(image);
  }

  @Test
  void neitherPartitionsNorEnginesMatter() {
    var expected = trials(undisturbed);
    assertThat(trials(run("one", CONFIG, 1, Engines::prepare))).isEqualTo(expected);
    int partitions = 7;
    for (var status : Engines.all()) {
      if (status.usable()) {
        var provider = status.provider().name();
        assertThat(trials(run(provider, CONFIG, partitions, SmallWorld.engines(provider))))
            .as(provider)
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void everythingAboutItIsSoundAndRunsAgain() throws IOException {
    String images = world.directory().resolve("data").toString();
    var found = Sound.verify(undisturbed, 100, Optional.of(images));
    assertThat(found.findings()).isEmpty();
    assertThat(found.summary()).anyMatch(line -> line.contains(": 100 the same"));
  }

  @Test
  void trialsUntilIntervalsAreNarrowRunAgainToo() throws IOException {
    String config =
        CONFIG
            .replace("{perCell: 6}", "{until: {halfWidth: 0.1, max: 300}}")
            .replace("rates: [0, 0.02, 0.2]", "rates: [0.1]")
            .replace("images: 20", "images: auto");
    Path output = run("adaptive", config, 3, Engines::prepare);
    String images = world.directory().resolve("data").toString();
    assertThat(Sound.verify(output, 20, Optional.of(images)).findings()).isEmpty();
  }

  /** Each model does something, and no more often than it reads faulty cells. */
  @Test
  void countsAreOfWhatWasRead() {
    Map<String, Long> changed = new TreeMap<>();
    for (Row row : trials(undisturbed)) {
      long faulty = row.<Long>getAs("faulty_cells");
      long its = row.<Long>getAs("changed_weights");
      assertThat(its).isBetween(0L, faulty);
      assertThat(faulty == 0 || row.<Double>getAs("rate") > 0).isTrue();
      changed.merge(row.getAs("kind"), its, Long::sum);
    }
    assertThat(changed).hasSize(7);
    assertThat(changed.values()).allMatch(count -> count > 0);
  }

  @Test
  void ratesShareTheirFaults() {
    String config = CONFIG.replace("rates: [0, 0.02, 0.2]", "rates: [0.02, 0.1]");
    var alone = trials(run("other rates", config, 2, Engines::prepare));
    assertThat(alone.stream().filter(row -> row.<Double>getAs("rate") == 0.02))
        .containsExactlyElementsOf(
            trials(undisturbed).stream().filter(row -> row.<Double>getAs("rate") == 0.02).toList());
  }

  /** A task loads weights where they fail, and a network's own once before and after these. */
  @Test
  void activationsLoadNoWeights() {
    String weightsOnly = CONFIG.replaceAll("    - \\{.*target.*\n", "");
    assertThat(load(weightsOnly).kinds()).hasSize(1);
    Counting.LOADS.set(0);
    Path counted = run("counted", CONFIG, 1, Counting::of);
    int mixed = Counting.LOADS.getAndSet(0);
    run("counted weights", weightsOnly, 1, Counting::of);
    int weights = Counting.LOADS.get();
    assertThat(weights).isEqualTo(3 * 6 * 2);
    int tasks = new TableStore(counted.toString(), HADOOP).parts("trials").size();
    assertThat(mixed).isLessThanOrEqualTo(weights + 3 * 6 + 3 * tasks);
  }

  /** Counts what is loaded; serialised, so it finds the counter at a known place. */
  private static final class Counting {
    static final AtomicInteger LOADS = new AtomicInteger();

    static Engine of(QuantizedNetwork network) {
      return new FailingEngine(
          "counting", Engines.prepare(network), codes -> LOADS.incrementAndGet());
    }
  }

  @Test
  void thePageShowsAllModelsAndDrawsTheMemoryOfWeights() throws IOException {
    ReportRun.keep(SPARK, undisturbed.toString(), List.of());
    String page = Files.readString(undisturbed.resolve("report.html"));
    assertThat(page)
        .contains("misread anew", "transient-activations-bit-flip")
        .contains(" of a: bit-flip\"")
        .doesNotContain(" of a: misread\"");
  }

  /** Rows of weights are those of a campaign without the other models. */
  @Test
  void rowsOfWeightsStayAsTheyAre() {
    var words = CONFIG.replaceAll("    - \\{.*target.*\n", "");
    var alone = trials(run("weights", words, 2, Engines::prepare));
    var among =
        trials(undisturbed).stream().filter(row -> row.getAs("kind").equals("bit-flip")).toList();
    assertThat(alone).hasSameSizeAs(among);
    for (int i = 0; i < alone.size(); i++) {
      for (String column : alone.get(i).schema().fieldNames()) {
        assertThat(among.get(i).<Object>getAs(column)).isEqualTo(alone.get(i).getAs(column));
      }
      assertThat(among.get(i).<Object>getAs("model")).isNull();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'rates:' | 'layers: [conv1]\n  rates:' | faults.layers: these are of weights, but activations-bit-flip is of activations; leave layers out, or the model
          'rates:' | 'bits: [1]\n  rates:' | faults.bits: these are of weights, but activations-bit-flip is of activations; leave bits out, or the model
          'memory: {rows: 16' | 'memory: {word: 7, rows: 16' | memory.word: a word of 7 bits cannot hold a code of 8 bits, as activations of network a have
          '{brick: 4, fullyConnected: true}' | '{brick: 4}' | faults.models[5].target: network a stores no offsets that could fail; leave out the model or the network, or write {offsets: {input: true, fullyConnected: true}}
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
}
