package org.bitquake.jobs.cnvlutin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bitquake.jobs.TestSpark.ORIGIN;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.cnvlutin.LayerCounts;
import org.bitquake.fault.pattern.ChipTable;
import org.bitquake.fault.pattern.Profile;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.campaign.Chips;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.jobs.config.RunOptions;
import org.bitquake.jobs.monitor.Watched;
import org.bitquake.jobs.store.ResultDirectory;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.store.WavePlan;
import org.bitquake.jobs.verify.Sound;
import org.bitquake.network.Convolution;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.Convolution.WeightCodes;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CnvlutinRunTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final Configuration HADOOP = new Configuration();
  private static final int IMAGES = PlainSimulation.IMAGES;
  private static final int WAVES = 5;

  static final String CONFIG =
      """
      name: small
      seed: 11
      networks:
        - a.qnn.npz
        - {file: wide.qnn.npz, name: second}
      data: {name: fashion-mnist, split: test, directory: data}
      images: 23
      accelerator: {lanes: 4, brick: 3, encodeFirstLayer: true, encodeFullyConnected: true}
      energy:
        baseline: {activationRead: 2, weightRead: 0.5, outputWrite: 1}
        cnvlutin: {activationRead: 3, weightRead: 0.5, outputWrite: 1}
      detail: layer
      faults:
        kinds: [bit-flip, stuck-at-1]
        rates: [0.01, 0.2]
        maps: 2
        layers: [conv1]
      output: unused
      """;

  @TempDir static Path temp;
  private static SmallWorld world;
  private static Path undisturbed;
  private static CnvlutinRun.Outcome outcome;

  @BeforeAll
  static void runOnce() throws IOException {
    world = SmallWorld.create(Files.createDirectories(temp.resolve("world")));
    world.write("dense.qnn.npz", dense());
    undisturbed = temp.resolve("undisturbed");
    Watched.during(
        "cnvlutin undisturbed", "layers of slices", () -> outcome = run(CONFIG, undisturbed, 3));
  }

  /** The second layer of a network alone: all of it fully connected. */
  private static QuantizedNetwork dense() {
    var network = world.network("a.qnn.npz");
    var fc = network.weightLayers().get(1);
    var whole =
        new Convolution(
            "fc",
            QuantizedNetwork.INPUT,
            network.inputShape(),
            new Geometry(10, 28, 28, 1, 0, 1),
            new WeightCodes(new byte[10 * 784], 4, new float[] {1}),
            fc.bias(),
            fc.scale(),
            Optional.empty(),
            Optional.empty());
    return new QuantizedNetwork(
        "dense", network.inputShape(), 1 / 255f, List.of(whole), new TreeMap<>());
  }

  private static CnvlutinRun.Outcome run(String config, Path output, int partitions)
      throws IOException {
    return CnvlutinRun.run(SPARK, world.config(config), options(output, partitions));
  }

  private static RunOptions options(Path output, int partitions) {
    return new RunOptions(
        Optional.of(output.toString()), false, Optional.empty(), Optional.of(partitions), true);
  }

  private static List<Row> rows(Path directory, String table) {
    return new TableStore(directory.toString(), HADOOP)
        .read(SPARK, table)
        .sort("network", "kind", "rate", "fault_map", "position")
        .collectAsList();
  }

  @Test
  void countsAreThoseOfAPlainLoopThatWalksEveryCycle() {
    var rows = rows(undisturbed, "cnvlutin_layers");
    assertThat(rows).hasSize(2 * (1 + 2 * 2 * 2) * 2);
    assertWalked(rows, Optional.empty());
  }

  @Test
  void soAreThoseOfModels() throws IOException {
    var output = temp.resolve("models");
    run(
        CONFIG.replace(
            "kinds: [bit-flip, stuck-at-1]",
            "models: [bit-flip, {pattern: row, effect: stuck-open}]"),
        output,
        2);
    var rows = rows(output, "cnvlutin_layers");
    assertThat(rows).anyMatch(row -> PlainSimulation.ROWS.name().equals(row.getAs("kind")));
    assertWalked(
        rows.stream().filter(row -> row.getAs("network").equals("a")).toList(), Optional.empty());
  }

  private static final String STORED =
      CONFIG
          .replace(
              "kinds: [bit-flip, stuck-at-1]",
              "models: [{target: {offsets: {brick: 3, input: true, fullyConnected: true}}, effect:"
                  + " bit-flip}, {name: anew, target: {activations: {transient: true}}, effect:"
                  + " stuck-at-1}]")
          .replace("  layers: [conv1]\n", "");

  /**
   * By the definition: what is stored between layers, image by image, with the faults of this row;
   * each layer walks through what was stored for it, offsets are misread thereafter.
   */
  @Test
  void soAreThoseOfWhatIsStored() throws IOException {
    var output = temp.resolve("stored");
    run(STORED, output, 2);
    var models = SimulationPlanTest.load(world, STORED).kinds();
    var rows = rows(output, "cnvlutin_layers");
    assertThat(rows).hasSize(2 * (1 + 2 * 2 * 2) * 2);
    Map<String, Set<Long>> cycles = new TreeMap<>();
    for (Row row : rows) {
      for (var model : models) {
        if (model.name().equals(row.getAs("kind"))) {
          var network = network(row);
          assertThat(SliceRow.counts(row))
              .as("%s", row)
              .isEqualTo(new PlainSimulation(world, Optional.empty()).stored(network, model, row));
        }
      }
      if (row.getAs("position").equals(1) && row.getAs("network").equals("a")) {
        cycles
            .computeIfAbsent("" + row.getAs("kind"), kind -> new TreeSet<>())
            .add(row.<Long>getAs("cnvlutin_cycles"));
      }
    }
    assertThat(cycles.get("offsets-bit-flip"))
        .as("layers behind read other values")
        .doesNotContainAnyElementsOf(cycles.get("null"));
    var partitioned = temp.resolve("stored by image");
    run(STORED.replace("detail: layer", "detail: image"), partitioned, 7);
    assertThat(rows(partitioned, "cnvlutin_layers")).isEqualTo(rows);
  }

  @Test
  void offsetsThatFailAreThoseOfTheMachine() {
    assertThatThrownBy(
            () ->
                SimulationPlanTest.load(
                    world, STORED.replace("brick: 3, input: true", "brick: 4, input: true")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "faults.models[0].target: the accelerator stores other offsets than these; write"
                + " {offsets: {input: true, brick: 3, fullyConnected: true}}");
    assertThatThrownBy(
            () ->
                SimulationPlanTest.load(
                    world, STORED.replace("lanes: 4, brick: 3", "lanes: 4, brick: 1")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the accelerator has bricks of 1 values; faults of offsets are for");
  }

  @Test
  void soAreThoseOfMeasuredChips() throws IOException {
    Path file = world.directory().resolve("chips/a.csv");
    Chips.probabilities(file, 2, 5);
    var output = temp.resolve("chips");
    run(
        CONFIG
            .replace(
                "kinds: [bit-flip, stuck-at-1]", "models: [{pattern: {profile: [chips/a.csv]}}]")
            .replace("  rates: [0.01, 0.2]\n", "")
            .replace("output:", "memory: {rows: 16, wordsPerRow: 2}\noutput:"),
        output,
        2);
    var chips = new Profile(List.of(ChipTable.parse(Files.readAllBytes(file), "a.csv", "a.csv")));
    var rows = rows(output, "cnvlutin_layers");
    assertThat(rows).anyMatch(row -> "profile".equals(row.getAs("kind")));
    assertWalked(
        rows.stream().filter(row -> row.getAs("network").equals("a")).toList(), Optional.of(chips));
  }

  private static QuantizedNetwork network(Row row) {
    return world.network(row.getAs("network").equals("second") ? "wide.qnn.npz" : "a.qnn.npz");
  }

  private static void assertWalked(List<Row> rows, Optional<Profile> chips) {
    var plain = new PlainSimulation(world, chips);
    for (Row row : rows) {
      if (row.getAs("position").equals(0) && row.getAs("kind") != null) {
        continue; // the first layer reads the image whatever the weights are: seen once below
      }
      var network = network(row);
      assertThat(SliceRow.counts(row)).as("%s", row).isEqualTo(plain.walked(network, row));
      assertThat(row.<Long>getAs("images")).isEqualTo(IMAGES);
      assertThat(row.<Boolean>getAs("encoded")).isTrue();
      assertThat(row.<String>getAs("network_hash")).isEqualTo(network.contentHash());
      double energy =
          3.0 * row.<Long>getAs("cnvlutin_activation_reads")
              + 0.5 * row.<Long>getAs("cnvlutin_weight_reads")
              + row.<Long>getAs("cnvlutin_output_writes");
      assertThat(row.<Double>getAs("cnvlutin_energy")).isEqualTo(energy);
    }
  }

  @Test
  void partitionsAndDetailDoNotChangeTheLayers() throws IOException {
    var each = temp.resolve("each");
    run(CONFIG.replace("detail: layer", "detail: image"), each, 1);
    assertThat(rows(each, "cnvlutin_layers")).isEqualTo(rows(undisturbed, "cnvlutin_layers"));
    var slices = rows(each, "cnvlutin_slices");
    assertThat(slices).hasSize(IMAGES * 2 * 9 * 2);
    assertThat(slices).allMatch(row -> row.<Long>getAs("images") == 1);
    var first = rows(undisturbed, "cnvlutin_layers").get(0);
    var sum =
        slices.stream()
            .filter(row -> SliceRow.KEYS.stream().allMatch(key -> same(row, first, key)))
            .map(SliceRow::counts)
            .reduce(LayerCounts.NONE, LayerCounts::plus);
    assertThat(sum).isEqualTo(SliceRow.counts(first));
  }

  private static boolean same(Row a, Row b, String key) {
    return Objects.equals(a.getAs(key), b.getAs(key));
  }

  @Test
  void whatAKillLeftIsCompletedAndOnlyThat() throws IOException {
    var directory = temp.resolve("killed");
    var simulation = SimulationPlanTest.load(world, CONFIG);
    runJob(simulation, directory);
    var manifests = directory.resolve("_manifests").resolve("cnvlutin_slices");
    var parts = new TableStore(directory.toString(), HADOOP).parts("cnvlutin_slices");
    assertThat(parts).hasSizeGreaterThan(3);
    String lost = List.copyOf(parts).get(1);
    delete(manifests.resolve(lost + ".json"));
    var layers = directory.resolve("_manifests").resolve("cnvlutin_layers");
    delete(layers.resolve(simulation.identity().shortHash() + ".json"));
    var kept = files(directory);
    runJob(simulation, directory);
    assertThat(rows(directory, "cnvlutin_layers")).isEqualTo(rows(undisturbed, "cnvlutin_layers"));
    assertThat(rows(directory, "cnvlutin_slices")).isEqualTo(rows(undisturbed, "cnvlutin_slices"));
    assertThat(files(directory)).containsAll(kept).hasSize(kept.size() + 1);
  }

  /** With Hadoop's checksum beside it. */
  private static void delete(Path file) throws IOException {
    Files.delete(file);
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }

  private static List<String> files(Path directory) {
    return new TableStore(directory.toString(), HADOOP).files("cnvlutin_slices");
  }

  private static void runJob(Simulation simulation, Path directory) {
    try (var store =
        ResultDirectory.open(
            directory.toString(),
            "cnvlutin",
            "small",
            simulation.identity(),
            ORIGIN,
            false,
            HADOOP)) {
      var cut = new WavePlan(SimulationPlan.of(simulation).units(), WAVES);
      new CnvlutinJob(SPARK, simulation, store, 2, cut).run();
    }
  }

  @Test
  void finishedItPrintsItsTableAgain() throws IOException {
    var again = run(CONFIG, undisturbed, 2);
    assertThat(again.report()).isEqualTo(outcome.report());
    assertThat(again.report())
        .contains("second: means of an image", "conv1", "all", "baseline nJ", "stuck-at-1")
        .contains(" ± ");
    assertThat(outcome.figures()).hasSize(2);
    assertThat(again.figures()).isEmpty();
    assertThat(undisturbed.resolve("figures").resolve("cnvlutin.svg")).exists();
    assertThatThrownBy(() -> run(CONFIG.replace("maps: 2", "maps: 3"), undisturbed, 2))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds another cnvlutin (other maps)");
  }

  /** What to replace, by what, and where and how that is refused. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          images: 23 | images: 61 | :7:1: images: | 61, but fashion-mnist/test has 60
          images: 23 | images: 0 | :7:1: images: | write a positive number or all
          images: 23 | images: some | :7:1: images: | "some" is not a number of images
          lanes: 4 | lanes: 33 | :8:15: accelerator.lanes: | 33 is outside 1…32
          lanes: 4 | assignment: random | :8:15: accelerator.assignment: | use one of contiguous, interleaved
          lanes: 4 | lane: 4 | :8:15: | unknown key "lane" in accelerator
          weightRead: 0.5, outputWrite: 1}\\n  cnv | weightRead: -1, outputWrite: 1}\\n  cnv | :10:3: energy.baseline: | weightRead must be 0 to 1e12
          detail: layer | detail: layers | :12:1: detail: | neither layer nor image
          maps: 2 | maps: 0 | :16:3: faults.maps: | 0 is outside 1…1000000
          rates: [0.01 | rates: [0 | :15:11: faults.rates[0]: | leave it out
          rates: [0.01 | rates: [1.5 | :15:11: faults.rates[0]: | write 5 % as 0.05
          [conv1] | [conv7] | :17:12: faults.layers[0]: | has no weight layer "conv7"
          a.qnn.npz | no.qnn.npz | :4:5: networks[0]: | no such file
          """)
  void saysWhereAndWhatDoesNotFit(String from, String to, String where, String what) {
    String text = CONFIG.replace(from.replace("\\n", "\n"), to.replace("\\n", "\n"));
    assertThat(text).isNotEqualTo(CONFIG);
    assertThatThrownBy(() -> SimulationPlanTest.load(world, text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("campaign.yaml" + where)
        .hasMessageContaining(what)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aNetworkWithoutConvolutionsNeedsFullyConnectedLayersToBeEncoded() {
    String text = CONFIG.replace("- a.qnn.npz", "- dense.qnn.npz").replace("layers: [conv1]", "");
    assertThatThrownBy(
            () ->
                SimulationPlanTest.load(
                    world, text.replace("encodeFullyConnected: true", "units: 16")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(":4:5: networks[0]: network dense has no convolution layers")
        .hasMessageContaining("accelerator.encodeFullyConnected: true");
    assertThat(SimulationPlanTest.load(world, text).networks()).hasSize(2);
  }

  /** The simulation of both networks is the same whoever names them. */
  @Test
  void networksOnTheCommandLineFollowThoseOfTheFile() throws IOException {
    String config = world.config(CONFIG.replaceFirst("  - .*second.*\n", ""));
    var wide = "second=" + world.directory().resolve("wide.qnn.npz");
    var again = CnvlutinRun.run(SPARK, config, options(undisturbed, 2).with(List.of(wide)));
    assertThat(again.report()).isEqualTo(outcome.report());

    String option = world.directory().resolve("dense.qnn.npz").toString();
    String partly =
        world.config(
            CONFIG
                .replace("encodeFullyConnected: true", "units: 16")
                .replace("layers: [conv1]", ""));
    var never = options(temp.resolve("never"), 2).with(List.of(option));
    assertThatThrownBy(() -> CnvlutinRun.run(SPARK, partly, never))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("--network " + option + ": network dense has no convolution layers")
        .hasMessageNotContaining("\n");
    assertThat(temp.resolve("never")).doesNotExist();
  }

  @Test
  void verifyFindsItSound() throws IOException {
    Sound.assertFinished(undisturbed, "cnvlutin_slices");
  }
}
