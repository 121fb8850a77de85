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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.engine.Engine;
import org.bitquake.engine.Engines;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.fault.ImageSampler;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.campaign.FailingEngine;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.jobs.injection.CampaignOutcome;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.jobs.monitor.Watched;
import org.bitquake.jobs.store.SingleFaultTables;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.verify.Sound;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SingleFaultRunTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final EngineSource NO_ENGINE =
      network -> {
        throw new AssertionError("no engine is needed");
      };
  private static final int IMAGES = 9;

  private static final String EXHAUSTIVE =
      """
      name: singles
      seed: 11
      networks:
        - a.qnn.npz
        - {file: b.qnn.npz, name: second}
      data: {name: fashion-mnist, split: test, directory: data}
      faults:
        kind: single-bit-flip
        population: exhaustive
      images: 9
      output: unused
      """;
  private static final String SAMPLE =
      EXHAUSTIVE.replace("exhaustive", "sample\n  margin: 0.05\n  per: bit");

  @TempDir static Path temp;
  private static SmallWorld world;
  private static Path undisturbed;

  @BeforeAll
  static void runOnce() throws IOException {
    world = SmallWorld.create(Files.createDirectories(temp.resolve("world")));
    undisturbed = temp.resolve("undisturbed");
    Watched.during(
        "campaign undisturbed",
        "single faults",
        () -> assertThat(run(EXHAUSTIVE, undisturbed, 3, Engines::prepare).failed()).isZero());
  }

  private static CampaignOutcome run(
      String config, Path output, int partitions, EngineSource engines) {
    return SmallFaults.run(world, config, output, partitions, engines);
  }

  private static TableStore store(Path directory) {
    return new TableStore(directory.toString(), new Configuration());
  }

  private static List<Row> faults(Path directory) {
    return store(directory)
        .read(SPARK, "single_faults")
        .sort("network", "layer", "filter", "index", "bit")
        .collectAsList();
  }

  private static List<Row> rates(Path directory) {
    return store(directory).read(SPARK, "single_fault_rates").collectAsList();
  }

  @Test
  void rowsAreThoseOfAPlainLoop() {
    List<Row> expected = new ArrayList<>();
    for (var network :
        List.of(world.network("a.qnn.npz"), world.network("b.qnn.npz").withName("second"))) {
      expected.addAll(plainLoop(network));
    }
    var withoutNumber = faults(undisturbed).stream().map(SingleFaultRunTest::facts).toList();
    assertThat(withoutNumber).containsExactlyInAnyOrderElementsOf(expected);
    for (String network : List.of("a", "second")) {
      var numbers =
          faults(undisturbed).stream()
              .filter(r -> r.getString(0).equals(network))
              .map(r -> r.getLong(2))
              .toList();
      assertThat(numbers).doesNotHaveDuplicates().allMatch(n -> n >= 0 && n < numbers.size());
    }
  }

  /** What a plain loop knows of a row. */
  private static Row facts(Row row) {
    return RowFactory.create(
        row.getAs("network"),
        row.getAs("layer"),
        row.getAs("filter"),
        row.getAs("index"),
        row.getAs("bit"),
        row.getAs("before"),
        row.getAs("after"),
        row.getAs("outcome"),
        row.getAs("changed_logits"),
        row.getAs("changed_predictions"),
        row.getAs("lost"),
        row.getAs("correct"),
        row.getAs("golden_correct"));
  }

  /** Each cell of the memory, one after the other, on the reference engine. */
  private static List<Row> plainLoop(QuantizedNetwork network) {
    var data = world.dataset();
    int[] images = new ImageSampler(11, data.size(), IMAGES).draw(0);
    byte[] pixels = new byte[IMAGES * data.shape().size()];
    for (int i = 0; i < IMAGES; i++) {
      data.copyImage(images[i], pixels, i * data.shape().size());
    }
    List<Row> rows = new ArrayList<>();
    try (var engine = new ReferenceEngine(network)) {
      float[] golden = new float[IMAGES * 10];
      float[] faulty = new float[IMAGES * 10];
      engine.logits(pixels, IMAGES, golden);
      byte[][] codes = network.copyCodes();
      for (int layer = 0; layer < codes.length; layer++) {
        int filters = layer == 0 ? 2 : 10;
        int filterSize = codes[layer].length / filters;
        for (int weight = 0; weight < codes[layer].length; weight++) {
          for (int bit = 0; bit < 4; bit++) {
            int before = codes[layer][weight];
            int cells = (before & 15) ^ (1 << bit);
            int after = cells > 7 ? cells - 16 : cells;
            codes[layer][weight] = (byte) after;
            engine.load(codes);
            engine.logits(pixels, IMAGES, faulty);
            codes[layer][weight] = (byte) before;
            int[] n = new int[5];
            for (int i = 0; i < IMAGES; i++) {
              float[] without = Arrays.copyOfRange(golden, 10 * i, 10 * i + 10);
              float[] with = Arrays.copyOfRange(faulty, 10 * i, 10 * i + 10);
              int label = data.label(images[i]);
              n[0] += Arrays.equals(without, with) ? 0 : 1;
              n[1] += best(without) == best(with) ? 0 : 1;
              n[2] += best(without) == label && best(with) != label ? 1 : 0;
              n[3] += best(with) == label ? 1 : 0;
              n[4] += best(without) == label ? 1 : 0;
            }
            String outcome =
                n[1] > 0 ? "changed-prediction" : n[0] > 0 ? "changed-logits" : "masked";
            rows.add(
                RowFactory.create(
                    network.name(),
                    layer == 0 ? "conv1" : "fc1",
                    weight / filterSize,
                    weight % filterSize,
                    bit,
                    before,
                    after,
                    outcome,
                    n[0],
                    n[1],
                    n[2],
                    n[3],
                    n[4]));
          }
        }
      }
    }
    return rows;
  }

  private static int best(float[] logits) {
    int best = 0;
    for (int c = 1; c < logits.length; c++) {
      best = logits[c] > logits[best] ? c : best;
    }
    return best;
  }

  @Test
  void exhaustiveRatesAreCountsWithoutError() {
    var faults = faults(undisturbed);
    var rates = rates(undisturbed);
    assertThat(rates).hasSize(2 * (1 + 4 + 2 * 5));
    for (Row rate : rates) {
      Predicate<Row> belongs =
          f ->
              f.getAs("network").equals(rate.getAs("network"))
                  && (rate.getAs("layer") == null || f.getAs("layer").equals(rate.getAs("layer")))
                  && (rate.getAs("bit") == null || f.getAs("bit").equals(rate.getAs("bit")));
      var its = faults.stream().filter(belongs).toList();
      double n = its.size();
      assertThat(rate.<Long>getAs("population")).isEqualTo(its.size());
      assertThat(rate.<Long>getAs("injected")).isEqualTo(its.size());
      assertThat(rate.<Boolean>getAs("exact")).isTrue();
      double sdc1 = its.stream().mapToInt(f -> f.getAs("changed_predictions")).sum() / n / IMAGES;
      double drop =
          its.stream()
                  .mapToInt(f -> f.<Integer>getAs("golden_correct") - f.<Integer>getAs("correct"))
                  .sum()
              / n
              / IMAGES;
      requireExact(rate, "masked", count(its, "masked") / n);
      requireExact(rate, "changed_logits", count(its, "changed-logits") / n);
      requireExact(rate, "changed_prediction", count(its, "changed-prediction") / n);
      requireExact(rate, "sdc1", sdc1);
      requireExact(rate, "mean_drop", drop);
      double worst =
          its.stream()
              .mapToInt(f -> f.<Integer>getAs("golden_correct") - f.<Integer>getAs("correct"))
              .max()
              .orElseThrow();
      assertThat(rate.<Double>getAs("worst_drop")).isEqualTo(worst / IMAGES);
    }
  }

  private static double count(List<Row> faults, String outcome) {
    return faults.stream().filter(f -> f.getAs("outcome").equals(outcome)).count();
  }

  private static void requireExact(Row rate, String column, double expected) {
    for (String suffix : List.of("", "_low", "_high")) {
      assertThat(rate.<Double>getAs(column + suffix))
          .as(column + suffix)
          .isCloseTo(expected, within(1e-12));
    }
  }

  @Test
  void aSampleIsPartOfTheWholeAndItsIntervalsHoldTheTruth() {
    Path output = temp.resolve("sample");
    run(SAMPLE, output, 2, Engines::prepare);
    var all = faults(undisturbed).stream().map(SingleFaultRunTest::facts).toList();
    var drawn = faults(output).stream().map(SingleFaultRunTest::facts).toList();
    assertThat(drawn).hasSizeLessThan(all.size()).doesNotHaveDuplicates();
    assertThat(all).containsAll(drawn);
    var truths = rates(undisturbed);
    var estimates = rates(output);
    int missed = 0;
    for (int i = 0; i < truths.size(); i++) {
      Row truth = truths.get(i);
      Row estimate = estimates.get(i);
      assertThat(estimate.<Long>getAs("population")).isEqualTo(truth.<Long>getAs("population"));
      for (String column :
          List.of("masked", "changed_logits", "changed_prediction", "sdc1", "mean_drop")) {
        double value = truth.getAs(column);
        boolean holds =
            estimate.<Double>getAs(column + "_low") <= value + 1e-12
                && value <= estimate.<Double>getAs(column + "_high") + 1e-12;
        missed += holds ? 0 : 1;
      }
    }
    // 150 dependent intervals of 95 %: by Markov, 75 misses have a probability below 1 in 10.
    assertThat(missed).isLessThan(20);
  }

  @Test
  void partitionsDoNotMatter() {
    Path output = temp.resolve("partitions");
    run(EXHAUSTIVE, output, 1, ReferenceEngine::new);
    assertThat(faults(output)).isEqualTo(faults(undisturbed));
    assertThat(rates(output)).isEqualTo(rates(undisturbed));
  }

  @Test
  void anInterruptedCampaignGoesOnAndAFinishedOneIsNotRunAgain() throws IOException {
    Path output = temp.resolve("resumed");
    run(EXHAUSTIVE, output, 2, Engines::prepare);
    Path manifests = output.resolve("_manifests");
    deleteAll(manifests.resolve("single_faults"), "w00001.json");
    deleteAll(manifests.resolve("single_fault_rates"), ".json");
    deleteAll(manifests.resolve("networks"), ".json");
    run(EXHAUSTIVE, output, 3, Engines::prepare);
    assertThat(faults(output)).isEqualTo(faults(undisturbed));
    assertThat(rates(output)).isEqualTo(rates(undisturbed));
    assertThat(run(EXHAUSTIVE, output, 3, NO_ENGINE).report()).contains("single bit-flip");
    assertThatThrownBy(() -> run(SAMPLE, output, 2, NO_ENGINE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("another campaign");
  }

  /** Files of the name, and Hadoop's checksums of them. */
  private static void deleteAll(Path folder, String name) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.getFileName().toString().contains(name)).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Networks so small leave every image to an engine; each engine breaks at its fourth load. */
  @Test
  void aFailedFaultIsARowAndLeftOutOfTheRates() {
    Path output = temp.resolve("failed");
    String few = EXHAUSTIVE.replace("exhaustive", "exhaustive\n  layers: [conv1]\n  bits: [3]");
    var outcome = run(few, output, 1, SingleFaultRunTest::breaking);
    assertThat(outcome.failed()).isPositive();
    var failed = faults(output).stream().filter(r -> r.getAs("error") != null).toList();
    assertThat(failed).hasSize((int) outcome.failed());
    assertThat(failed)
        .allSatisfy(
            r -> {
              assertThat(r.<String>getAs("error")).isEqualTo("IllegalStateException: worn out");
              assertThat(r.<String>getAs("outcome")).isNull();
              assertThat(r.<Integer>getAs("correct")).isNull();
            });
    for (Row rate : rates(output)) {
      assertThat(rate.<Long>getAs("injected") + rate.<Long>getAs("failed"))
          .isEqualTo(rate.<Long>getAs("population"));
      assertThat(rate.<Boolean>getAs("exact")).isEqualTo(rate.<Long>getAs("failed") == 0);
      assertThat(rate.<Double>getAs("masked_high")).isGreaterThan(rate.<Double>getAs("masked_low"));
    }
    assertThat(outcome.report()).contains("of them failed");
  }

  private static Engine breaking(QuantizedNetwork network) {
    var loads = new AtomicInteger();
    return new FailingEngine(
        "breaking",
        new ReferenceEngine(network),
        codes -> {
          if (loads.incrementAndGet() == 4) {
            throw new IllegalStateException("worn out");
          }
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          kind: single-bit-flip | kind: bit-flip | :8:3: faults.kind: unknown kind "bit-flip" of single fault
          population: exhaustive | population: some | :9:3: faults.population: "some": write exhaustive or sample
          exhaustive | {} | :9:3: faults.population:
          exhaustive | "sample\\n  margin: 2" | :10:3: faults.margin: 2.0 is not between 0 and 1
          exhaustive | "exhaustive\\n  margin: 0.1" | :10:3: faults.margin: every cell is tried
          exhaustive | "exhaustive\\n  per: filter" | :10:3: faults.per: unknown stratification "filter"
          exhaustive | "exhaustive\\n  rates: [0.1]" | :10:3: unknown key "rates" in faults
          exhaustive | "exhaustive\\n  layers: [fc9]" | :10:12: faults.layers[0]: network a has no weight layer "fc9"
          exhaustive | "exhaustive\\n  bits: [4]" | :10:10: faults.bits[0]: the weights of network a have no bit 4
          images: 9 | images: auto | :10:1: images: auto is for trials
          images: 9 | images: 61 | :10:1: images: 61, but fashion-mnist/test has 60
          images: 9 | "trials: {perCell: 9}\\nimages: 9" | :10:1: trials: each single fault is one trial
          """)
  void wrongInputIsOneLineWithPlaceAndKey(String old, String replacement, String message) {
    String text = replacement.replace("\"", "").replace("\\n", "\n");
    String config = EXHAUSTIVE.replace(old, text);
    assertThatThrownBy(() -> run(config, temp.resolve("never"), 1, NO_ENGINE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
    assertThat(temp.resolve("never")).doesNotExist();
  }

  @Test
  void everyColumnIsExplained() {
    for (var schema : List.of(SingleFaultTables.FAULTS_OF_EVENTS, SingleFaultTables.RATES)) {
      for (var field : schema.fields()) {
        assertThat(field.getComment().get()).as(field.name()).isNotBlank();
      }
    }
  }

  @Test
  void verifyFindsItSound() throws IOException {
    Sound.assertFinished(undisturbed, "single_faults");
  }
}
