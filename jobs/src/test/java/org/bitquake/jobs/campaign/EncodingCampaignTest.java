package org.bitquake.jobs.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.engine.Engines;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultNoise;
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

/** Campaigns over encodings. */
class EncodingCampaignTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final Configuration HADOOP = new Configuration();
  private static final List<String> ENCODINGS = List.of("twos-complement", "offset-binary", "gray");

  private static final String SINGLE =
      SmallWorld.CONFIG
          .replace(
              "  kinds: [bit-flip, stuck-at-1]\n",
              "  models: [stuck-at-1, {name: rows, pattern: row, effect: bit-flip}]\n")
          .replace("output:", "protections: [none, parity]\noutput:");

  private static final String CONFIG =
      SINGLE.replace(
          "protections:", "encodings: [twos-complement, offset-binary, gray]\nprotections:");

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

  /** Of the reference engine and other partitions. */
  @ParameterizedTest
  @CsvSource({"twos-complement", "gray"})
  void eachHasTheRowsOfACampaignOfItsOwn(String encoding) {
    Path alone =
        run(
            encoding,
            SINGLE.replace("  rates:", "  encoding: " + encoding + "\n  rates:"),
            3,
            ReferenceEngine::new);
    for (String faults : List.of("stuck-at-1", "rows")) {
      for (String protection : List.of("", " + parity-32")) {
        String kind = faults + " in " + encoding + protection;
        assertThat(SmallWorld.results(SmallWorld.trials(undisturbed, "kind = '" + kind + "'")))
            .hasSize(9 * 3 * 3)
            .isEqualTo(
                SmallWorld.results(
                    SmallWorld.trials(alone, "kind = '" + faults + protection + "'")));
      }
    }
  }

  @Test
  void everythingAboutItIsSoundAndRunsAgain() throws IOException {
    Sound.assertRunsAgain(undisturbed, 200, world.directory().resolve("data"));
  }

  @Test
  void tablesSayHowCodesAreStored() {
    var store = new TableStore(undisturbed.toString(), HADOOP);
    assertThat(store.read(SPARK, "networks").select("encoding").distinct().collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly("twos-complement, offset-binary, gray");
    var rows = store.read(SPARK, "encodings").collectAsList();
    assertThat(rows).hasSize(3 * 2 * ENCODINGS.size() * 3); // of independent cells, without parity
    for (Row row : rows) {
      assertThat(row.<String>getAs("kind")).isEqualTo("stuck-at-1 in " + row.getAs("encoding"));
      var layer =
          world
              .network(
                  row.getAs("network").equals("second")
                      ? "b.qnn.npz"
                      : row.getAs("network") + ".qnn.npz")
              .weightLayers()
              .stream()
              .filter(it -> it.name().equals(row.getAs("layer")))
              .findFirst()
              .orElseThrow()
              .weights();
      assertThat(row.<Double>getAs("shift"))
          .isEqualTo(
              FaultNoise.of(
                      layer.codes(),
                      layer.step(),
                      layer.bits(),
                      layer.gain(),
                      layer.offset(),
                      FaultKind.STUCK_AT_1,
                      Encoding.of(row.getAs("encoding")),
                      row.getAs("rate"))
                  .shift());
    }
  }

  /** The notebook's gains are the differences of the cells' accuracies, and known better. */
  @Test
  void aNotebookSetsThemAgainstTwosComplement() throws IOException {
    var session = SqlSession.open(SPARK, undisturbed.toString());
    String query = Files.readString(Path.of("..", "notebooks", "encodings.sql"));
    var rows = session.query(Statements.split(query).get(0)).collectAsList();
    assertThat(rows).hasSize(3 * ENCODINGS.size() * 3);
    for (Row row : rows) {
      if (row.getAs("encoding").equals("twos-complement")) {
        assertThat(row.<Object>getAs("gain")).isNull();
        continue;
      }
      var base =
          rows.stream()
              .filter(it -> it.getAs("encoding").equals("twos-complement"))
              .filter(it -> it.getAs("network").equals(row.getAs("network")))
              .filter(it -> it.getAs("percent_faulty").equals(row.getAs("percent_faulty")))
              .toList();
      assertThat(base).hasSize(1);
      double gain = row.<Double>getAs("accuracy") - base.get(0).<Double>getAs("accuracy");
      assertThat(row.<Double>getAs("gain")).isCloseTo(gain, within(0.03));
    }
  }

  @Test
  void thePageSetsAccuracyAgainstTheMeanChange() throws IOException {
    ReportRun.keep(SPARK, undisturbed.toString(), List.of());
    assertThat(Files.readString(undisturbed.resolve("report.html")))
        .contains("How codes are stored", "offset-binary");
  }

  /** In one encoding of a campaign's own, and in several. */
  @ParameterizedTest
  @CsvSource({"twos-complement, true", "offset-binary, false", "'twos-complement, gray', false"})
  void ofUnsignedCodesInTwosComplementTheCampaignSaysSo(String encodings, boolean says)
      throws IOException {
    Files.copy(
        Path.of("..", "conf", "study", "networks", "liq-standard-1.qnn.npz"),
        world.directory().resolve("liq.qnn.npz"),
        StandardCopyOption.REPLACE_EXISTING);
    String config =
        CONFIG
            .replaceFirst("encodings: .*", "encodings: [" + encodings + "]")
            .replaceFirst("(?s)networks:.*data:", "networks: [a.qnn.npz, liq.qnn.npz]\ndata:")
            .replace("perCell: 9", "perCell: 2");
    if (!encodings.contains(",")) {
      config =
          config
              .replaceFirst("encodings: .*", "")
              .replace("  rates:", "  encoding: " + encodings + "\n  rates:");
    }
    Path output = temp.resolve("unsigned-" + encodings.length());
    assertThat(
            world
                .outcome(config, output, 2, Engines::prepare)
                .report()
                .contains("Note: the codes of liq"))
        .isEqualTo(says);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gray] | excess] | encodings[2]: unknown encoding "excess": use one of twos-complement
          gray] | offset-binary] | encodings[2]: offset-binary is here twice
          '[twos-complement, offset-binary, gray]' | '[]' | encodings: is empty; give at least one
          '  rates' | '  encoding: gray\n  rates' | faults.encoding: the ways to store codes are those of encodings; leave out one of both
          """)
  void whatDoesNotFitIsOneLine(String from, String to, String message) {
    String config = CONFIG.replace(from, to.replace("\\n", "\n"));
    assertThat(config).isNotEqualTo(CONFIG);
    assertThatThrownBy(() -> world.load(config))
        .isInstanceOf(InputException.class)
        .hasMessageMatching("(?s).*campaign.yaml:\\d+:\\d+: .*")
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }
}
