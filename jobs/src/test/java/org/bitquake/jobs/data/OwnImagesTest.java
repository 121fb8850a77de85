package org.bitquake.jobs.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.bitquake.InputException;
import org.bitquake.data.Dataset;
import org.bitquake.engine.Engines;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.jobs.config.TrainConfig;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.replay.Replay;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.train.TrainJob;
import org.bitquake.jobs.verify.Sound;
import org.bitquake.network.QnnFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images of the user's own, through whole jobs. */
class OwnImagesTest {
  private static final Configuration HADOOP = new Configuration();
  private static final String NAMED = "data: {name: fashion-mnist, split: test, directory: data}";

  @TempDir Path temp;
  private SmallWorld world;

  @BeforeEach
  void pictures() throws IOException {
    world = SmallWorld.create(Files.createDirectories(temp.resolve("world")));
    PictureFolder.flat(world.dataset(), world.directory().resolve("pictures"));
  }

  private static String with(String data) {
    return SmallWorld.CONFIG.replace(NAMED, data);
  }

  private List<Row> trials(String config, Path output) {
    assertThat(world.run(config, output, Engines::prepare)).isZero();
    var rows = new TableStore(output.toString(), HADOOP).read(TestSpark.session(), "trials");
    assertThat(rows.columns()).contains("correct", "changed", "golden_correct");
    return rows.orderBy("network", "kind", "rate", "trial")
        .select("network", "kind", "rate", "trial", "correct", "changed", "golden_correct")
        .collectAsList();
  }

  @Test
  void aCampaignOnPicturesIsTheCampaignOnTheSameImages() throws IOException {
    Path own = temp.resolve("own");
    assertThat(trials(with("data: {path: pictures}"), own))
        .isEqualTo(trials(SmallWorld.CONFIG, temp.resolve("named")));
    Map<String, Object> wanted =
        Map.of("network", "second", "kind", "stuck-at-1", "rate", 0.003, "trial", 4L);
    var store = new TableStore(own.toString(), HADOOP);
    var files = new Replay.Files(Optional.empty(), Optional.empty());
    var replay = Replay.run(TestSpark.session(), store, wanted, files);
    assertThat(replay.dataVerified()).isTrue();
    assertThat(replay.differences()).isEmpty();
    assertThat(Sound.verify(own, 3, Optional.empty()).findings()).isEmpty();
    Path moved = Files.move(world.directory().resolve("pictures"), temp.resolve("elsewhere"));
    assertThat(Sound.verify(own, 1, Optional.of(moved.toString())).findings()).isEmpty();
    Files.delete(moved.resolve("00007.png"));
    assertThat(Sound.verify(own, 1, Optional.of(moved.toString())).findings())
        .singleElement()
        .asString()
        .contains("there is no picture '00007.png'");
  }

  private void refuses(String data, String... facts) {
    assertThatThrownBy(() -> world.run(with(data), temp.resolve("out"), Engines::prepare))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("campaign.yaml:")
        .hasMessageContainingAll(facts)
        .hasMessageNotContaining("\n");
  }

  @Test
  void whatDoesNotFitIsSaidBeforeAnyTrial() throws IOException {
    refuses("data: {path: nowhere}", "data: ", "world/nowhere: no such file or folder");
    refuses(
        "data: {path: pictures, resize: 20}",
        "network a takes images of 1×28×28, but those of pictures are 1×20×20",
        "data: {resize: 28} makes them so");
    refuses("data: {path: pictures, images: 61}", "images: 61, but pictures has 60");
    Path csv = world.directory().resolve("pictures/labels.csv");
    Files.writeString(csv, Files.readString(csv).replaceFirst(",\\d", ",10"));
    refuses("data: {path: pictures}", "00000.png: label 10, but the network has classes 0…9");
    Path classes = world.directory().resolve("classes");
    PictureFolder.classes(world.dataset().part(0, 5), classes);
    refuses("data: {path: classes}", "knows 10 classes, but classes has ");
    assertThat(temp.resolve("out")).doesNotExist();
  }

  @Test
  void trainsOnAFolderWithTheClassesThatItHas() throws IOException {
    Dataset all = world.dataset();
    int classes = (int) IntStream.range(0, all.size()).map(all::label).distinct().count();
    PictureFolder.classes(all, world.directory().resolve("set/train"));
    PictureFolder.classes(all, world.directory().resolve("set/test"));
    Path file = world.directory().resolve("train.yaml");
    Files.writeString(
        file,
        """
        model: lenet5
        data: {path: set}
        epochs: 1
        batch: 20
        networks: [{name: own}]
        output: networks
        """);
    var document = Yaml.load(file.toString(), HADOOP, TrainConfig.class);
    var data = document.value().data();
    var job =
        new TrainJob(
            document.value(),
            List.of(),
            data.spec("train", (key, path) -> document.beside(key, path).toString()),
            data.spec("test", (key, path) -> document.beside(key, path).toString()),
            temp.resolve("networks"),
            new PrintWriter(new StringWriter()),
            () -> null);
    Path network = job.run().get(0);
    try (var in = Files.newInputStream(network)) {
      var trained = QnnFile.read(in, "own");
      assertThat(trained.classes()).isEqualTo(classes).isNotEqualTo(1);
      assertThat(trained.provenance()).containsEntry("trained.on", "set/train");
    }
  }
}
