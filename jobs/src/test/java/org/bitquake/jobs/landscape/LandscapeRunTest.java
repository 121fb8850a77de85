package org.bitquake.jobs.landscape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.data.Dataset;
import org.bitquake.engine.Engines;
import org.bitquake.fault.ImageSampler;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.campaign.CampaignRun;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.jobs.config.RunOptions;
import org.bitquake.jobs.monitor.Watched;
import org.bitquake.jobs.store.LandscapeTables;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.verify.Sound;
import org.bitquake.landscape.Ascent;
import org.bitquake.landscape.Direction;
import org.bitquake.landscape.Eigenvalue;
import org.bitquake.landscape.LossFunction;
import org.bitquake.landscape.LossPoint;
import org.bitquake.landscape.MeanEstimate;
import org.bitquake.landscape.Probes;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LandscapeRunTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final Configuration HADOOP = new Configuration();
  private static final int IMAGES = 40;

  static final String CONFIG =
      """
      name: small
      seed: 5
      networks:
        - a.qnn.npz
        - {file: b.qnn.npz, name: second}
        - wide.qnn.npz
      data: {name: fashion-mnist, split: test, directory: data}
      images: {count: 40, seed: 3}
      lines: {points: 5, range: 0.5, directions: 2}
      surface: {points: 33, betaPoints: 17, range: 0.5}
      sharpness:
        rho: 0.2
        steps: 3
        radii: [0.1, 0.5]
        directions: 3
        hessian: {probes: 4, tolerance: 0.05, iterations: 60}
      output: unused
      """;

  @TempDir static Path temp;
  private static SmallWorld world;
  private static Path undisturbed;
  private static LandscapeRun.Outcome outcome;

  @BeforeAll
  static void runOnce() throws IOException {
    world = SmallWorld.create(Files.createDirectories(temp.resolve("world")));
    undisturbed = temp.resolve("undisturbed");
    Watched.during(
        "landscape undisturbed", "grid points", () -> outcome = run(CONFIG, undisturbed, 3));
  }

  private static LandscapeRun.Outcome run(String config, Path output, int partitions)
      throws IOException {
    return run(config, output, partitions, Optional.empty());
  }

  private static LandscapeRun.Outcome run(
      String config, Path output, int partitions, Optional<String> campaign) throws IOException {
    return LandscapeRun.run(SPARK, world.config(config), options(output, partitions), campaign);
  }

  private static RunOptions options(Path output, int partitions) {
    return new RunOptions(
        Optional.of(output.toString()), false, Optional.empty(), Optional.of(partitions), true);
  }

  private static List<Row> rows(Path directory, String table) {
    return new TableStore(directory.toString(), HADOOP).read(SPARK, table).collectAsList();
  }

  private static List<QuantizedNetwork> networks() {
    return List.of(
        world.network("a.qnn.npz"),
        world.network("b.qnn.npz").withName("second"),
        world.network("wide.qnn.npz"));
  }

  private static Dataset images() {
    var all = world.dataset();
    int[] chosen = new ImageSampler(3, all.size(), IMAGES).draw(0);
    int size = all.shape().size();
    byte[] pixels = new byte[IMAGES * size];
    byte[] labels = new byte[IMAGES];
    for (int i = 0; i < IMAGES; i++) {
      all.copyImage(chosen[i], pixels, i * size);
      labels[i] = all.labels()[chosen[i]];
    }
    return new Dataset(all.name(), all.shape(), all.classes(), pixels, labels);
  }

  @Test
  void pointsAreThoseOfAPlainLoop() {
    List<Row> expected = new ArrayList<>();
    for (var network : networks()) {
      var f = new LossFunction(network, images());
      var space = f.space();
      for (long d = 0; d < 2; d++) {
        for (double a : new double[] {-0.5, -0.25, 0, 0.25, 0.5}) {
          var point = f.at(space.at(a, Direction.random(network, 5, d)));
          expected.add(row(network, "line", d, null, a, null, point));
        }
      }
      var delta = Direction.random(network, 5, 0);
      var eta = Direction.random(network, 5, 1);
      // Steps that are powers of two, so that there is one way to round.
      for (double b = -0.5; b <= 0.5; b += 0.0625) {
        for (double a = -0.5; a <= 0.5; a += 0.03125) {
          var point = f.at(space.at(a, delta, b, eta));
          expected.add(row(network, "surface", 0, 1L, a, b, point));
        }
      }
      for (long d = 0; d < 3; d++) {
        for (double radius : new double[] {0.1, 0.5}) {
          var point = f.at(space.at(radius, Direction.random(network, 5, d)));
          expected.add(row(network, "radius", d, null, radius, null, point));
        }
      }
    }
    assertThat(rows(undisturbed, "landscape")).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static Row row(
      QuantizedNetwork network,
      String kind,
      long direction,
      Long second,
      double alpha,
      Double beta,
      LossPoint point) {
    return RowFactory.create(
        network.name(),
        kind,
        direction,
        second,
        alpha,
        beta,
        point.loss(),
        point.accuracy(),
        point.correct(),
        IMAGES,
        "quantised",
        5L,
        3L,
        "fashion-mnist/test",
        network.contentHash());
  }

  @Test
  void theCentreIsTheNetworkItself() {
    var images = images();
    for (var network : networks()) {
      int[] predictions = new int[IMAGES];
      try (var engine = Engines.prepare(network)) {
        engine.predict(images.pixels(), IMAGES, predictions);
      }
      int correct = 0;
      for (int i = 0; i < IMAGES; i++) {
        correct += predictions[i] == images.label(i) ? 1 : 0;
      }
      int own = correct;
      var centres =
          rows(undisturbed, "landscape").stream()
              .filter(row -> row.getString(0).equals(network.name()))
              .filter(row -> row.getDouble(4) == 0 && (row.isNullAt(5) || row.getDouble(5) == 0))
              .toList();
      assertThat(centres).hasSize(3).allMatch(row -> row.getInt(8) == own);
      assertThat(centres.stream().map(row -> row.getDouble(6)).distinct()).hasSize(1);
    }
  }

  @Test
  void sharpnessIsThatOfThePlainFunctions() {
    var rows = rows(undisturbed, "sharpness");
    for (var network : networks()) {
      var f = new LossFunction(network, images());
      float[][] centre = f.space().centre();
      var ascent = Ascent.of(f, 0.2, 3);
      var eigenvalue = Eigenvalue.largest(f.hessian(centre), 5, 0.05, 60);
      double[] traces = new double[4];
      for (int k = 0; k < 4; k++) {
        traces[k] = Probes.trace(f.hessian(centre), 5, k);
      }
      double[] rises = new double[3];
      for (int d = 0; d < 3; d++) {
        var point = f.at(f.space().at(0.5, Direction.random(network, 5, d)));
        rises[d] = point.loss() - ascent.centre().loss();
      }
      var trace = MeanEstimate.of(traces);
      var rise = MeanEstimate.of(rises);
      assertMeasure(rows, network, "sam-one-step", 0.2, ascent.oneStepRise(), null, null);
      assertMeasure(rows, network, "sam-ascent", 0.2, ascent.rise(), null, null);
      assertMeasure(rows, network, "mean-rise", 0.5, rise.mean(), rise.standardError(), null);
      assertMeasure(
          rows,
          network,
          "largest-eigenvalue",
          null,
          eigenvalue.value(),
          null,
          eigenvalue.residual());
      assertMeasure(rows, network, "trace", null, trace.mean(), trace.standardError(), null);
    }
    assertThat(rows).hasSize(3 * 6);
  }

  private static void assertMeasure(
      List<Row> rows,
      QuantizedNetwork network,
      String measure,
      Double radius,
      double value,
      Double error,
      Double residual) {
    var row =
        rows.stream()
            .filter(r -> r.getString(0).equals(network.name()) && r.getString(1).equals(measure))
            .filter(r -> radius == null || radius.equals(r.get(2)))
            .findFirst()
            .orElseThrow();
    assertThat(row.get(2)).isEqualTo(radius);
    assertThat(row.getDouble(3)).isEqualTo(value);
    assertThat(row.get(4)).isEqualTo(error);
    assertThat(row.get(5)).isEqualTo(residual);
    assertThat(row.getString(15)).isEqualTo(network.contentHash());
  }

  /** Then a wave and a network's sharpness go missing, and what a killed run left lies about. */
  @Test
  void rowsDoNotDependOnPartitionsAndOnlyWhatIsMissingIsComputedAgain() throws IOException {
    Path other = temp.resolve("other");
    run(CONFIG, other, 7);
    assertSameTables(other);

    List<Path> kept = new ArrayList<>();
    for (String table : List.of("landscape", "sharpness")) {
      List<Path> manifests;
      try (var files = Files.list(other.resolve("_manifests").resolve(table))) {
        manifests = files.filter(f -> f.toString().endsWith(".json")).sorted().toList();
      }
      assertThat(manifests).hasSizeGreaterThan(1);
      Files.delete(manifests.get(0));
      kept.add(manifests.get(1));
    }
    Files.createDirectories(other.resolve("landscape/half-written"));
    assertThat(Sound.findings(other))
        .containsExactly("sharpness: rests on landscape, which is not complete");
    var before = kept.stream().map(LandscapeRunTest::time).toList();
    run(CONFIG, other, 2);
    assertSameTables(other);
    assertThat(kept.stream().map(LandscapeRunTest::time).toList()).isEqualTo(before);
    assertThat(other.resolve("landscape/half-written")).doesNotExist();
  }

  private static Object time(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertSameTables(Path other) {
    for (String table : List.of("landscape", "sharpness")) {
      assertThat(rows(other, table)).containsExactlyInAnyOrderElementsOf(rows(undisturbed, table));
    }
  }

  @Test
  void requantisedPointsHaveCodesForWeights() throws IOException {
    Path other = temp.resolve("requantised");
    String config =
        CONFIG
            .replace("lines:", "mode: requantised\nlines:")
            .replaceAll("(?s)surface:.*output", "output");
    run(config, other, 2);
    var network = networks().get(0);
    var f = new LossFunction(network, images());
    var weights = f.space().requantised(f.space().at(0.25, Direction.random(network, 5, 1)));
    var row =
        rows(other, "landscape").stream()
            .filter(r -> r.getString(0).equals("a") && r.getLong(2) == 1 && r.getDouble(4) == 0.25)
            .findFirst()
            .orElseThrow();
    assertThat(row.getDouble(6)).isEqualTo(f.at(weights).loss());
    assertThat(row.getString(10)).isEqualTo("requantised");
    assertThat(rows(other, "sharpness")).isEmpty();
  }

  @Test
  void theReportHasALineForEachNetworkAndTheFiguresAreDrawn() {
    assertThat(outcome.report())
        .contains("network", "SAM, 1 step", "SAM, 3 steps", "rise at 0.5", "eigenvalue", "trace")
        .containsPattern("\na +\\d")
        .containsPattern("\nsecond +\\d")
        .contains("1,731 grid points on 40 images; tables landscape, sharpness in " + undisturbed);
    assertThat(outcome.figures().stream().map(f -> f.getName()))
        .containsExactly(
            "loss-lines.svg", "loss-lines.png", "loss-surfaces.svg", "loss-surfaces.png");
    assertThat(outcome.figures()).allMatch(f -> Files.exists(Path.of(f.toUri())));
  }

  @Test
  void sharpnessIsComparedWithACampaignByContentNotByName() throws IOException {
    Path campaign = temp.resolve("campaign");
    String config = SmallWorld.CONFIG.replace("second", "another-name");
    CampaignRun.run(
        SPARK,
        world.config(config),
        new RunOptions(
            Optional.of(campaign.toString()), false, Optional.empty(), Optional.of(2), true));
    var compared = run(CONFIG, undisturbed, 2, Optional.of(campaign.toString()));
    assertThat(compared.report())
        .startsWith(outcome.report())
        .contains("3 networks", "bit-flip 5 %: Spearman", "stuck-at-1 5 %: Spearman", "Pearson")
        .containsPattern("mean-rise 0.5 +-?\\d\\.\\d\\d \\(\\d\\.\\d{3}\\)")
        .contains("With 3 networks no p-value can be below 0.167: a hint, not a proof.");
    assertThat(undisturbed.resolve("figures/sharpness-faults.svg")).exists();

    String two = CONFIG.replace("  - wide.qnn.npz\n", "");
    assertThatThrownBy(() -> run(two, temp.resolve("two"), 2, Optional.of(campaign.toString())))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("it has 2 of the networks", "a correlation needs 3");
    assertThat(temp.resolve("two")).doesNotExist();
  }

  @Test
  void aDirectoryWithoutACampaignIsRefusedBeforeTheFirstPoint() {
    Path output = temp.resolve("never");
    assertThatThrownBy(
            () -> run(CONFIG, output, 2, Optional.of(temp.resolve("nothing").toString())))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no tables cells and networks");
    assertThat(output).doesNotExist();
  }

  /** The landscape of all networks is the same whoever names them. */
  @Test
  void networksOnTheCommandLineFollowThoseOfTheFile() throws IOException {
    String config = world.config(CONFIG.replace("  - wide.qnn.npz\n", ""));
    var wide = world.directory().resolve("wide.qnn.npz").toString();
    var options = options(undisturbed, 2).with(List.of(wide));
    assertThat(LandscapeRun.run(SPARK, config, options, Optional.empty()).report())
        .isEqualTo(outcome.report());
  }

  @Test
  void anotherLandscapeInTheDirectoryIsRefused() {
    assertThatThrownBy(() -> run(CONFIG.replace("seed: 5", "seed: 6"), undisturbed, 2))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds another landscape (other seed)");
  }

  @Test
  void verifyFindsItSoundAndMissesPoints() throws IOException {
    Sound.assertFinished(undisturbed, "landscape");
    Path other = temp.resolve("short-of-a-point");
    run(CONFIG, other, 2);
    var store = new TableStore(other.toString(), HADOOP);
    String part = store.parts("landscape").stream().min(Comparator.naturalOrder()).orElseThrow();
    List<Row> wave = store.read(SPARK, "landscape", part).sort("network", "kind").collectAsList();
    Files.delete(other.resolve("_manifests/landscape/" + part + ".json"));
    store.commit(
        "landscape",
        part,
        SPARK.createDataFrame(wave.subList(1, wave.size()), LandscapeTables.LANDSCAPE).coalesce(1),
        Map.of("rows", Integer.toString(wave.size() - 1)));
    assertThat(Sound.findings(other))
        .containsExactly("1 networks with another number of line points than 10");
  }
}
