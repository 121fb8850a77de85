package org.bitquake.jobs.protect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.engine.Engines;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.campaign.CampaignRun;
import org.bitquake.jobs.campaign.FailingEngine;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.jobs.config.RunOptions;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.verify.Sound;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Searches for a protection, from the configuration file to the tables. */
class ProtectRunTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final Configuration HADOOP = new Configuration();

  private static final String CONFIG =
      """
      name: small
      seed: 11
      networks: [a.qnn.npz, {file: a.qnn.npz, name: second}]
      data: {name: fashion-mnist, split: test, directory: data}
      faults: {models: [bit-flip], rates: [0.02]}
      target: {loss: 0.06}
      allow: {encodings: [twos-complement, gray]}
      trials: {search: 16, confirm: 400}
      images: 20
      output: unused
      """;

  private static final String ONE = CONFIG.replace(", {file: a.qnn.npz, name: second}", "");

  @TempDir static Path temp;
  private static SmallWorld world;
  private static Path undisturbed;
  private static ProtectRun.Outcome outcome;

  @BeforeAll
  static void runOnce() throws IOException {
    world = SmallWorld.create(Files.createDirectories(temp.resolve("world")));
    undisturbed = temp.resolve("undisturbed");
    outcome = run(undisturbed, CONFIG, 2, Engines::prepare);
  }

  private static ProtectRun.Outcome run(
      Path output, String config, int partitions, EngineSource engines) {
    var options =
        new RunOptions(
            Optional.of(output.toString()), false, Optional.empty(), Optional.of(partitions), true);
    return ProtectRun.run(SPARK, world.config(config), options, engines);
  }

  private static List<Row> rows(Path directory, String table, String... order) {
    var rows = new TableStore(directory.toString(), HADOOP).read(SPARK, table);
    return order.length == 0 ? rows.collectAsList() : sorted(rows, order);
  }

  private static List<Row> sorted(Dataset<Row> rows, String... order) {
    return rows.sort(order[0], Arrays.copyOfRange(order, 1, order.length)).collectAsList();
  }

  private static List<Row> trials(Path directory) {
    return rows(directory, "trials", "network", "kind", "trial");
  }

  /** Winners' configurations, by name. */
  private static Map<String, String> winners(Path directory) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (var files = Files.newDirectoryStream(directory, "winner-*.yaml")) {
      for (Path file : files) {
        texts.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return texts;
  }

  private static void assertSame(Path directory) throws IOException {
    assertThat(trials(directory)).isEqualTo(trials(undisturbed));
    for (String table : List.of("protection_steps", "protection_frontier", "networks")) {
      assertThat(rows(directory, table)).isEqualTo(rows(undisturbed, table));
    }
    assertThat(winners(directory)).isEqualTo(winners(undisturbed));
  }

  @Test
  void everyNetworkHasAWinnerThatIsConfirmed() throws IOException {
    assertThat(outcome.unreached()).isZero();
    assertThat(winners(undisturbed)).containsOnlyKeys("winner-a.yaml", "winner-second.yaml");
    var frontier = rows(undisturbed, "protection_frontier");
    for (String network : List.of("a", "second")) {
      var its = frontier.stream().filter(row -> row.getAs("network").equals(network)).toList();
      var winners = its.stream().filter(row -> row.<Boolean>getAs("winner")).toList();
      assertThat(winners).hasSize(1);
      Row winner = winners.get(0);
      assertThat(winner.<Double>getAs("bound"))
          .isGreaterThanOrEqualTo(winner.<Double>getAs("target"))
          .isLessThanOrEqualTo(winner.<Double>getAs("fresh_accuracy"));
      assertThat(winner.<Boolean>getAs("finalist")).isTrue();
      for (Row cheaper : its) {
        if (cheaper.<Double>getAs("added_area") < winner.<Double>getAs("added_area")
            && cheaper.<Boolean>getAs("finalist")) {
          assertThat(cheaper.<Double>getAs("bound")).isLessThan(winner.<Double>getAs("target"));
        }
      }
      assertThat(outcome.report()).contains(winner.<String>getAs("protection"));
    }
  }

  /** Without protection the target is missed by far, so there was something to find. */
  @Test
  void somethingHadToBeFound() {
    var bare =
        rows(undisturbed, "protection_steps").stream()
            .filter(row -> row.getAs("phase").equals("encodings"))
            .toList();
    assertThat(bare)
        .allMatch(row -> row.<Double>getAs("accuracy") < row.<Double>getAs("target") - 0.02);
  }

  @Test
  void neitherPartitionsNorEnginesMatter() throws IOException {
    Path seven = temp.resolve("seven");
    run(seven, CONFIG, 7, ReferenceEngine::new);
    assertSame(seven);
  }

  /** Killed after so many trials, and again, it comes to the same end. */
  @Test
  void aKilledSearchComesToTheSameEnd() throws IOException {
    Path output = temp.resolve("killed");
    int kills = 0;
    for (int lives = 40; lives < 100_000; lives += 60) {
      var left = new AtomicInteger(lives);
      EngineSource engines =
          network ->
              new FailingEngine(
                  "failing",
                  Engines.prepare(network),
                  codes -> {
                    if (left.decrementAndGet() < 0) {
                      throw new LinkageError("killed"); // no trial that failed, but the end
                    }
                  });
      try {
        run(output, CONFIG, 2, engines);
      } catch (Exception e) {
        kills++;
        continue;
      }
      break;
    }
    assertThat(kills).isGreaterThanOrEqualTo(3);
    assertSame(output);
  }

  @Test
  void everythingAboutItIsSoundAndRunsAgain() throws IOException {
    Sound.assertFinished(undisturbed, "trials");
    String data = world.directory().resolve("data").toString();
    var found = Sound.verify(undisturbed, 100, Optional.of(data));
    assertThat(found.findings()).isEmpty();
    assertThat(found.summary()).anyMatch(line -> line.contains(": 100 the same"));
  }

  @Test
  void whatIsMissingIsFound() throws IOException {
    Path output = temp.resolve("holes");
    FileUtils.copyDirectory(undisturbed.toFile(), output.toFile());
    try (var files =
        Files.newDirectoryStream(output.resolve("_manifests/trials"), "*-n001-w002*")) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    assertThat(Sound.findings(output)).anyMatch(line -> line.contains("do not rest on the trials"));
  }

  /** The configuration of a winner runs the trials that confirmed it. */
  @Test
  void aWinnersCampaignHasTheTrialsThatConfirmedIt() {
    Path output = temp.resolve("again");
    var options =
        new RunOptions(
            Optional.of(output.toString()), false, Optional.empty(), Optional.of(2), true);
    CampaignRun.run(SPARK, undisturbed.resolve("winner-a.yaml").toString(), options);
    Row winner =
        rows(undisturbed, "protection_frontier").stream()
            .filter(row -> row.getAs("network").equals("a") && row.<Boolean>getAs("winner"))
            .findFirst()
            .orElseThrow();
    var cells =
        rows(output, "cells").stream()
            .filter(row -> row.<String>getAs("kind").endsWith(winner.getAs("design")))
            .toList();
    assertThat(cells).hasSize(1);
    assertThat(cells.get(0).<Long>getAs("trials")).isEqualTo(winner.<Long>getAs("fresh_trials"));
    assertThat(cells.get(0).<Double>getAs("accuracy"))
        .isEqualTo(winner.<Double>getAs("fresh_accuracy"));
  }

  @Test
  void aFinishedSearchOnlyPrintsItsTableAgain() {
    var again =
        run(
            undisturbed,
            CONFIG,
            2,
            network -> {
              throw new AssertionError("nothing is left to run");
            });
    assertThat(again).isEqualTo(outcome);
  }

  /** What cannot be had leaves a frontier, and says how far it got. */
  @Test
  void anUnreachableTargetKeepsItsFrontier() throws IOException {
    Path output = temp.resolve("unreachable");
    var its =
        run(
            output,
            ONE.replace("allow: {", "allow: {techniques: [parity], area: 0.2, ")
                .replace("loss: 0.06", "loss: 0.001"),
            2,
            Engines::prepare);
    assertThat(its.unreached()).isEqualTo(1);
    assertThat(its.report())
        .contains("a: not reached: ")
        .contains("; allow more techniques or area");
    assertThat(winners(output)).isEmpty();
    assertThat(rows(output, "protection_frontier"))
        .isNotEmpty()
        .noneMatch(row -> row.<Boolean>getAs("winner"))
        .allMatch(row -> row.<Double>getAs("added_area") <= 0.2);
    Sound.assertFinished(output, "trials");
  }

  /** Clusters, in some cells only, with codes and copies to choose from. */
  @Test
  void anyFaultsOfWeightsAreSearchedFor() throws IOException {
    Path output = temp.resolve("faults");
    String faults =
        "{models: [{pattern: {cluster: {2x2: 1}}, effect: stuck-open}], rates: [0.1], layers: [fc1],"
            + " bits: [2, 3]}";
    run(
        output,
        ONE.replace("{models: [bit-flip], rates: [0.02]}", faults)
            .replace("allow: {", "allow: {techniques: [tmr, {hamming: {word: 4}}, harden], "),
        3,
        Engines::prepare);
    Sound.assertFinished(output, "trials");
    var harmed =
        rows(output, "protection_steps").stream()
            .filter(row -> row.getAs("phase").equals("harm"))
            .filter(row -> row.<Long>getAs("trials") > 0)
            .map(row -> row.<String>getAs("protection"))
            .toList();
    assertThat(harmed).isNotEmpty().allMatch(only -> only.startsWith("only fc1"));
  }

  /** Where cells are stuck, columns may be written around them; their choices are an area. */
  @Test
  void columnsAreWrittenAroundStuckCells() throws IOException {
    Path output = temp.resolve("stuck");
    run(
        output,
        ONE.replace("models: [bit-flip]", "models: [stuck-at-1]")
                .replace("allow: {", "allow: {techniques: [{remap: {by: column}}, harden], ")
            + "memory: {rows: 4}\n",
        2,
        Engines::prepare);
    Sound.assertFinished(output, "trials");
    var whole =
        rows(output, "protection_steps").stream()
            .filter(row -> row.<String>getAs("protection").equals("remap-column all"))
            .toList();
    assertThat(whole)
        .isNotEmpty()
        .allMatch(row -> row.<Long>getAs("trials") > 0 && row.<Double>getAs("added_area") > 0.1);
    String data = world.directory().resolve("data").toString();
    assertThat(Sound.verify(output, 50, Optional.of(data)).findings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "models: [bit-flip] | models: [bit-flip, stuck-at-0] | faults.models: a protection is"
            + " searched for one fault model, and there are 2",
        "rates: [0.02] | rates: [0.02, 0.03] | faults.rates: a protection is searched for one rate",
        "rates: [0.02] | rates: [0] | faults.rates: no cell fails at a rate of 0",
        "{loss: 0.06} | {loss: 6} | target.loss: 6.0 is not between 0 and 1; write 2 points as 0.02",
        "{loss: 0.06} | {} | target.loss: needs either loss or accuracy",
        "{encodings: [twos-complement, gray]} | {techniques: [{harden: {bits: [3]}}]} |"
            + " allow.techniques[0]: the search chooses layers and bits; leave them out",
        "{encodings: [twos-complement, gray]} | {techniques: [{secded: {word: 24}}]} |"
            + " allow.techniques[0]: secded",
        "{encodings: [twos-complement, gray]} | {techniques: [remap]} | allow.techniques[0]: remap",
        "{encodings: [twos-complement, gray]} | {encodings: [unary]} | allow.encodings[0]: ",
        "{encodings: [twos-complement, gray]} | {area: -1} | allow.area: -1.0 is outside 0",
        "search: 16 | search: 1 | trials.search: 1 is outside 16",
        "images: 20 | images: auto | images: auto is for campaigns",
        "images: 20 | images: 61 | images: 61, but",
        "models: [bit-flip] | models: [{target: activations, effect: bit-flip}] |"
            + " faults.models[0].target: a protection is of the memory of weights",
        "models: [bit-flip] | models: [{effect: {drift: {sigma: 0.5, levels: 4}}}] | faults.models[0]",
      })
  void whatIsWrongIsSaidInALine(String what, String instead, String message) {
    assertThat(CONFIG).contains(what);
    assertThatThrownBy(
            () -> run(temp.resolve("wrong"), CONFIG.replace(what, instead), 2, Engines::prepare))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("campaign.yaml:")
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
    assertThat(temp.resolve("wrong")).doesNotExist();
  }
}
