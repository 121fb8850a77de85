package org.bitquake.jobs.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.InputException;
import org.bitquake.jobs.config.CampaignConfig;
import org.bitquake.jobs.config.InputOptions;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.network.QnnFile;
import org.bitquake.tflite.TfLiteFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Published networks of 8 bits beside those that {@code conf/mlperf-tiny.yaml} names. */
class MlperfTinyTest {
  private static final Path MODELS = Path.of("../../shared/data/mlperf-tiny");
  private static final int IMAGES = 20;
  private static final int RECORD = 3073;

  @TempDir static Path temp;

  @BeforeAll
  static void importThem() throws IOException {
    assumeTrue(Files.isDirectory(MODELS), "needs MLPerf Tiny's models in ../shared/data");
    write("pretrainedResnet_quant", "resnet8-int8");
    write("pretrainedResnet_large_int8", "resnet-large-int8");
    write("vww_96_int8", "vww");
    pictures("data", 9);
  }

  private static void write(String model, String name) throws IOException {
    byte[] content = Files.readAllBytes(MODELS.resolve(model + ".tflite"));
    try (var out = Files.newOutputStream(temp.resolve(name + ".qnn.npz"))) {
      QnnFile.write(TfLiteFile.read(content, model, name, List.of(), List.of()), out);
    }
  }

  /** A test set of noise. */
  private static void pictures(String folder, int lastLabel) throws IOException {
    byte[] records = new byte[IMAGES * RECORD];
    new Random(1).nextBytes(records);
    for (int i = 0; i < IMAGES; i++) {
      records[i * RECORD] = (byte) (i % 10);
    }
    records[(IMAGES - 1) * RECORD] = (byte) lastLabel;
    Files.write(Files.createDirectories(temp.resolve(folder)).resolve("test_batch.bin"), records);
  }

  private static Campaign load(String data, String... networks) {
    var hadoop = new Configuration();
    var document = Yaml.load("../conf/mlperf-tiny.yaml", hadoop, CampaignConfig.class);
    var files = List.of(networks).stream().map(n -> temp.resolve(n + ".qnn.npz").toString());
    var options = new InputOptions(Optional.of(temp.resolve(data).toString()), files.toList());
    return CampaignLoader.load(document, options, hadoop);
  }

  @Test
  void bothFollowTheOnesOfFourBits() {
    var networks = load("data", "resnet8-int8", "resnet-large-int8").networks();
    assertThat(networks)
        .extracting(CampaignNetwork::name)
        .containsExactly(
            "resnet18-standard",
            "resnet18-as-saq",
            "vgg11-standard",
            "mobilenet-standard",
            "resnet8-int8",
            "resnet-large-int8");
    for (int i = 0; i < networks.size(); i++) {
      assertThat(CampaignNetwork.bits(networks.get(i).network())).containsOnly(i < 4 ? 4 : 8);
    }
  }

  @Test
  void imagesOfAnotherShapeAreRefused() {
    assertThatThrownBy(() -> load("data", "vww"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("--network " + temp.resolve("vww.qnn.npz") + ": network vww takes")
        .hasMessageContaining("images of 3×96×96, but those of cifar-10/test are 3×32×32")
        .hasMessageNotContaining("\n");
  }

  @Test
  void aLabelThatNoClassHasIsRefused() throws IOException {
    pictures("labels", 10);
    assertThatThrownBy(() -> load("labels", "resnet8-int8"))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("mlperf-tiny.yaml:", "data: ", "test_batch.bin", "10")
        .hasMessageNotContaining("\n");
  }

  @Test
  void aModelThatIsNotImportedIsRefused() throws IOException {
    Files.copy(MODELS.resolve("vww_96_int8.tflite"), temp.resolve("model.qnn.npz"));
    assertThatThrownBy(() -> load("data", "model"))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("model.qnn.npz: not a network file", "`bitquake import`")
        .hasMessageNotContaining("\n");
  }
}
