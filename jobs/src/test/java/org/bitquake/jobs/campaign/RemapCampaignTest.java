package org.bitquake.jobs.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.engine.Engines;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.verify.Sound;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Campaigns in which weights are written around stuck cells. */
class RemapCampaignTest {
  private static final SparkSession SPARK = TestSpark.session();

  private static final String PLAIN =
      SmallWorld.CONFIG
          .replace(
              "  kinds: [bit-flip, stuck-at-1]\n",
              """
                models:
                  - stuck-at-1
                  - {name: rows, pattern: row, effect: {mixed: {stuck-at-0: .5, stuck-at-1: .5}}}
              """)
          .replace("perCell: 9", "perCell: 5")
          .replace(
              "output:",
              """
              memory: {rows: 4, wordsPerRow: 2}
              protections:
                - none
                - remap
              output:""");

  private static final String CONFIG =
      PLAIN.replace(
          "  - remap\n",
          """
            - remap
            - {remap: {by: column}}
            - {name: everything, parts: [{remap: {by: both}}]}
          """);

  @TempDir static Path temp;
  private static SmallWorld world;
  private static Path directory;

  @BeforeAll
  static void runOnce() throws IOException {
    world = SmallWorld.create(Files.createDirectories(temp.resolve("world")));
    directory = run("remapped", CONFIG, 2, Engines::prepare);
  }

  private static Path run(String name, String config, int partitions, EngineSource engines) {
    return world.run(temp.resolve(name), config, partitions, engines);
  }

  @Test
  void neitherPartitionsNorEnginesMatter() {
    var expected = SmallWorld.trials(directory, "true");
    assertThat(expected).isNotEmpty().allMatch(row -> row.getAs("error") == null);
    assertThat(SmallWorld.trials(run("seven", CONFIG, 7, ReferenceEngine::new), "true"))
        .isEqualTo(expected);
  }

  /** Trials see the same faulty cells under each; by column fewer weights are read wrong. */
  @Test
  void onlyWhatIsWrittenDiffers() {
    for (String other : new String[] {"remap", "remap-column", "everything"}) {
      long more = 0;
      for (String faults : new String[] {"stuck-at-1", "rows"}) {
        var plain = SmallWorld.trials(directory, "kind = '" + faults + "'");
        var its = SmallWorld.trials(directory, "kind = '" + faults + " + " + other + "'");
        assertThat(its).hasSameSizeAs(plain);
        for (int i = 0; i < its.size(); i++) {
          assertThat(its.get(i).<Long>getAs("faulty_cells"))
              .isEqualTo(plain.get(i).<Long>getAs("faulty_cells"));
          more +=
              its.get(i).<Long>getAs("changed_weights")
                  - plain.get(i).<Long>getAs("changed_weights");
        }
      }
      if (other.equals("remap")) {
        assertThat(more).isZero(); // a weight with wrong cells is only read closer
      } else {
        assertThat(more).as(other).isNegative();
      }
    }
  }

  /** What is there by weight has the rows that it has where nothing else is. */
  @Test
  void byWeightIsAsAlone() {
    var alone = SmallWorld.trials(run("alone", PLAIN, 2, Engines::prepare), "true");
    assertThat(
            SmallWorld.trials(
                directory, "kind NOT LIKE '%remap-column' AND kind NOT LIKE '%everything'"))
        .isEqualTo(alone);
  }

  @Test
  void everythingAboutItIsSoundAndRunsAgain() throws IOException {
    Sound.assertRunsAgain(directory, 120, world.directory().resolve("data"));
  }

  /** Choices are cells: five for each column of 4-bit weights. */
  @Test
  void aTableCountsTheChoices() {
    var rows = new TableStore(directory.toString(), new Configuration()).read(SPARK, "protections");
    assertThat(rows.count()).isEqualTo(3 * 2 * 4);
    for (Row row : rows.collectAsList()) {
      long data = row.getAs("data_cells");
      long added = row.getAs("check_cells");
      String protection = row.getAs("protection");
      if (protection.equals("none") || protection.equals("remap")) {
        assertThat(added).isZero();
      } else {
        assertThat(added % 5).isZero();
        assertThat((double) added).isBetween(data * 5 / (4.0 * 4), data * 5 / 4.0);
      }
      assertThat(row.<Double>getAs("added_cells")).isEqualTo((double) added / data);
      assertThat(row.<Double>getAs("added_area")).isEqualTo((double) added / data);
    }
  }

  @Test
  void cellsThatAreNotStuckCannotBeWrittenAround() {
    String config = CONFIG.replace("    - stuck-at-1\n", "    - bit-flip\n");
    assertThat(config).isNotEqualTo(CONFIG);
    assertThatThrownBy(() -> world.load(config))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("remap writes around cells that are known to be stuck")
        .hasMessageNotContaining("\n");
    assertThatThrownBy(() -> world.load(CONFIG.replace("by: column", "by: row")))
        .isInstanceOf(InputException.class)
        .hasMessageMatching("(?s).*campaign.yaml:\\d+:\\d+: .*")
        .hasMessageContaining("by is \"row\"; there are weight, column and both")
        .hasMessageNotContaining("\n");
  }
}
