package org.bitquake.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.bitquake.jobs.FakeCnvlutin;
import org.bitquake.jobs.FakeLandscape;
import org.bitquake.jobs.FakeResults;
import org.bitquake.jobs.FakeSearch;
import org.bitquake.jobs.FakeStudy;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.store.Tables;
import org.bitquake.jobs.store.TopFive;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each query of {@code notebooks/} runs, and says what the trials say. */
class NotebooksTest {
  private static final Path NOTEBOOKS = Path.of("..", "notebooks");

  /** Need networks of several training seeds. */
  private static final Set<String> OF_SEEDS =
      Set.of(
          "training-seeds.sql",
          "paper-claims.sql",
          "sharper-minima.sql",
          "sensitivity.sql",
          "method-differences.sql",
          "fault-models.sql");

  /**
   * Need faults in a memory: ProtectionCampaignTest, EncodingCampaignTest and ModelCampaignTest
   * have results for them.
   */
  private static final Set<String> OF_MEMORIES =
      Set.of(
          "protections.sql",
          "single-fault-protections.sql",
          "encodings.sql",
          "accuracy-by-voltage.sql");

  /** Need a search: SearchNotebooksTest looks at what they say. */
  private static final Set<String> OF_SEARCHES =
      Set.of("protect.sql", "protect-winners.sql", "protect-harm.sql");

  private static final String OF_MANY_CLASSES = "top5-curve.sql";

  private static final Map<String, List<Row>> RESULTS = new HashMap<>();
  @TempDir static Path folder;
  private static SqlSession session;
  private static SqlSession study;
  private static SqlSession search;
  private static List<Row> trials;

  @BeforeAll
  static void open() {
    trials = FakeResults.trials();
    session = SqlSession.open(TestSpark.session(), FakeResults.directory().toString());
    study = SqlSession.open(TestSpark.session(), FakeStudy.directory().toString());
    search = SqlSession.open(TestSpark.session(), FakeSearch.directory().toString());
  }

  static List<Path> notebooks() throws IOException {
    try (Stream<Path> files = Files.list(NOTEBOOKS)) {
      return files
          .filter(f -> f.toString().endsWith(".sql"))
          .filter(f -> !OF_MEMORIES.contains(f.getFileName().toString()))
          .sorted()
          .toList();
    }
  }

  /** The cells of the made-up results, with as much of top-5 accuracy as of accuracy. */
  private static SqlSession manyClasses() {
    var store = new TableStore(folder.toString(), new Configuration());
    var cells =
        new TableStore(FakeResults.directory().toString(), new Configuration())
            .readHere("cells").stream()
                .map(
                    row -> {
                      var values = new ArrayList<Object>();
                      for (int i = 0; i < row.size(); i++) {
                        values.add(row.get(i));
                      }
                      values.add(row.getAs("clean_accuracy"));
                      values.add(row.getAs("accuracy"));
                      values.add(row.getAs("half_width"));
                      return RowFactory.create(values.toArray());
                    })
                .toList();
    var rows = TestSpark.session().createDataFrame(cells, TopFive.with("cells", Tables.CELLS));
    store.commit("cells", "all", rows, Map.of());
    return SqlSession.open(TestSpark.session(), folder.toString());
  }

  /** Each notebook runs once, whoever asks. */
  private static List<Row> rows(String notebook) throws IOException {
    if (!RESULTS.containsKey(notebook)) {
      var statements = Statements.split(Files.readString(NOTEBOOKS.resolve(notebook)));
      assertThat(statements).hasSize(1);
      var asked = OF_SEEDS.contains(notebook) ? study : session;
      asked = OF_SEARCHES.contains(notebook) ? search : asked;
      asked = notebook.equals(OF_MANY_CLASSES) ? manyClasses() : asked;
      RESULTS.put(notebook, asked.query(statements.get(0)).collectAsList());
    }
    return RESULTS.get(notebook);
  }

  @ParameterizedTest
  @MethodSource("notebooks")
  void runsAndExplainsEveryColumnInItsHead(Path notebook) throws IOException {
    String text = Files.readString(notebook);
    String comments =
        String.join("\n", text.lines().takeWhile(line -> line.startsWith("--")).toList());
    var rows = rows(notebook.getFileName().toString());
    assertThat(rows).isNotEmpty();
    for (String column : rows.get(0).schema().fieldNames()) {
      boolean listed = comments.contains(column) || column.matches("r[0-9.]+|q[0-9]+");
      assertThat(listed).as("%s explains %s", notebook.getFileName(), column).isTrue();
    }
  }

  @Test
  void pairedDifferencesAreThoseOfTheTrials() throws IOException {
    var row = row(rows("paired-differences.sql"), "bit-flip", 5.0);
    double[] change = new double[FakeResults.TRIALS];
    for (Row t : trials) {
      if (t.getString(1).equals("bit-flip") && t.getDouble(2) == 0.05) {
        double sign = t.getString(0).equals("AS") ? 1 : -1;
        change[(int) t.getLong(3)] += sign * (t.getInt(7) - t.getInt(8)) / FakeResults.IMAGES;
      }
    }
    double mean = Arrays.stream(change).average().orElseThrow();
    double ss = Arrays.stream(change).map(c -> (c - mean) * (c - mean)).sum();
    double halfWidth = 1.959964 * Math.sqrt(ss / (change.length - 1)) / Math.sqrt(change.length);
    double difference = FakeResults.clean("AS") - FakeResults.clean("standard") + mean;

    assertThat(row.getString(2)).isEqualTo(difference > 0 ? "AS" : "standard");
    assertThat(row.getLong(4)).isEqualTo(FakeResults.TRIALS);
    assertThat(row.getDouble(5)).isCloseTo(100 * Math.abs(difference), within(6e-4));
    assertThat(row.getDouble(6)).isCloseTo(100 * halfWidth, within(6e-4));
    assertThat(row.getBoolean(7)).isEqualTo(Math.abs(difference) > halfWidth);
  }

  @Test
  void theAccuracyTableHasARowPerNetworkAndKind() throws IOException {
    var rows = rows("accuracy.sql");
    assertThat(rows).hasSize(6);
    assertThat(rows.get(0).getString(0)).isEqualTo("bit-flip");
    assertThat(rows.get(0).getDouble(2)).isEqualTo(88.0);
    assertThat(rows.get(0).getString(3)).matches("\\d+\\.\\d ± \\d+\\.\\d");
    assertThat(rows.get(0).isNullAt(4)).as("no trials at 2 %").isTrue();
  }

  @Test
  void theObservedFaultRateIsTheNominalOne() throws IOException {
    for (Row row : rows("fault-rate-check.sql")) {
      assertThat(row.getDouble(3)).isCloseTo(row.getDouble(2), within(0.02));
      if (row.getDouble(2) > 0) {
        assertThat(row.getDouble(4)).isBetween(-4.0, 4.0);
      } else {
        assertThat(row.isNullAt(4)).isTrue();
      }
    }
  }

  @Test
  void theFailedTrialIsFoundWithItsReason() throws IOException {
    var rows = rows("failed-trials.sql");
    assertThat(rows).hasSize(1);
    var row = rows.get(0);
    assertThat(row.getString(0)).isEqualTo("standard");
    assertThat(row.getLong(3)).isEqualTo(1);
    assertThat(row.getLong(5)).isEqualTo(FakeResults.FAILED_TRIAL);
    assertThat(row.getString(6)).isEqualTo("out of memory");
  }

  @Test
  void quantilesAreInOrderAndTheExtremesAreThoseOfTheTrials() throws IOException {
    for (Row row : rows("trial-quantiles.sql")) {
      double[] correct =
          trials.stream()
              .filter(t -> t.getString(0).equals(row.getString(0)))
              .filter(t -> t.getString(1).equals(row.getString(1)))
              .filter(t -> Math.round(1e4 * t.getDouble(2)) == Math.round(100 * row.getDouble(2)))
              .filter(t -> !t.isNullAt(7))
              .mapToDouble(t -> 100.0 * t.getInt(7) / FakeResults.IMAGES)
              .sorted()
              .toArray();
      assertThat(row.getLong(3)).isEqualTo(correct.length);
      assertThat(row.getDouble(5)).isCloseTo(correct[0], within(0.06));
      assertThat(row.getDouble(11)).isCloseTo(correct[correct.length - 1], within(0.06));
      for (int q = 6; q <= 11; q++) {
        assertThat(row.getDouble(q)).isGreaterThanOrEqualTo(row.getDouble(q - 1));
      }
    }
  }

  @Test
  void theRankingTakesTheHighestRateAndStartsAtOne() throws IOException {
    var rows = rows("ranking.sql");
    assertThat(rows).hasSize(6);
    assertThat(rows).allMatch(row -> row.getDouble(1) == 5.0);
    for (int i = 0; i < rows.size(); i += 2) {
      assertThat(rows.get(i).getInt(2)).isEqualTo(1);
      assertThat(rows.get(i).getBoolean(7)).isTrue();
      assertThat(rows.get(i).getDouble(4)).isGreaterThanOrEqualTo(rows.get(i + 1).getDouble(4));
    }
  }

  @Test
  void theCostIsThatOfTheTrials() throws IOException {
    var rows = rows("campaign-cost.sql");
    var all = rows.get(rows.size() - 1);
    assertThat(all.getString(0)).isEqualTo("all");
    assertThat(all.getLong(1)).isEqualTo(30);
    assertThat(all.getLong(2)).isEqualTo(trials.size());
    assertThat(all.getLong(3)).isEqualTo((long) trials.size() * FakeResults.IMAGES);
  }

  @Test
  void theWorstCellLosesTheMost() throws IOException {
    var rows = rows("worst-cells.sql");
    var lost = rows("accuracy-lost.sql").stream().mapToDouble(r -> r.getDouble(3)).max();
    assertThat(rows).hasSize(20);
    assertThat(rows.get(0).getDouble(5)).isCloseTo(lost.orElseThrow(), within(0.06));
    assertThat(rows.get(0).getString(1)).isEqualTo("bit-flip");
  }

  @Test
  void aToleratedRateIsOneWhoseLossAndAllBelowAreSmall() throws IOException {
    var cells = session.query("SELECT * FROM cells").collectAsList();
    for (Row row : rows("tolerated-rate.sql")) {
      double limit = row.isNullAt(3) ? -1 : row.getDouble(3) / 100;
      double expected = -1;
      for (double rate : FakeResults.RATES) {
        Row cell =
            cells.stream()
                .filter(c -> c.getString(0).equals(row.getString(0)))
                .filter(c -> c.getString(1).equals(row.getString(1)))
                .filter(c -> c.getDouble(2) == rate)
                .findAny()
                .orElseThrow();
        if (cell.getDouble(6) - cell.getDouble(7) + cell.getDouble(8) >= 0.05) {
          break;
        }
        expected = rate;
      }
      assertThat(limit).isCloseTo(expected, within(1e-9));
    }
  }

  @Test
  void speedUpsAreThoseOfTheCycles() throws IOException {
    var rows = rows("cnvlutin-speed-up.sql");
    assertThat(rows).extracting(r -> r.getString(1)).startsWith("conv1", "conv2", "all").hasSize(6);
    double baseline = FakeCnvlutin.BASELINE;
    double sparse = FakeCnvlutin.cycles("AS", -1);
    assertThat(rows.get(0).<Boolean>getAs("encoded")).isFalse();
    assertThat(rows.get(1).<Double>getAs("cnvlutin_cycles"))
        .isEqualTo(sparse / FakeCnvlutin.IMAGES);
    assertThat(rows.get(1).<Double>getAs("speed_up")).isCloseTo(baseline / sparse, within(6e-4));
    assertThat(rows.get(2).<Double>getAs("speed_up"))
        .isCloseTo(2 * baseline / (baseline + sparse), within(6e-4));
    assertThat(rows.get(2).<Double>getAs("zeros")).isEqualTo(40.0);
    assertThat(rows.get(2).<Double>getAs("weight_reads_saved")).isEqualTo(50.0);
  }

  @Test
  void latencyIsThatOfAllLayers() throws IOException {
    var rows = rows("cnvlutin-latency.sql");
    assertThat(rows).hasSameSizeAs(FakeResults.NETWORKS);
    double cycles = FakeCnvlutin.BASELINE + FakeCnvlutin.cycles("AS", -1);
    assertThat(rows.get(0).<Double>getAs("cnvlutin_cycles"))
        .isEqualTo(cycles / FakeCnvlutin.IMAGES);
    assertThat(rows.get(0).<Double>getAs("baseline_cycles"))
        .isEqualTo(2.0 * FakeCnvlutin.BASELINE / FakeCnvlutin.IMAGES);
    assertThat(rows.get(0).<Double>getAs("speed_up"))
        .isCloseTo(2 * FakeCnvlutin.BASELINE / cycles, within(6e-4));
  }

  @Test
  void zerosAreThoseOfAllLayersAndAccuracyThatOfTheMostFaults() throws IOException {
    var rows = rows("accuracy-and-sparsity.sql");
    assertThat(rows).hasSize(2 * FakeResults.KINDS.size());
    var curve = rows("accuracy-curve.sql");
    for (Row row : rows) {
      assertThat(row.<Double>getAs("zeros"))
          .isEqualTo(row.<String>getAs("network").equals("AS") ? 30.0 : 15.0);
      assertThat(row.<Double>getAs("percent_faulty")).isEqualTo(5.0);
      assertThat(row.<Double>getAs("clean")).isEqualTo(100 * FakeResults.clean(row.getString(0)));
      var cell =
          curve.stream()
              .filter(r -> r.<String>getAs("network").equals(row.getAs("network")))
              .filter(r -> r.<String>getAs("kind").equals(row.getAs("kind")))
              .filter(r -> r.<Double>getAs("percent_faulty") == 5)
              .findAny()
              .orElseThrow();
      assertThat(row.<Double>getAs("accuracy")).isEqualTo(cell.<Double>getAs("accuracy"));
    }
  }

  @Test
  void gainsKeptAreThoseOfTheFaultMaps() throws IOException {
    var row = rows("cnvlutin-under-faults.sql").get(0);
    double baseline = FakeCnvlutin.BASELINE;
    double clean = 2 * baseline / (baseline + FakeCnvlutin.cycles("AS", -1));
    double[] faulty = new double[FakeCnvlutin.MAPS];
    for (int map = 0; map < faulty.length; map++) {
      faulty[map] = 2 * baseline / (baseline + FakeCnvlutin.cycles("AS", map));
    }
    double mean = Arrays.stream(faulty).average().orElseThrow();
    assertThat(row.getString(0)).isEqualTo("AS");
    assertThat(row.<Long>getAs("maps")).isEqualTo(faulty.length);
    assertThat(row.<Double>getAs("speed_up")).isCloseTo(mean, within(6e-4));
    assertThat(row.<Double>getAs("lowest")).isCloseTo(faulty[2], within(6e-4));
    assertThat(row.<Double>getAs("gain_kept"))
        .isCloseTo(100 * (mean - 1) / (clean - 1), within(0.06));
  }

  @Test
  void sharpnessIsOneLineForEachNetworkTheFlattestFirst() throws IOException {
    var rows = rows("sharpness.sql");
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).getString(0)).isEqualTo("AS");
    assertThat(rows.get(0).<Double>getAs("mean_rise")).isEqualTo(0.045);
    assertThat(rows.get(0).<Double>getAs("rise_error")).isEqualTo(0.002);
    assertThat(rows.get(0).<Double>getAs("times_flatter")).isEqualTo(2);
    assertThat(rows.get(1).<Double>getAs("times_flatter")).isEqualTo(1);
    assertThat(rows.get(1).<Double>getAs("eigenvalue")).isEqualTo(16);
  }

  /** The mean rise is 1.1 of that of direction 0; 5 points of accuracy are a rise of 0.1. */
  @Test
  void aBasinReachesToTheLastPointWithinFivePoints() throws IOException {
    var rows = rows("basin-width.sql");
    assertThat(rows.stream().map(row -> row.getString(0))).containsExactly("AS", "standard");
    for (Row row : rows) {
      double reach = row.getDouble(3);
      assertThat(1.1 * FakeLandscape.rise(row.getString(0), reach)).isLessThan(0.1);
      assertThat(1.1 * FakeLandscape.rise(row.getString(0), reach + 0.1)).isGreaterThan(0.1);
      assertThat(row.getLong(1)).isEqualTo(3);
    }
  }

  @Test
  void theMostCriticalCellsOfSingleFaultsComeFirst() throws IOException {
    var rows = rows("single-faults.sql");
    assertThat(rows).hasSize(2 * 4);
    assertThat(rows.get(0).<Integer>getAs("bit")).isEqualTo(3);
    assertThat(rows.get(0).<Double>getAs("critical")).isEqualTo(40.0);
    assertThat(rows.get(0).<Double>getAs("at_most")).isEqualTo(41.0);
    assertThat(rows.get(0).<Double>getAs("share")).isEqualTo(53.3); // 8 of 1 + 2 + 4 + 8
    assertThat(rows.get(7).<Double>getAs("critical")).isEqualTo(5.0);
  }

  @Test
  void theMostSensitiveLayerAndBitAreNamed() throws IOException {
    var rows = rows("most-sensitive.sql");
    assertThat(rows)
        .extracting(r -> r.getString(0) + " " + r.getString(2))
        .hasSize(6)
        .doesNotHaveDuplicates();
    var bit =
        rows.stream().filter(r -> r.<String>getAs("by").equals("bit")).findFirst().orElseThrow();
    assertThat(bit.<String>getAs("layer")).isNull();
    assertThat(bit.<Integer>getAs("bit")).isEqualTo(3);
    assertThat(bit.<Double>getAs("critical")).isEqualTo(40.0);
    assertThat(bit.<Double>getAs("times")).isEqualTo(2.13); // 40 of 18.75
    assertThat(bit.<Boolean>getAs("clear")).isTrue();
    var layer =
        rows.stream().filter(r -> r.<String>getAs("by").equals("layer")).findFirst().orElseThrow();
    assertThat(layer.<String>getAs("layer")).isEqualTo("fc1");
    assertThat(layer.<Boolean>getAs("clear")).as("the only layer").isNull();
  }

  private static Row row(List<Row> rows, String kind, double percent) {
    return rows.stream()
        .filter(r -> r.getString(0).equals(kind) && r.getDouble(1) == percent)
        .findAny()
        .orElseThrow();
  }
}
