package org.bitquake.jobs.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bitquake.jobs.TestSpark.ORIGIN;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.Text;
import org.bitquake.engine.Engines;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.config.CampaignConfig;
import org.bitquake.jobs.config.InputOptions;
import org.bitquake.jobs.config.RunOptions;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.injection.CampaignOutcome;
import org.bitquake.jobs.monitor.Watched;
import org.bitquake.jobs.store.ResultDirectory;
import org.bitquake.jobs.store.TableStore;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Campaigns that stop when their intervals are narrow, and choose their images. */
class AdaptiveCampaignTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final Configuration HADOOP = new Configuration();
  private static final double HALF_WIDTH = 0.012;
  private static final String CONFIG =
      SmallWorld.CONFIG
          .replace("{perCell: 9}", Text.of("{until: {halfWidth: %s, max: 3000}}", HALF_WIDTH))
          .replace("images: 20", "images: auto");

  @TempDir static Path temp;
  private static SmallWorld world;
  private static Path undisturbed;
  private static Watched watched;

  @BeforeAll
  static void runOnce() throws IOException {
    world = SmallWorld.create(Files.createDirectories(temp.resolve("world")));
    undisturbed = temp.resolve("undisturbed");
    watched = Watched.during("campaign small", "trials", () -> run(undisturbed, 3));
  }

  private static CampaignOutcome run(Path output, int partitions) {
    var options =
        new RunOptions(
            Optional.of(output.toString()), false, Optional.empty(), Optional.of(partitions), true);
    return CampaignRun.run(SPARK, world.config(CONFIG), options, Engines::prepare);
  }

  private static List<Row> rows(Path directory, String table, String... order) {
    var rows = new TableStore(directory.toString(), HADOOP).read(SPARK, table);
    return (order.length == 0 ? rows : rows.selectExpr("*").sort(order[0], tail(order)))
        .collectAsList();
  }

  private static String[] tail(String[] order) {
    return List.of(order).subList(1, order.length).toArray(String[]::new);
  }

  private static List<Row> trials(Path directory) {
    return rows(directory, "trials", "trial", "network", "kind", "rate");
  }

  @Test
  void everyIntervalIsNarrowEnoughAndWorkGoesWhereItIsNeeded() {
    var cells = rows(undisturbed, "cells");
    assertThat(cells)
        .hasSize(18)
        .allSatisfy(
            cell -> {
              assertThat(cell.<Double>getAs("target_half_width")).isEqualTo(HALF_WIDTH);
              boolean narrow = cell.<Double>getAs("half_width") <= HALF_WIDTH;
              assertThat(narrow || cell.<Long>getAs("trials") == 3000).isTrue();
              assertThat(cell.<Long>getAs("trials")).isGreaterThanOrEqualTo(256);
            });
    assertThat(cells).filteredOn(c -> c.<Double>getAs("rate") == 0).allMatch(c -> c.getAs("exact"));
    var needed = cells.stream().map(cell -> cell.<Long>getAs("trials")).distinct().count();
    assertThat(needed).as("different numbers of trials").isGreaterThan(3);
  }

  @Test
  void sparkAndTheLogTellHowFarItIs() {
    assertThat(watched.descriptions())
        .contains("golden run of 3 networks", "tables")
        .anyMatch(d -> d.matches("wave 1: [\\d,]+ trials of 3 networks, 2 fault kinds, 3 rates"))
        .anyMatch(d -> d.startsWith("wave 2: "));
    assertThat(watched.values())
        .anyMatch(v -> v.matches("open cells=1?\\d\\.0"))
        .anyMatch(v -> v.matches("widest half-width=0\\.\\d+"));
    var lines = watched.lines();
    var last = lines.get(lines.size() - 1);
    assertThat(last.get("open_cells").asInt()).isZero();
    double widest =
        rows(undisturbed, "cells").stream()
            .mapToDouble(cell -> cell.<Double>getAs("half_width"))
            .max()
            .getAsDouble();
    assertThat(last.get("widest_half_width").asDouble()).isEqualTo(widest);
    assertThat(lines.get(0).get("widest_half_width").asDouble()).isGreaterThan(widest);
  }

  /** Each cell's trial numbers are 0 … T − 1, each once. */
  @Test
  void noTrialIsMissingOrDoubled() {
    new TableStore(undisturbed.toString(), HADOOP)
        .read(SPARK, "trials")
        .createOrReplaceTempView("t");
    var bad =
        SPARK.sql(
            """
            SELECT network, kind, rate FROM t GROUP BY network, kind, rate
            HAVING count(*) != max(trial) + 1 OR count(DISTINCT trial) != count(*)
            """);
    assertThat(bad.collectAsList()).isEmpty();
  }

  @Test
  void partitionsDoNotMatter() {
    Path output = temp.resolve("one");
    run(output, 1);
    assertThat(trials(output)).isEqualTo(trials(undisturbed));
    assertThat(rows(output, "cells")).isEqualTo(rows(undisturbed, "cells"));
    assertThat(rows(output, "pairs")).isEqualTo(rows(undisturbed, "pairs"));
  }

  @Test
  void aKilledRunGoesOnAsIfItHadNotBeen() {
    Path output = temp.resolve("killed");
    var document = Yaml.load(world.config(CONFIG), HADOOP, CampaignConfig.class);
    var campaign = CampaignLoader.load(document, InputOptions.NONE, HADOOP);
    var store =
        ResultDirectory.open(
            output.toString(),
            "campaign",
            "small",
            CampaignIdentity.of(campaign),
            ORIGIN,
            false,
            HADOOP);
    var main = Thread.currentThread();
    var job = new CampaignJob(SPARK, campaign, store, Engines::prepare, 2);
    assertThatThrownBy(
            () ->
                job.run(
                    (done, expected) -> {
                      if (store.parts("trials").size() == 2 && Thread.currentThread() == main) {
                        throw new IllegalStateException("killed");
                      }
                    }))
        .hasMessage("killed");
    assertThat(store.parts("trials")).hasSize(2);
    store.close(); // as when its process is gone
    run(output, 2);
    assertThat(trials(output)).isEqualTo(trials(undisturbed));
    assertThat(rows(output, "cells")).isEqualTo(rows(undisturbed, "cells"));
  }

  /** Differences of accuracy trial by trial, in doubles, by Spark's own functions. */
  @Test
  void pairsAreTheMeansOverSharedTrials() {
    var store = new TableStore(undisturbed.toString(), HADOOP);
    store.read(SPARK, "trials").createOrReplaceTempView("t");
    store.read(SPARK, "pairs").createOrReplaceTempView("p");
    var differences =
        SPARK.sql(
            """
            SELECT p.*, n, d, se FROM p JOIN (
              SELECT a.network AS na, b.network AS nb, a.kind AS ka, b.kind AS kb, a.rate AS ra,
                b.rate AS rb, count(*) AS n,
                avg((a.correct - a.golden_correct) / a.images
                  - (b.correct - b.golden_correct) / b.images) AS d,
                stddev((a.correct - a.golden_correct) / a.images
                  - (b.correct - b.golden_correct) / b.images) / sqrt(count(*)) AS se
              FROM t a JOIN t b ON a.trial = b.trial GROUP BY 1, 2, 3, 4, 5, 6)
            ON network_a = na AND network_b = nb AND kind_a = ka AND kind_b = kb
              AND rate_a = ra AND rate_b = rb
            WHERE NOT coalesce(p.trials = n AND abs(difference - clean_difference - d) < 1e-12
              AND (exact OR se = 0 OR half_width BETWEEN 1.95 * se AND 2.6 * se + 0.01), false)
            """);
    assertThat(differences.collectAsList()).isEmpty();
    // 18 cells of 3 networks, 2 kinds, 3 rates: 3·6 + 1·9 + 3·6 pairs.
    assertThat(SPARK.table("p").count()).isEqualTo(18 + 9 + 18);
  }
}
