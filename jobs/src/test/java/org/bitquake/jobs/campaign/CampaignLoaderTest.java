package org.bitquake.jobs.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.InputException;
import org.bitquake.data.Shape;
import org.bitquake.jobs.config.CampaignConfig;
import org.bitquake.jobs.config.InputOptions;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CampaignLoaderTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir static Path temp;
  private static SmallWorld world;

  @BeforeAll
  static void create() throws IOException {
    world = SmallWorld.create(temp);
    world.write("big.qnn.npz", SmallWorld.network("big", new Shape(3, 32, 32), 10, 2, 4));
    world.write("five.qnn.npz", SmallWorld.network("five", new Shape(1, 28, 28), 5, 2, 5));
    byte[] sound = Files.readAllBytes(temp.resolve("a.qnn.npz"));
    sound[sound.length / 2] ^= 1;
    Files.write(temp.resolve("damaged.qnn.npz"), sound);
    Files.writeString(temp.resolve("text.qnn.npz"), "not a network");
  }

  private static Campaign load(String config, String... networks) {
    var document = Yaml.load(world.config(config), HADOOP, CampaignConfig.class);
    var options = new InputOptions(Optional.empty(), List.of(networks));
    return CampaignLoader.load(document, options, HADOOP);
  }

  @Test
  void resolvesNamesScopesAndPathsBesideTheFile() {
    var campaign =
        load(SmallWorld.CONFIG.replace("  rates:", "  layers: [fc1]\n  bits: [3, 0]\n  rates:"));
    assertThat(campaign.networks())
        .extracting(CampaignNetwork::name)
        .containsExactly("a", "second", "wide");
    assertThat(campaign.networks().get(2).scope().layers()).containsExactly(1);
    assertThat(campaign.networks().get(2).scope().bits()).containsExactly(0, 3);
    assertThat(campaign.dataset().size()).isEqualTo(SmallWorld.IMAGES);
    assertThat(campaign.rows()).isEqualTo(9 * 3 * 2 * 3);
  }

  @Test
  void allImagesAreThoseOfTheDataSet() {
    assertThat(load(SmallWorld.CONFIG.replace("images: 20", "images: all")).images())
        .isEqualTo(SmallWorld.IMAGES);
  }

  /** What to replace, by what, and where and how that is refused. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a.qnn.npz | no.qnn.npz | :4:5: networks[0]: | no such file
          a.qnn.npz | a:b.qnn.npz | :4:5: networks[0]: | is not a path
          a.qnn.npz | damaged.qnn.npz | :4:5: networks[0]: | damaged.qnn.npz
          a.qnn.npz | text.qnn.npz | :4:5: networks[0]: | text.qnn.npz: not a network file; `bitquake import` makes one
          a.qnn.npz | big.qnn.npz | :4:5: networks[0]: | network big takes images of 3×32×32, but those of fashion-mnist/test are 3×28×28
          a.qnn.npz | five.qnn.npz | :4:5: networks[0]: | network five knows 5 classes, but fashion-mnist/test has 10
          name: second | name: a | :5:5: networks[1]: | a second network called a
          '  rates:' | '  layers: [conv9]\\n  rates:' | :10:12: faults.layers[0]: | network a has no weight layer "conv9"; it has conv1, fc1
          '  rates:' | '  bits: [4]\\n  rates:' | :10:10: faults.bits[0]: | the weights of network a have no bit 4, only 0…3
          '  rates:' | '  bits: [-1]\\n  rates:' | :10:10: faults.bits[0]: | have no bit -1
          images: 20 | images: 61 | :12:1: images: | 61, but fashion-mnist/test has 60
          'directory: data' | 'directory: nowhere' | :7:1: data: | t10k-images
          'name: fashion-mnist' | 'name: mnist' | :7:1: data: | mnist
          'split: test' | 'split: tset' | :7:1: data: | tset
          """)
  void saysWhereAndWhatDoesNotFit(String from, String to, String where, String what) {
    String text = SmallWorld.CONFIG.replace(from, to.replace("\\n", "\n"));
    assertThat(text).isNotEqualTo(SmallWorld.CONFIG);
    assertThatThrownBy(() -> load(text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("campaign.yaml" + where)
        .hasMessageContaining(what)
        .hasMessageNotContaining("\n");
  }

  @Test
  void networksOfTheCommandLineFollowThoseOfTheFile() {
    Path plain = Path.of("").toAbsolutePath().relativize(temp.toAbsolutePath());
    var campaign =
        load(
            SmallWorld.CONFIG,
            "third=" + plain.resolve("a.qnn.npz"),
            temp.resolve("five.qnn.npz").toUri().toString().replace("five", "b"),
            "a b=" + temp.resolve("wide.qnn.npz"));
    assertThat(campaign.networks())
        .extracting(CampaignNetwork::name)
        .containsExactly("a", "second", "wide", "third", "b", "a b");
    assertThat(campaign.networks().get(3).network().contentHash())
        .isEqualTo(campaign.networks().get(0).network().contentHash());
    assertThat(campaign.networks().get(3).file())
        .isEqualTo(campaign.networks().get(0).file())
        .startsWith("file:/");
  }

  /** A network of the command line, without its folder, and how it is refused. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          no.qnn.npz | no.qnn.npz: no such file
          big.qnn.npz | network big takes images of 3×32×32, but those of fashion-mnist/test are 1×28×28
          five.qnn.npz | network five knows 5 classes, but fashion-mnist/test has 10
          a.qnn.npz | a second network called a; write --network another=
          damaged.qnn.npz | not a sound network file
          text.qnn.npz | text.qnn.npz: not a network file; `bitquake import` makes one of an ONNX or TensorFlow Lite model
          """)
  void saysWhichOptionDoesNotFit(String file, String what) {
    String option = temp.resolve(file).toString();
    assertThatThrownBy(() -> load(SmallWorld.CONFIG, option))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("--network " + option + ": ")
        .hasMessageContaining(what)
        .hasMessageNotContaining("\n");
  }

  @Test
  void anOptionNamesAFile() {
    for (String option : new String[] {"", " ", " =x.qnn.npz"}) {
      assertThatThrownBy(() -> load(SmallWorld.CONFIG, option))
          .isInstanceOf(InputException.class)
          .hasMessage(
              "--network '%s': name a network file, or NAME=FILE for a name of its own", option);
    }
    assertThatThrownBy(() -> load(SmallWorld.CONFIG, "x=a:b.qnn.npz"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("--network x=a:b.qnn.npz: 'a:b.qnn.npz' is not a path: ");
  }

  @Test
  void anEncodingMustHaveEveryCode() {
    QuantizedNetwork network = world.network("a.qnn.npz");
    network.weightLayers().get(0).weights().codes()[0] = -8;
    world.write("eight.qnn.npz", network);
    String text =
        SmallWorld.CONFIG
            .replace("- a.qnn", "- eight.qnn")
            .replace("  rates:", "  encoding: sign-magnitude\n  rates:");
    assertThatThrownBy(() -> load(text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("campaign.yaml:10:3: faults.encoding: network a, weight layer 0")
        .hasMessageContaining("-8");
    assertThat(load(text.replace("sign-magnitude", "offset-binary")).networks()).hasSize(3);
    String several =
        text.replace("  encoding: sign-magnitude\n", "")
            .replace("trials:", "encodings: [gray, sign-magnitude]\ntrials:");
    assertThatThrownBy(() -> load(several))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("encodings[1]: network a, weight layer 0");
  }
}
