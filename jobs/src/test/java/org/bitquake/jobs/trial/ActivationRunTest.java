package org.bitquake.jobs.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.campaign.CampaignRun;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.jobs.config.RunOptions;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.network.Convolution;
import org.bitquake.network.ResNet18;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table {@code activations} of a campaign. */
class ActivationRunTest {
  @TempDir static Path temp;
  private static SmallWorld world;
  private static Path output;

  @BeforeAll
  static void runOnce() throws IOException {
    world = SmallWorld.create(Files.createDirectories(temp.resolve("world")));
    output = temp.resolve("campaign");
    run();
  }

  /** Counted value by value, one image at a time. */
  @Test
  void zeroActivationsAreThoseOfTheFirstImages() {
    var a = world.network("a.qnn.npz");
    var data = world.dataset();
    Map<String, long[]> counted = new LinkedHashMap<>();
    int images = Math.min(SmallWorld.IMAGES, ActivationRun.MOST_IMAGES);
    try (var engine = new ReferenceEngine(a)) {
      byte[] pixels = new byte[data.shape().size()];
      for (int i = 0; i < images; i++) {
        data.copyImage(i, pixels, 0);
        engine.trace(
            pixels,
            1,
            (image, position, layer, codes) -> {
              if (layer instanceof Convolution c && c.activation().isPresent()) {
                long[] its = counted.computeIfAbsent(layer.name(), n -> new long[2]);
                its[0] += codes.length;
                its[1] += Arrays.stream(codes).filter(code -> code == 0).count();
              }
            });
      }
    }
    var rows = read("activations").filter("network = 'a'").sort("position").collectAsList();
    assertThat(rows)
        .extracting(r -> r.<String>getAs("layer"))
        .isEqualTo(List.copyOf(counted.keySet()));
    for (Row row : rows) {
      long[] its = counted.get(row.<String>getAs("layer"));
      assertThat(row.<Integer>getAs("images")).isEqualTo(images);
      assertThat(row.<Long>getAs("activations")).isEqualTo(its[0]);
      assertThat(row.<Long>getAs("zero_activations")).isEqualTo(its[1]).isPositive();
      assertThat(row.<String>getAs("network_hash")).isEqualTo(a.contentHash());
    }
  }

  /** As an earlier bitquake left it. */
  @Test
  void aFinishedCampaignWithoutTheTableOfActivationsGetsIt() throws IOException {
    var trials = rows("trials");
    var expected = rows("activations");
    try (var files = Files.walk(output)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (output.relativize(file).toString().contains("activations")) {
          Files.delete(file);
        }
      }
    }
    run();
    assertThat(rows("activations")).isEqualTo(expected);
    assertThat(rows("trials")).isEqualTo(trials);
  }

  @Test
  void largeNetworksAreLookedAtOnFewerImages() {
    assertThat(images(8, 10_000)).isEqualTo(1_000);
    assertThat(images(32, 10_000)).isBetween(300, 400); // of 140 million multiply-accumulates
    assertThat(images(64, 10_000)).isEqualTo(100);
  }

  @Test
  void neverOnMoreImagesThanThereAre() {
    assertThat(images(8, 60)).isEqualTo(60);
    assertThat(images(64, 60)).isEqualTo(60);
  }

  private static int images(int width, int all) {
    return ActivationRun.images(ResNet18.random(width, 1), all);
  }

  private static void run() {
    var options =
        new RunOptions(
            Optional.of(output.toString()), false, Optional.empty(), Optional.of(2), true);
    CampaignRun.run(TestSpark.session(), world.config(SmallWorld.CONFIG), options);
  }

  /** In the order in which they are stored. */
  private static List<Row> rows(String table) {
    return read(table).collectAsList();
  }

  private static org.apache.spark.sql.Dataset<Row> read(String table) {
    return new TableStore(output.toString(), new Configuration()).read(TestSpark.session(), table);
  }
}
