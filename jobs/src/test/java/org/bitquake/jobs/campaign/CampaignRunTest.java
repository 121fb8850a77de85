package org.bitquake.jobs.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bitquake.jobs.TestSpark.ORIGIN;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.engine.Engine;
import org.bitquake.engine.Engines;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.config.CampaignConfig;
import org.bitquake.jobs.config.InputOptions;
import org.bitquake.jobs.config.RunOptions;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.injection.CampaignOutcome;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.jobs.store.ResultDirectory;
import org.bitquake.jobs.store.SmallTables;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.verify.Sound;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CampaignRunTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final Configuration HADOOP = new Configuration();
  private static final EngineSource NO_ENGINE =
      network -> {
        throw new AssertionError("no engine is needed");
      };

  @TempDir static Path temp;
  private static SmallWorld world;
  private static Path undisturbed;
  private static CampaignOutcome outcome;

  @BeforeAll
  static void runOnce() throws IOException {
    world = SmallWorld.create(Files.createDirectories(temp.resolve("world")));
    undisturbed = temp.resolve("undisturbed");
    outcome = run(SmallWorld.CONFIG, undisturbed, 2, Engines::prepare);
  }

  private static CampaignOutcome run(
      String config, Path output, int partitions, EngineSource engines) {
    return CampaignRun.run(
        SPARK, world.config(config), options(output, false, partitions), engines);
  }

  private static RunOptions options(Path output, boolean overwrite, int partitions) {
    return new RunOptions(
        Optional.of(output.toString()), overwrite, Optional.empty(), Optional.of(partitions), true);
  }

  private static List<Row> rows(Path directory, String table) {
    return new TableStore(directory.toString(), HADOOP).read(SPARK, table).collectAsList();
  }

  private static List<Row> trials(Path directory) {
    return new TableStore(directory.toString(), HADOOP)
        .read(SPARK, "trials")
        .sort("trial", "network", "kind", "rate")
        .collectAsList();
  }

  @Test
  void rowsAreThoseOfAPlainLoop() {
    assertThat(trials(undisturbed))
        .containsExactlyInAnyOrderElementsOf(new PlainCampaign(world).rows());
    assertThat(outcome.failed()).isZero();
    assertThat(new TableStore(undisturbed.toString(), HADOOP).tables())
        .containsExactlyInAnyOrder("trials", "cells", "pairs", "networks", "activations");
  }

  /** Waves and tables of many rows are made by compiled code, those of few are not. */
  @Test
  void manyRowsBeginWithThoseOfFew() throws IOException {
    Path output = temp.resolve("many");
    run(SmallWorld.CONFIG.replace("perCell: 9", "perCell: 600"), output, 2, Engines::prepare);
    assertThat(SmallTables.areFew(18 * 600 / 2)).isFalse();
    assertThat(SmallWorld.trials(output, "trial < 9")).isEqualTo(trials(undisturbed));
    Sound.assertFinished(output, "trials");
  }

  @Test
  void aNetworkOfTheCommandLineHasTheRowsOfOneOfTheFile() throws IOException {
    Path output = temp.resolve("given");
    String wide = world.directory().resolve("wide.qnn.npz").toString();
    String config = SmallWorld.CONFIG.replace("  - wide.qnn.npz\n", "");
    var options = options(output, false, 3).with(List.of(wide));
    CampaignRun.run(SPARK, world.config(config), options, Engines::prepare);
    assertThat(trials(output)).isEqualTo(trials(undisturbed));
    assertThat(rows(output, "networks"))
        .containsExactlyInAnyOrderElementsOf(rows(undisturbed, "networks"));
    var origin = ResultDirectory.origin(output.toString(), HADOOP).orElseThrow();
    assertThat(origin.networks()).containsExactly(wide);
    assertThat(ResultDirectory.origin(undisturbed.toString(), HADOOP).orElseThrow().networks())
        .isEmpty();
    assertThat(undisturbed.resolve("campaign.json"))
        .content()
        .contains("\"origin\"")
        .doesNotContainPattern("\"networks\":\\s*\\[\\s*\\]");
  }

  @Test
  void theNumberOfPartitionsDoesNotMatter() {
    var expected = trials(undisturbed);
    for (int partitions : new int[] {1, 7}) { // the undisturbed one has 2
      Path output = temp.resolve("partitions-" + partitions);
      var again = run(SmallWorld.CONFIG, output, partitions, Engines::prepare);
      assertThat(trials(output)).isEqualTo(expected);
      assertThat(rows(output, "cells")).isEqualTo(rows(undisturbed, "cells"));
      assertThat(rows(output, "networks")).isEqualTo(rows(undisturbed, "networks"));
      assertThat(rows(output, "activations")).isEqualTo(rows(undisturbed, "activations"));
      assertThat(again.report().replace(output.toString(), undisturbed.toString()))
          .isEqualTo(outcome.report());
    }
  }

  @Test
  void aKilledRunGoesOnWhereItWas() throws IOException {
    Path output = temp.resolve("killed");
    var document = Yaml.load(world.config(SmallWorld.CONFIG), HADOOP, CampaignConfig.class);
    var campaign = CampaignLoader.load(document, InputOptions.NONE, HADOOP);
    var identity = CampaignIdentity.of(campaign);
    var store =
        ResultDirectory.open(
            output.toString(), "campaign", "small", identity, ORIGIN, false, HADOOP);
    var job = new CampaignJob(SPARK, campaign, store, Engines::prepare, 2);
    long firstWave = campaign.waves().end(0) * campaign.rowsPerTrial();
    var main = Thread.currentThread();
    assertThatThrownBy(
            () ->
                job.run(
                    (done, expected) -> {
                      if (done == campaign.rows() && Thread.currentThread() == main) {
                        throw new IllegalStateException("killed");
                      }
                    }))
        .hasMessage("killed");
    for (int wave = 1; wave < campaign.waves().waves(); wave++) {
      String part = Text.of("%s-w%05d", identity.shortHash(), wave);
      Files.delete(output.resolve("_manifests/trials/" + part + ".json")); // they were not as far
    }
    assertThat(store.rows("trials")).isEqualTo(firstWave);
    store.close(); // as when its process is gone
    Path leftOver = output.resolve("trials").resolve("left-over");
    Files.createDirectories(leftOver);
    Files.writeString(leftOver.resolve("part-0.parquet"), "half a file");

    var done = new ArrayList<Long>();
    try (var resumed =
        ResultDirectory.open(
            output.toString(), "campaign", "small", identity, ORIGIN, false, HADOOP)) {
      new CampaignJob(SPARK, campaign, resumed, Engines::prepare, 2)
          .run((rows, expected) -> done.add(rows));
    }
    assertThat(done.get(0)).isEqualTo(firstWave);
    assertThat(leftOver).doesNotExist();
    assertThat(trials(output)).isEqualTo(trials(undisturbed));
    assertThat(rows(output, "cells")).isEqualTo(rows(undisturbed, "cells"));
  }

  @Test
  void aFinishedCampaignOnlyPrintsItsTableAgain() throws Exception {
    var jobs = new AtomicInteger();
    var listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart start) {
            if (start.properties().getProperty("spark.job.description") != null) {
              jobs.incrementAndGet();
            }
          }
        };
    SPARK.sparkContext().addSparkListener(listener);
    try {
      var again = run(SmallWorld.CONFIG, undisturbed, 1, NO_ENGINE);
      assertThat(again).isEqualTo(outcome);
      SPARK.sparkContext().listenerBus().waitUntilEmpty();
      assertThat(jobs.get()).isZero();
      run(SmallWorld.CONFIG, temp.resolve("control"), 1, Engines::prepare);
      SPARK.sparkContext().listenerBus().waitUntilEmpty();
      assertThat(jobs.get()).isPositive(); // the listener sees the jobs of a run that has any
    } finally {
      SPARK.sparkContext().removeSparkListener(listener);
    }
  }

  @Test
  void cellsAreTheAggregatesOfTrials() {
    var store = new TableStore(undisturbed.toString(), HADOOP);
    store.read(SPARK, "trials").createOrReplaceTempView("t");
    store.read(SPARK, "cells").createOrReplaceTempView("c");
    var differences =
        SPARK.sql(
            """
            SELECT c.* FROM c FULL OUTER JOIN (
              SELECT network, kind, rate, count(*) AS n, avg((correct - golden_correct) / images) AS d,
                stddev(correct / images) AS sd, min(correct / images) AS low,
                max(correct / images) AS high, avg(faulty_cells) AS faulty
              FROM t GROUP BY network, kind, rate) s
            ON c.network = s.network AND c.kind = s.kind AND c.rate = s.rate
            WHERE NOT coalesce(c.trials = n AND c.failed = 0
              AND abs(c.accuracy - (c.clean_accuracy + d)) < 1e-12 AND abs(c.sd - s.sd) < 1e-12
              AND c.min_accuracy = low AND c.max_accuracy = high
              AND abs(c.mean_faulty_cells - faulty) < 1e-9
              AND c.exact = (c.rate = 0) AND (c.half_width > 0) = (c.rate > 0), false)
            """);
    assertThat(differences.collectAsList()).isEmpty();
    assertThat(SPARK.table("c").count()).isEqualTo(3 * 2 * 3);
  }

  @Test
  void cleanAccuracyIsThatOfAllImages() {
    var all = IntStream.range(0, SmallWorld.IMAGES).toArray();
    var a = world.network("a.qnn.npz");
    boolean[] right = new PlainCampaign(world).right(a, a.copyCodes(), all);
    double expected = PlainCampaign.count(right) / (double) SmallWorld.IMAGES;
    var row =
        new TableStore(undisturbed.toString(), HADOOP)
            .read(SPARK, "networks")
            .filter("network = 'a'")
            .first();
    assertThat(row.<Double>getAs("clean_accuracy")).isEqualTo(expected);
    assertThat(row.<String>getAs("content_hash")).isEqualTo(a.contentHash());
    assertThat(row.<Long>getAs("weights")).isEqualTo(a.weightCount());
    assertThat(row.<String>getAs("provenance")).isEqualTo("{\"seed\":\"1\"}");
    assertThat(row.<String>getAs("dataset_sha256")).isEqualTo(world.dataset().sha256());
  }

  @Test
  void anotherCampaignIsRefusedOrOverwrites() throws IOException {
    Path output = temp.resolve("shared");
    String small = SmallWorld.CONFIG.replace("[bit-flip, stuck-at-1]", "[bit-flip]");
    run(small, output, 2, Engines::prepare);
    Files.writeString(output.resolve("notes.txt"), "mine");
    var figures = Files.createDirectory(output.resolve("figures"));
    Files.writeString(figures.resolve("accuracy.png"), "of the tables that go");
    String other = small.replace("seed: 11", "seed: 12");
    assertThatThrownBy(() -> run(other, output, 2, NO_ENGINE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds another campaign (other seed)")
        .hasMessageContaining("--output-mode overwrite");
    assertThat(trials(output)).hasSize(9 * 9);
    CampaignRun.run(SPARK, world.config(other), options(output, true, 2), Engines::prepare);
    assertThat(trials(output)).hasSize(9 * 9).allMatch(row -> row.getLong(4) == 12);
    assertThat(output.resolve("notes.txt")).exists();
    assertThat(figures).isEmptyDirectory();
  }

  @Test
  void aDirectoryThatIsNoCampaignsIsNeverTouched() throws IOException {
    Path output = Files.createDirectories(temp.resolve("thesis"));
    Files.writeString(output.resolve("chapter1.tex"), "precious");
    for (boolean overwrite : new boolean[] {false, true}) {
      assertThatThrownBy(
              () ->
                  CampaignRun.run(
                      SPARK,
                      world.config(SmallWorld.CONFIG),
                      options(output, overwrite, 2),
                      NO_ENGINE))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("holds chapter1.tex but no campaign.json");
    }
    Files.writeString(output.resolve("campaign.json"), "{\"format\": \"something-else\"}");
    assertThatThrownBy(
            () ->
                CampaignRun.run(
                    SPARK, world.config(SmallWorld.CONFIG), options(output, true, 2), NO_ENGINE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("damaged, or not bitquake's");
    assertThat(output.resolve("chapter1.tex")).hasContent("precious");
  }

  @Test
  void anUnwritableOutputIsRefused() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "x");
    assertThatThrownBy(() -> run(SmallWorld.CONFIG, file.resolve("sub"), 2, NO_ENGINE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cannot be");
  }

  @Test
  void aFailedTrialIsARowAndTheRestGoesOn() {
    Path output = temp.resolve("failing");
    var failing = run(SmallWorld.CONFIG, output, 2, CampaignRunTest::fragile);
    var trials = trials(output);
    var failed = trials.stream().filter(row -> row.getAs("error") != null).toList();
    assertThat(failed).isNotEmpty().hasSizeLessThan(trials.size() / 2);
    assertThat(failed)
        .allSatisfy(
            row -> {
              assertThat(row.<Integer>getAs("correct")).isNull();
              assertThat(row.<String>getAs("error"))
                  .isEqualTo("UnsupportedOperationException: fragile engine");
            });
    assertThat(failing.failed()).isEqualTo(failed.size());
    assertThat(failing.report()).contains(Text.of("%d of them failed", failed.size()));
    var undisturbedRows = new HashSet<>(trials(undisturbed));
    assertThat(trials.stream().filter(row -> row.getAs("error") == null))
        .allMatch(undisturbedRows::contains);
    long counted = rows(output, "cells").stream().mapToLong(row -> row.<Long>getAs("failed")).sum();
    assertThat(counted).isEqualTo(failed.size());
  }

  /** Fails on every third set of faulty codes, and for good after its first failure. */
  private static Engine fragile(QuantizedNetwork network) {
    var broken = new AtomicBoolean();
    return new FailingEngine(
        "fragile",
        Engines.prepare(network),
        codes -> {
          if (Math.floorMod(Arrays.deepHashCode(codes), 3) == 0) {
            broken.set(true);
          }
          if (broken.get()) {
            throw new UnsupportedOperationException("fragile\n engine");
          }
        });
  }
}
