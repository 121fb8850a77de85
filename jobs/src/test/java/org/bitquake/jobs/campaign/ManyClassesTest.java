package org.bitquake.jobs.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.data.Dataset;
import org.bitquake.data.Shape;
import org.bitquake.data.format.NumpyWriter;
import org.bitquake.engine.Engines;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultSampler;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.ImageSampler;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.config.RunOptions;
import org.bitquake.jobs.injection.CampaignOutcome;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.jobs.report.ReportRun;
import org.bitquake.jobs.sql.SqlSession;
import org.bitquake.jobs.sql.Statements;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.store.Tables;
import org.bitquake.jobs.store.TopFive;
import org.bitquake.jobs.verify.Sound;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network of 300 classes: labels above 255, and top-5 accuracy beside accuracy. */
class ManyClassesTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final Configuration HADOOP = new Configuration();
  private static final Shape SHAPE = new Shape(1, 28, 28);
  private static final int CLASSES = 300;
  private static final int IMAGES = 60;
  private static final int SAMPLE = 20;
  private static final int TRIALS = 6;

  private static final String CONFIG =
      """
      name: many
      seed: 11
      networks: [many.qnn.npz]
      data: {path: images.npz}
      faults:
        kinds: [bit-flip]
        rates: [0, 0.001, 0.02]
      trials: {perCell: 6}
      images: 20
      output: unused
      """;

  @TempDir static Path temp;
  private static QuantizedNetwork network;
  private static Dataset data;
  private static Path results;
  private static CampaignOutcome outcome;

  @BeforeAll
  static void runOnce() throws IOException {
    network = SmallWorld.network("many", SHAPE, CLASSES, 2, 1);
    new SmallWorld(temp).write("many.qnn.npz", network);
    data = images();
    try (var out = Files.newOutputStream(temp.resolve("images.npz"))) {
      NumpyWriter.write(data, out);
    }
    results = temp.resolve("results");
    outcome = run(CONFIG, results, Engines::prepare);
  }

  /** Random images, each labelled with the class of a rank from 0 to 11. */
  private static Dataset images() {
    byte[] pixels = new byte[IMAGES * SHAPE.size()];
    new Random(7).nextBytes(pixels);
    var unlabelled = new Dataset("x", SHAPE, 1, pixels, new byte[IMAGES]);
    int[] labels = new int[IMAGES];
    for (int i = 0; i < IMAGES; i++) {
      labels[i] = ranking(network.copyCodes(), unlabelled, i)[i % 12];
    }
    assertThat(Arrays.stream(labels)).anyMatch(l -> l > 255).anyMatch(l -> l < 256);
    return new Dataset("x", SHAPE, CLASSES, pixels, Dataset.labels(labels, CLASSES));
  }

  /** The classes with the largest logits, by looking for the largest again and again. */
  private static int[] ranking(byte[][] codes, Dataset images, int image) {
    float[] logits = new float[CLASSES];
    byte[] pixels = new byte[SHAPE.size()];
    images.copyImage(image, pixels, 0);
    try (var engine = new ReferenceEngine(network)) {
      engine.load(codes);
      engine.logits(pixels, 1, logits);
    }
    int[] ranking = new int[12];
    for (int rank = 0; rank < ranking.length; rank++) {
      int best = -1;
      for (int c = 0; c < CLASSES; c++) {
        best = best < 0 || logits[c] > logits[best] ? c : best;
      }
      ranking[rank] = best;
      logits[best] = Float.NEGATIVE_INFINITY;
    }
    return ranking;
  }

  private static CampaignOutcome run(String config, Path output, EngineSource engines) {
    var options =
        new RunOptions(
            Optional.of(output.toString()), false, Optional.empty(), Optional.of(2), true);
    return CampaignRun.run(SPARK, new SmallWorld(temp).config(config), options, engines);
  }

  private static List<Row> rows(Path directory, String table) {
    return new TableStore(directory.toString(), HADOOP)
        .read(SPARK, table)
        .sort("network", "kind", "rate")
        .collectAsList();
  }

  @Test
  void trialsTellOfHowManyImagesTheLabelIsAmongTheFiveLargest() {
    var trials = rows(results, "trials");
    assertThat(trials).hasSize(3 * TRIALS);
    for (Row row : trials) {
      int[] images = new ImageSampler(11, IMAGES, SAMPLE).draw(row.<Long>getAs("trial"));
      boolean[] before = amongFive(network.copyCodes(), images);
      boolean[] after = amongFive(codes(row.getAs("trial"), row.getAs("rate")), images);
      assertThat(row.<Integer>getAs("top5_golden_correct")).isEqualTo(count(before));
      assertThat(row.<Integer>getAs("top5_correct")).isEqualTo(count(after));
      assertThat(row.<Integer>getAs("top5_changed"))
          .isEqualTo((int) IntStream.range(0, SAMPLE).filter(i -> before[i] != after[i]).count());
      assertThat(row.<Integer>getAs("golden_correct"))
          .isEqualTo((int) Arrays.stream(images).filter(i -> i % 12 == 0).count());
    }
    assertThat(trials)
        .anyMatch(row -> !row.getAs("top5_correct").equals(row.getAs("top5_golden_correct")))
        .anyMatch(row -> !row.getAs("top5_correct").equals(row.getAs("correct")));
  }

  private static byte[][] codes(long trial, double rate) {
    byte[][] codes = network.copyCodes();
    int[] weights = {codes[0].length, codes[1].length};
    new FaultSampler(11, weights, new int[] {4, 4}, FaultScope.ALL)
        .draw(trial, rate)
        .apply(FaultKind.BIT_FLIP, rate, Encoding.TWOS_COMPLEMENT, codes);
    return codes;
  }

  private static boolean[] amongFive(byte[][] codes, int[] images) {
    boolean[] among = new boolean[images.length];
    for (int i = 0; i < images.length; i++) {
      int label = data.label(images[i]);
      among[i] = Arrays.stream(ranking(codes, data, images[i])).limit(5).anyMatch(c -> c == label);
    }
    return among;
  }

  private static int count(boolean[] values) {
    return (int) IntStream.range(0, values.length).filter(i -> values[i]).count();
  }

  /** Ranks 0 to 4 of 12: 25 of 60 images; and the mean change on each trial's images on top. */
  @Test
  void cellsEstimateTop5AccuracyAsTheyDoAccuracy() {
    double clean = 25 / 60.0;
    var trials = rows(results, "trials");
    for (Row cell : rows(results, "cells")) {
      double[] changes =
          trials.stream()
              .filter(t -> t.getAs("rate").equals(cell.getAs("rate")))
              .mapToDouble(
                  t -> t.<Integer>getAs("top5_correct") - t.<Integer>getAs("top5_golden_correct"))
              .toArray();
      double mean = Arrays.stream(changes).average().orElseThrow() / SAMPLE;
      assertThat(cell.<Double>getAs("top5_clean_accuracy")).isCloseTo(clean, within(1e-12));
      assertThat(cell.<Double>getAs("top5_accuracy")).isCloseTo(clean + mean, within(1e-12));
      if (cell.<Double>getAs("rate") == 0) {
        assertThat(cell.<Double>getAs("top5_half_width")).isZero();
      } else {
        double sd =
            Math.sqrt(
                Arrays.stream(changes).map(c -> Math.pow(c / SAMPLE - mean, 2)).sum()
                    / (TRIALS - 1));
        double plain = 2.570582 * sd / Math.sqrt(TRIALS); // t of 5 degrees of freedom
        assertThat(cell.<Double>getAs("top5_half_width")).isBetween(plain, 2 * plain + 0.01);
      }
    }
  }

  @Test
  void textAndPageShowIt() throws IOException {
    assertThat(outcome.report())
        .contains("bit-flip: mean accuracy in %")
        .contains("bit-flip: mean top-5 accuracy in %")
        .containsPattern("accuracy without faults in %\\s+top-5")
        .containsPattern("many\\s+8\\.33\\s+41\\.67");
    ReportRun.keep(SPARK, results.toString(), List.of());
    assertThat(Files.readString(results.resolve("report.html")))
        .contains(
            "Top-5 accuracy under faults",
            ">Top-5 accuracy (%)<",
            "--file notebooks/top5-curve.sql");
    assertThat(results.resolve("figures/top5-curve.png")).exists();
  }

  @Test
  void theQuestionSaysWhatTheCellsSay() throws IOException {
    var session = SqlSession.open(SPARK, results.toString());
    String sql = Files.readString(Path.of("..", "notebooks", "top5-curve.sql"));
    var answer = session.query(Statements.split(sql).get(0)).collectAsList();
    var cells = rows(results, "cells");
    assertThat(answer).hasSameSizeAs(cells);
    for (int i = 0; i < cells.size(); i++) {
      double accuracy = 100 * cells.get(i).<Double>getAs("top5_accuracy");
      double half = 100 * cells.get(i).<Double>getAs("top5_half_width");
      assertThat(answer.get(i).<Double>getAs("accuracy")).isCloseTo(accuracy, within(0.0051));
      assertThat(answer.get(i).<Double>getAs("high"))
          .isCloseTo(Math.min(100, accuracy + half), within(0.0051));
      assertThat(answer.get(i).<Double>getAs("top1"))
          .isCloseTo(100 * cells.get(i).<Double>getAs("accuracy"), within(0.0051));
    }
  }

  @Test
  void rowsRunAgainToTheSameBitAndTheDirectoryIsSound() throws IOException {
    Sound.assertFinished(results, "trials");
    var found = Sound.verify(results, 3 * TRIALS, Optional.empty());
    assertThat(found.findings()).isEmpty();
    assertThat(found.summary()).anyMatch(line -> line.contains("18 the same to the bit"));
  }

  @Test
  void aFailedTrialHasNoTop5EitherAndItsCellRestsOnTheOthers() throws IOException {
    var loads = new AtomicInteger();
    EngineSource failing =
        its ->
            new FailingEngine(
                "failing",
                Engines.prepare(its),
                codes -> {
                  if (loads.incrementAndGet() == 3) {
                    throw new IllegalStateException("no");
                  }
                });
    Path failed = temp.resolve("failed");
    long number = run(CONFIG, failed, failing).failed(); // one for each task
    var bad = rows(failed, "trials").stream().filter(r -> r.getAs("error") != null).toList();
    assertThat(bad).isNotEmpty().hasSize((int) number);
    for (Row row : bad) {
      assertThat(row.<Integer>getAs("top5_correct")).isNull();
      assertThat(row.<Integer>getAs("top5_changed")).isNull();
      assertThat(row.<Integer>getAs("top5_golden_correct")).isNotNull();
    }
    Sound.assertFinished(failed, "trials");
  }

  @Test
  void withTwentyClassesTheTablesAreAsTheyAlwaysWere() throws IOException {
    assertThat(TopFive.applies(20)).isFalse();
    assertThat(TopFive.applies(21)).isTrue();
    Path folder = Files.createDirectories(temp.resolve("twenty"));
    var world = new SmallWorld(folder);
    world.write("many.qnn.npz", SmallWorld.network("few", SHAPE, 20, 2, 1));
    var few = new Dataset("x", SHAPE, 20, data.pixels(), new byte[IMAGES]);
    try (var out = Files.newOutputStream(folder.resolve("images.npz"))) {
      NumpyWriter.write(few, out);
    }
    Path output = folder.resolve("results");
    assertThat(world.run(CONFIG, output, Engines::prepare)).isZero();
    var store = new TableStore(output.toString(), HADOOP);
    assertThat(store.schema("trials")).isEqualTo(Tables.TRIALS);
    assertThat(store.schema("cells")).isEqualTo(Tables.CELLS);
    assertThat(Files.readString(output.resolve("campaign.json"))).doesNotContain("top5");
    ReportRun.keep(SPARK, output.toString(), List.of());
    assertThat(Files.readString(output.resolve("report.html"))).doesNotContain("op-5");
  }
}
