package org.bitquake.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.data.Shape;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.jobs.config.CampaignConfig;
import org.bitquake.jobs.config.ConfigKind;
import org.bitquake.jobs.config.LandscapeConfig;
import org.bitquake.jobs.config.NetworkSource;
import org.bitquake.jobs.config.TrainConfig;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.train.TrainJob;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code bitquake init}: what it writes is taken as it is. That landscapes and simulations load it
 * is said where these have their tests.
 */
class InitCommandTest {
  private static final String NETWORKS = "../conf/networks/";
  private static final String LENET5 = NETWORKS + "lenet5-saq.qnn.npz";

  @TempDir Path folder;
  private final Configuration hadoop = new Configuration();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private String file;

  @BeforeEach
  void name() {
    file = folder.resolve("mine.yaml").toString();
  }

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  private void init(String... args) {
    assertThat(run(args)).as(err.toString()).isZero();
  }

  @Test
  void aCampaignIsPlannedAsItIs() {
    init("init", "campaign", "--network", LENET5, "--output", file);
    init("plan", file, "--seconds", "0.01");
    assertThat(out.toString()).contains("lenet5-saq", "stuck-at-1");
  }

  @Test
  void singleFaultsArePlannedAsTheyAre() {
    init("init", "single-fault", "--network", LENET5, "--output", file);
    init("plan", file, "--seconds", "0.01");
    assertThat(out.toString()).contains("lenet5-saq");
  }

  @ParameterizedTest
  @CsvSource({
    "lenet5-as, lenet5, 12, 1.0E-4",
    "resnet18-as, resnet18, 16, 2.0E-5",
    "vgg11-saq, vgg11, 10, 1.0E-4",
    "mobilenet-standard, mobilenet, 16, 5.0E-5"
  })
  void aTrainingMakesNetworksLikeTheOneAtHand(
      String network, String model, int epochs, double lambda) {
    init("init", "train", "-n", NETWORKS + network + ".qnn.npz", "-o", file);
    var config = Yaml.read(file, hadoop, TrainConfig.class);
    var first = config.options(config.networks().get(0));
    assertThat(first.model().name()).isEqualTo(model);
    assertThat(first.epochs()).isEqualTo(epochs);
    assertThat(config.networks().stream().map(config::options).toList())
        .anySatisfy(options -> assertThat(options.lambda()).isEqualTo(lambda));
    assertThat(config.width()).isEqualTo(width(network));
  }

  private static Optional<Integer> width(String network) {
    return Optional.ofNullable(Map.of("r", 8, "v", 8, "m", 12).get(network.substring(0, 1)));
  }

  @Test
  void aFileOfImagesIsAPath() throws IOException {
    Path images = folder.resolve("images.npz");
    Files.write(images, new byte[1]);
    init("init", "campaign", "--network", LENET5, "--data", images.toString(), "--output", file);
    assertThat(Files.readString(Path.of(file)))
        .contains("path: images.npz}")
        .doesNotContain("bitquake data fetch");
  }

  @Test
  void aTrainingIsReadyForItsFirstStep() {
    init("init", "train", "--network", LENET5, "--output", file);
    var config = Yaml.read(file, hadoop, TrainConfig.class);
    var said = new PrintWriter(out);
    var job =
        new TrainJob(
            config,
            List.of(),
            config.data().spec("train", (key, path) -> path),
            config.data().spec("test", (key, path) -> path),
            folder.resolve("networks"),
            said,
            () -> null);
    assertThat(job).isNotNull();
  }

  @ParameterizedTest
  @EnumSource
  void standardOutputGetsTheWholeWithPathsThatHoldAnywhere(ConfigKind kind) throws IOException {
    init("init", kind.toString(), "--network", LENET5);
    Path copy = Files.writeString(folder.resolve("elsewhere.yaml"), out.toString());
    assertThat(out.toString()).endsWith("\n").doesNotContain("\r");
    assertThat(Yaml.read(copy.toString(), hadoop, kind.type())).isNotNull();
    if (kind != ConfigKind.TRAIN) {
      assertThat(out.toString()).contains(Path.of(LENET5).toAbsolutePath().normalize().toString());
    }
  }

  @Test
  void pathsAreRelativeToTheFile() {
    SmallWorld.create(folder);
    String network = folder.resolve("a.qnn.npz").toString();
    String data = folder.resolve("data").toString();
    init("init", "campaign", "-n", network, "--data", data, "-o", file);
    var config = Yaml.read(file, hadoop, CampaignConfig.class);
    assertThat(config.networks()).containsExactly(new NetworkSource("a.qnn.npz", Optional.empty()));
    assertThat(config.data().directory()).contains("data");
  }

  @Test
  void networksOfOneNameGetTwo() {
    SmallWorld.create(folder);
    String network = folder.resolve("a.qnn.npz").toString();
    init("init", "landscape", "-n", network, "-n", network, "-o", file);
    assertThat(Yaml.read(file, hadoop, LandscapeConfig.class).networks())
        .extracting(NetworkSource::name)
        .containsExactly(Optional.empty(), Optional.of("a-2"));
  }

  @Test
  void deepNetworksGetSmallRatesAndCommentsNameTheirLayers() {
    init("init", "campaign", "--network", NETWORKS + "mobilenet-as.qnn.npz");
    assertThat(out.toString())
        .contains("0.001, 0.003", "bitquake data fetch cifar-10", "stem", "# bits: [3]");
  }

  @Test
  void nothingIsOverwrittenUnlessAskedFor() throws IOException {
    Files.writeString(Path.of(file), "mine");
    assertThat(run("init", "campaign", "-n", LENET5, "-o", file)).isEqualTo(2);
    assertOneLine("the file exists");
    assertThat(Path.of(file)).hasContent("mine");
    init("init", "campaign", "-n", LENET5, "-o", file, "--overwrite");
    assertThat(Files.readString(Path.of(file))).contains("lenet5-saq");
  }

  @Test
  void whatItCannotWriteForIsOneLine() {
    SmallWorld.create(folder)
        .write("odd.qnn.npz", SmallWorld.network("odd", new Shape(1, 20, 20), 10, 2, 1));
    String odd = folder.resolve("odd.qnn.npz").toString();
    assertThat(run("init", "campaign", "-n", odd)).isEqualTo(2);
    assertOneLine("network odd takes images of 1×20×20", "cifar-10 (3×32×32)");
    String colour = NETWORKS + "vgg11-as.qnn.npz";
    assertThat(run("init", "campaign", "-n", LENET5, "-n", colour)).isEqualTo(2);
    assertOneLine("vgg11-as takes images of cifar-10, but lenet5-saq those of fashion-mnist");
    assertThat(run("init", "campaign", "-n", "none.qnn.npz")).isEqualTo(2);
    assertOneLine("none.qnn.npz");
    assertThat(run("init", "campain")).isEqualTo(2);
    assertOneLine("campaign, single-fault, train, landscape, cnvlutin, protect");
  }

  @Test
  void namesThatYamlWouldMisreadAreQuoted() {
    var world = SmallWorld.create(folder);
    QuantizedNetwork odd = SmallWorld.network("1: \"a\" #", 2, 1);
    world.write("b #1.qnn.npz", odd);
    String network = folder.resolve("b #1.qnn.npz").toString();
    init("init", "campaign", "-n", network, "-o", file);
    assertThat(Yaml.read(file, hadoop, CampaignConfig.class).networks().get(0).file())
        .isEqualTo("b #1.qnn.npz");
  }

  private void assertOneLine(String... parts) {
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).startsWith("bitquake: ").contains(parts);
    err.getBuffer().setLength(0);
  }
}
