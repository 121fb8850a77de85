package org.bitquake.jobs.singlefault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.data.Dataset;
import org.bitquake.fault.ImageSampler;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.jobs.config.InputOptions;
import org.bitquake.jobs.config.SingleFaultConfig;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.plan.SingleFaultPlan;
import org.bitquake.jobs.replay.Replay;
import org.bitquake.jobs.report.ReportRun;
import org.bitquake.jobs.store.SingleFaultTables;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.verify.Sound;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Single faults of several cells: blocks, rows and columns of a memory. */
class EventRunTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final int IMAGES = 9;
  private static final int ROWS = 16;
  private static final int COLUMNS = 64;

  /** The naive inference is slow, so it is for one event in so many. */
  private static final int EVERY = 4;

  private static final String BLOCKS =
      """
      name: events
      seed: 11
      networks: [a.qnn.npz]
      data: {name: fashion-mnist, split: test, directory: data}
      faults:
        kind: single-bit-flip
        event: 2x2
        population: sample
        margin: 0.1
        per: layer
      memory: {rows: 16, wordsPerRow: 2}
      images: 9
      output: unused
      """;

  private static String lines(String event) {
    return BLOCKS
        .replace("event: 2x2", "event: " + event)
        .replace("population: sample\n  margin: 0.1\n  per: layer", "population: exhaustive");
  }

  @TempDir static Path temp;
  private static SmallWorld world;
  private static Dataset pictures;

  @BeforeAll
  static void world() throws IOException {
    world = SmallWorld.create(Files.createDirectories(temp.resolve("world")));
    pictures = world.dataset();
    for (String event : List.of("row", "column")) {
      run(lines(event), temp.resolve(event), 2);
    }
    run(BLOCKS, temp.resolve("2x2"), 2);
  }

  private static String config(String event) {
    return event.equals("2x2") ? BLOCKS : lines(event);
  }

  private static void run(String config, Path output, int partitions) {
    SmallFaults.run(world, config, output, partitions);
  }

  private static List<Row> faults(Path directory) {
    return new TableStore(directory.toString(), new Configuration())
        .read(SPARK, "single_faults")
        .sort("network", "fault")
        .collectAsList();
  }

  private static List<Row> rates(Path directory) {
    return new TableStore(directory.toString(), new Configuration())
        .read(SPARK, "single_fault_rates")
        .collectAsList();
  }

  /** A cell of network a by its place, counted through words by hand; null where there is none. */
  private record Cell(int layer, int weight, int bit) {
    static Cell at(QuantizedNetwork network, long array, int row, int column) {
      long word = (array * ROWS + row) * 2 + column % 2; // two words to a row, interleaved
      int bit = column / 2;
      for (int layer = 0; layer < 2; layer++) {
        int weights = network.weightLayers().get(layer).weights().codes().length;
        int words = (weights + 7) / 8; // eight codes of four bits to a word
        if (word < words) {
          int weight = (int) word * 8 + bit / 4;
          return weight < weights ? new Cell(layer, weight, bit % 4) : null;
        }
        word -= words;
      }
      return null;
    }
  }

  private static List<Cell> cells(QuantizedNetwork network, String event, Row row) {
    long array = row.<Long>getAs("array");
    int top = row.<Integer>getAs("row");
    int left = row.<Integer>getAs("column");
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < COLUMNS; j++) {
        boolean hit =
            switch (event) {
              case "row" -> i == top;
              case "column" -> j == left;
              default -> (i - top + ROWS) % ROWS < 2 && (j - left + COLUMNS) % COLUMNS < 2;
            };
        var cell = hit ? Cell.at(network, array, i, j) : null;
        if (cell != null) {
          cells.add(cell);
        }
      }
    }
    return cells;
  }

  @ParameterizedTest
  @ValueSource(strings = {"2x2", "row", "column"})
  void rowsAreThoseOfAPlainLoop(String event) {
    var network = world.network("a.qnn.npz");
    var images = new ImageSampler(11, pictures.size(), IMAGES).draw(0);
    var plain = new PlainPredictions(pictures, images);
    int[] golden = plain.of(network, network.copyCodes());
    var rows = faults(temp.resolve(event));
    Set<String> seen = new HashSet<>();
    for (Row row : rows) {
      var cells = cells(network, event, row);
      byte[][] codes = network.copyCodes();
      Set<String> changed = new HashSet<>();
      for (var cell : cells) {
        codes[cell.layer()][cell.weight()] ^= (byte) (1 << cell.bit());
        codes[cell.layer()][cell.weight()] =
            (byte) (codes[cell.layer()][cell.weight()] << 28 >> 28); // four bits with a sign
        changed.add(cell.layer() + " " + cell.weight());
      }
      assertThat(row.<Integer>getAs("faulty_cells")).isEqualTo(cells.size());
      assertThat(row.<Integer>getAs("changed_weights")).isEqualTo(changed.size());
      if (seen.size() % EVERY == 0) {
        plain.assertRow(row, golden, plain.of(network, codes));
      }
      var first = Cell.at(network, row.<Long>getAs("array"), row.getAs("row"), row.getAs("column"));
      assertThat(row.<Integer>getAs("bit")).isEqualTo(first.bit());
      String layer = network.weightLayers().get(first.layer()).name();
      assertThat(row.<String>getAs("layer")).isEqualTo(layer);
      assertThat(seen.add(first.toString())).isTrue();
    }
    // conv1: 50 weights in 7 words, fc1: 720 in 90; two words to a row, 49 rows, the last one half,
    // in 4 arrays
    int expected =
        switch (event) {
          case "row" -> 49;
          case "column" -> 3 * COLUMNS + 32;
          default -> rows.size();
        };
    assertThat(rows).hasSize(expected);
  }

  /** Every cell begins a block; every line is one event. */
  @Test
  void ratesRestOnAllEventsOrOnASample() {
    for (String event : List.of("row", "column", "2x2")) {
      var rows = faults(temp.resolve(event));
      var all =
          rates(temp.resolve(event)).stream()
              .filter(r -> r.getAs("layer") == null && r.getAs("bit") == null)
              .findFirst()
              .orElseThrow();
      assertThat(all.<Long>getAs("injected")).isEqualTo(rows.size());
      assertThat(all.<Boolean>getAs("exact")).isEqualTo(!event.equals("2x2"));
      assertThat(all.<Long>getAs("population"))
          .isEqualTo(event.equals("2x2") ? 770 * 4 : rows.size());
      double share =
          rows.stream().filter(r -> r.<Integer>getAs("changed_predictions") > 0).count()
              / (double) rows.size();
      if (event.equals("2x2")) {
        assertThat(share).isBetween(0.0, 1.0);
        assertThat(all.<Double>getAs("changed_prediction"))
            .isBetween(
                all.<Double>getAs("changed_prediction_low"),
                all.<Double>getAs("changed_prediction_high"));
      } else {
        assertThat(all.<Double>getAs("changed_prediction")).isCloseTo(share, within(1e-12));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2x2", "row", "column"})
  void partitionsDoNotMatter(String event) {
    for (int partitions : new int[] {1, 7}) {
      Path output = temp.resolve(event + partitions);
      run(config(event), output, partitions);
      assertThat(faults(output)).isEqualTo(faults(temp.resolve(event)));
      assertThat(rates(output)).isEqualTo(rates(temp.resolve(event)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2x2", "row", "column"})
  void theyRunAgain(String event) throws IOException {
    var data = Optional.of(world.directory().resolve("data").toString());
    Path results = temp.resolve(event);
    var found = Sound.verify(results, 20, data);
    assertThat(found.findings()).isEmpty();
    assertThat(found.summary()).anyMatch(line -> line.contains("20 single faults run again"));
    var store = new TableStore(results.toString(), new Configuration());
    var replay =
        Replay.run(SPARK, store, Map.of("fault", 5L), new Replay.Files(Optional.empty(), data));
    assertThat(replay.differences()).isEmpty();
    assertThat(replay.faults().size()).isEqualTo((int) replay.recorded("faulty_cells"));
    assertThat(replay.faults().faults()).allMatch(f -> f.place().isPresent());
  }

  /** Only cells in scope fail, and a row says so itself. */
  @Test
  void theScopeHolds() throws IOException {
    String scoped = lines("row").replace("event: row", "event: row\n  layers: [fc1]\n  bits: [3]");
    Path output = temp.resolve("scoped");
    run(scoped, output, 2);
    var rows = faults(output);
    assertThat(rows)
        .allMatch(row -> row.getAs("layer").equals("fc1") && row.getAs("bit").equals(3))
        .allMatch(row -> row.<Integer>getAs("faulty_cells") <= 16);
    assertThat(rows.stream().mapToInt(row -> row.<Integer>getAs("faulty_cells")).sum())
        .isEqualTo(720);
    var data = Optional.of(world.directory().resolve("data").toString());
    assertThat(Sound.verify(output, 10, data).findings()).isEmpty();
  }

  @Test
  void thePageAndThePlanSpeakOfEvents() throws IOException {
    ReportRun.keep(SPARK, temp.resolve("column").toString(), List.of());
    assertThat(Files.readString(temp.resolve("column/report.html"))).contains("Single faults");
    var campaign = load(lines("row"));
    assertThat(new SingleFaultPlan(campaign, List.of(1e-3), List.of(1)).text())
        .contains("single bit-flip of a row", "events", "49");
  }

  private static SingleFaultCampaign load(String config) {
    var hadoop = new Configuration();
    return SingleFaultLoader.load(
        Yaml.load(world.config(config), hadoop, SingleFaultConfig.class),
        new InputOptions(Optional.empty()),
        hadoop);
  }

  /** Single cells have the columns that they had, and other events other identities. */
  @Test
  void singleCellsStayAsTheyWere() {
    String cells = BLOCKS.replace("event: 2x2", "event: cell");
    assertThat(load(cells).identity().hash())
        .isEqualTo(load(cells.replace("rows: 16", "rows: 32")).identity().hash())
        .isNotEqualTo(load(BLOCKS).identity().hash());
    assertThat(load(BLOCKS.replace("rows: 16", "rows: 32")).identity().hash())
        .isNotEqualTo(load(BLOCKS).identity().hash());
    Path output = temp.resolve("cells");
    run(cells, output, 2);
    assertThat(faults(output).get(0).schema().fieldNames())
        .isEqualTo(SingleFaultTables.FAULTS.fieldNames());
    assertThat(Arrays.asList(faults(temp.resolve("row")).get(0).schema().fieldNames()))
        .contains("event", "array", "faulty_cells");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'event: 2x2' | 'event: 17x1' | faults.event: a block of 17x1 cells is larger than an array of 16x64
          'event: 2x2' | 'event: array' | faults.event: unknown event "array"; there are cell, row, column, and blocks
          'memory: {' | 'memory: {word: 3, ' | memory.word: a word of 3 bits cannot hold a code of 4 bits, as network a has
          'rows: 16' | 'rows: 0' | memory.rows: 0 is outside 1…65536
          """)
  void whatDoesNotFitIsOneLine(String from, String to, String message) {
    String config = BLOCKS.replace(from, to);
    assertThat(config).isNotEqualTo(BLOCKS);
    assertThatThrownBy(() -> load(config))
        .isInstanceOf(InputException.class)
        .hasMessageMatching("(?s).*campaign.yaml:\\d+:\\d+: .*")
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }
}
