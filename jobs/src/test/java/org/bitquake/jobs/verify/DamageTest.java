package org.bitquake.jobs.verify;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.jobs.PutStore;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.campaign.CampaignRun;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.jobs.config.RunOptions;
import org.bitquake.jobs.replay.Replay;
import org.bitquake.jobs.store.Identity;
import org.bitquake.jobs.store.TableStore;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to a directory ends in the undisturbed table or in a clear refusal. */
class DamageTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final Configuration HADOOP = new Configuration();
  static final String CONFIG =
      SmallWorld.CONFIG.replace("[bit-flip, stuck-at-1]", "[bit-flip]").replace("0, 0.003", "0");

  @TempDir static Path temp;
  private static SmallWorld world;
  private static Path undisturbed;
  private static List<Row> expected;
  private Path copy;

  @BeforeAll
  static void runOnce() throws IOException {
    world = SmallWorld.create(Files.createDirectories(temp.resolve("world")));
    undisturbed = temp.resolve("undisturbed");
    run(undisturbed, CONFIG);
    expected = rows(undisturbed);
  }

  @BeforeEach
  void copy() throws IOException {
    copy = Files.createTempDirectory(temp, "copy").resolve("results");
    try (var all = Files.walk(undisturbed)) {
      for (Path from : all.toList()) {
        Files.copy(from, copy.resolve(undisturbed.relativize(from).toString()));
      }
    }
  }

  private static void run(Path output, String config) {
    run(output, config, 2);
  }

  private static void run(Path output, String config, int partitions) {
    CampaignRun.run(
        SPARK,
        world.config(config),
        new RunOptions(
            Optional.of(output.toString()),
            false,
            Optional.empty(),
            Optional.of(partitions),
            true));
  }

  static List<Row> rows(Path directory) {
    return new TableStore(directory.toString(), HADOOP)
        .read(SPARK, "trials")
        .sort("trial", "network", "kind", "rate")
        .collectAsList();
  }

  private static Verification verify(Path directory, int replay) throws IOException {
    return verify(directory, replay, 0);
  }

  private static Verification verify(Path directory, int replay, long rows) throws IOException {
    var data = Optional.of(world.directory().resolve("data").toString());
    var files = new Replay.Files(Optional.empty(), data);
    return Verification.run(
        SPARK, directory.toString(), new Verification.Options(replay, 5, files), rows);
  }

  private Path find(String folder, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(copy.resolve(folder))) {
      return files
          .filter(f -> f.toString().endsWith(ending))
          .filter(f -> !f.getFileName().toString().startsWith("."))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }

  @Test
  void anUndisturbedCampaignIsSound() throws IOException {
    var found = verify(undisturbed, 3);
    assertThat(found.findings()).isEmpty();
    assertThat(found.summary())
        .contains("campaign small", "54 of 54 rows of trials; finished")
        .contains("3 trials run again with the reference engine (seed 5): 3 the same to the bit");
  }

  @Test
  void theSameIsFoundByCompiledQuestions() throws IOException {
    assertThat(verify(undisturbed, 3, 100_000)).isEqualTo(verify(undisturbed, 3));
  }

  @Test
  void theSameIsFoundInSeveralPartitions() throws IOException {
    var store = new TableStore(copy.toString(), HADOOP);
    var cells = store.readHere("cells");
    store.commit(
        "cells",
        store.parts("cells").iterator().next() + "x",
        SPARK.createDataFrame(cells, store.schema("cells")),
        Map.of());
    Files.delete(find("_manifests/trials", ".json"));
    var found = verify(copy, 3, 10_000_000);
    assertThat(found.findings()).hasSizeGreaterThan(1);
    assertThat(found).isEqualTo(verify(copy, 3));
  }

  @Test
  void anUnfinishedOneSaysHowFarItIsAndLeftoversDoNoHarm() throws IOException {
    Files.delete(find("_manifests/cells", ".json"));
    Files.delete(find("_manifests/trials", ".json"));
    var found = verify(copy, 0);
    assertThat(found.findings()).isEmpty();
    assertThat(found.summary())
        .anyMatch(line -> line.matches("\\d\\d of 54 rows of trials; not finished: .*"))
        .anyMatch(line -> line.startsWith("left over, harmless: "));
    run(copy, CONFIG, 3); // another number of cores
    assertThat(rows(copy)).isEqualTo(expected);
    assertThat(verify(copy, 0).findings()).isEmpty();
  }

  @Test
  void aDamagedDataFileIsFoundAndTheRunRefuses() throws IOException {
    Path file = find("trials", ".parquet");
    byte[] good = Files.readAllBytes(file);
    byte[] flipped = good.clone();
    flipped[good.length / 2] ^= 1;
    Files.delete(find("_manifests/cells", ".json")); // the run must read the table again
    for (byte[] bad : List.of(flipped, new byte[good.length], new byte[good.length / 2])) {
      write(file, bad);
      assertThat(verify(copy, 5).findings())
          .anyMatch(line -> line.endsWith("damaged data file: other bytes than were written"));
      assertThatThrownBy(() -> run(copy, CONFIG))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("damaged data file")
          .hasMessageContaining("run the same campaign again");
    }
    Files.delete(file);
    assertThat(verify(copy, 5).findings())
        .anyMatch(line -> line.endsWith("damaged data file: missing"));
    Files.delete(find("_manifests/trials", ".json")); // as the message says
    run(copy, CONFIG);
    assertThat(rows(copy)).isEqualTo(expected);
  }

  @Test
  void aDamagedManifestIsFoundAndTheRunRefuses() throws IOException {
    Path manifest = find("_manifests/trials", ".json");
    String good = Files.readString(manifest);
    for (String bad :
        List.of(
            "", good.substring(0, good.length() / 2), good.replace("\"rows\" :", "\"row\" :"))) {
      write(manifest, bad.getBytes(StandardCharsets.UTF_8));
      assertThat(verify(copy, 0).findings())
          .anyMatch(line -> line.contains(".json: damaged manifest"));
      assertThatThrownBy(() -> run(copy, CONFIG))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("damaged manifest");
    }
    Files.delete(manifest);
    run(copy, CONFIG);
    assertThat(rows(copy)).isEqualTo(expected);
  }

  @Test
  void rowsThatAreThereTwiceOrWrongAreFound() throws IOException {
    var store = new TableStore(copy.toString(), HADOOP);
    String part = store.parts("trials").iterator().next();
    var rows = store.read(SPARK, "trials", part);
    store.commit("trials", part + "x", rows, store.facts("trials", part));
    assertThat(verify(copy, 0).findings())
        .anyMatch(line -> line.matches("trials: \\d+ rows are there more than once .*"))
        .anyMatch(line -> line.matches("\\d+ cells that do not rest on the trials in the table"));
    Files.delete(copy.resolve("_manifests/trials/" + part + ".json"));
    Files.delete(copy.resolve("_manifests/trials/" + part + "x.json"));
    var wrong = rows.withColumn("correct", expr("correct + images")).to(rows.schema());
    var schema = org.bitquake.jobs.store.Tables.TRIALS;
    store.commit(
        "trials",
        part,
        SPARK.createDataFrame(wrong.collectAsList(), schema),
        store.facts("trials", store.parts("trials").iterator().next()));
    assertThat(verify(copy, 54).findings())
        .anyMatch(line -> line.contains("does not hold that correct IS NULL OR correct BETWEEN"))
        .anyMatch(line -> line.contains("outside the wave that they were committed with"))
        .anyMatch(line -> line.matches("trial \\d+ of .*: correct is \\d+ in the table, .*"));
  }

  @Test
  void anotherConfigurationOrNetworkIsRefused() throws IOException {
    assertThatThrownBy(() -> run(copy, CONFIG.replace("seed: 11", "seed: 12")))
        .hasMessageContaining("holds another campaign (other seed)");
    Path network = world.directory().resolve("a.qnn.npz");
    byte[] good = Files.readAllBytes(network);
    try {
      world.write("a.qnn.npz", SmallWorld.network("a", 2, 99));
      assertThatThrownBy(() -> run(copy, CONFIG))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("holds another campaign (other networks)");
      assertThat(verify(copy, 54).findings())
          .anyMatch(
              line -> line.contains("cannot be run again") && line.contains("not the network"));
    } finally {
      Files.write(network, good);
    }
    Path marker = copy.resolve("campaign.json");
    String text = Files.readString(marker);
    var json = (ObjectNode) new JsonMapper().readTree(text);
    ((ObjectNode) json.get("identity")).put("rowFormat", 1);
    write(marker, json.toString().getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> run(copy, CONFIG)).hasMessageContaining("damaged, or not bitquake's");
    assertThatThrownBy(() -> verify(copy, 0)).isInstanceOf(InputException.class);
    json.put("hash", new Identity(json.get("identity")).hash()); // as an older version's
    write(marker, json.toString().getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> run(copy, CONFIG))
        .hasMessageContaining("holds another campaign (other rowFormat)");
    assertThat(verify(copy, 0).findings())
        .anyMatch(line -> line.contains("belongs to another job"));
    assertThat(rows(copy)).isEqualTo(expected);
  }

  @Test
  void onAnObjectStoreAFullDiskIsARefusalAndTheSameCommandGoesOnInOneWithRoom() throws IOException {
    SPARK.sparkContext().hadoopConfiguration().set("fs.s3a.impl", PutStore.class.getName());
    Files.delete(find("_manifests/cells", ".json"));
    Files.delete(find("_manifests/trials", ".json"));
    String store = "s3a://bucket" + copy;
    PutStore.setFull(true);
    try {
      assertThatThrownBy(() -> runAt(store))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("cannot be written: No space left on device");
    } finally {
      PutStore.setFull(false);
    }
    runAt(store);
    assertThat(rows(copy)).isEqualTo(expected);
    assertThat(copy.toFile().list()).noneMatch(name -> name.startsWith("_lock-"));
  }

  private static void runAt(String output) {
    CampaignRun.run(
        SPARK,
        world.config(CONFIG),
        new RunOptions(Optional.of(output), false, Optional.empty(), Optional.of(2), true));
  }

  @Test
  void whereNothingCanBeWrittenAFinishedCampaignIsStillPrinted() throws IOException {
    SPARK.sparkContext().hadoopConfiguration().set("fs.s3a.impl", PutStore.class.getName());
    PutStore.setFull(true);
    try {
      runAt("s3a://bucket" + copy);
    } finally {
      PutStore.setFull(false);
    }
    assertThat(rows(copy)).isEqualTo(expected);
  }
}
