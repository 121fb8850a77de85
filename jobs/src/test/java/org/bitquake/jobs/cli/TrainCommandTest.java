package org.bitquake.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.Text;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.config.TrainConfig;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.network.QnnFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bitquake train} on a small set of noise with bright spots that tell the class. */
class TrainCommandTest {
  private static final int IMAGES = 256;
  private static final String SUFFIX = ".qnn.npz";
  private static final String CONFIG =
      """
      seed: 1
      data: {name: fashion-mnist, directory: images}
      epochs: 2
      batch: 32
      learningRate: 0.05
      weightDecay: 1.0e-4
      lambdaWarmupEpochs: 1
      quantizer: lsq
      weightBits: 4
      activationBits: 4
      networks:
        - {name: plain}
        - {name: flat, rho: 0.1, quantizer: max, from: plain}
      output: networks
      """;

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void images() throws IOException {
    var directory = Files.createDirectory(folder.resolve("images"));
    write(directory, "train", 1);
    write(directory, "t10k", 2);
  }

  @Test
  void trainsEveryNetworkAndKeepsTheFinishedOnes() throws Exception {
    assertThat(train(CONFIG)).isEqualTo(ExitCode.DONE);
    assertThat(out.toString())
        .contains("Training 2 of 2 networks on fashion-mnist/train (256 images)")
        .containsPattern("plain  epoch  1/2  loss \\d\\.\\d{3}  test accuracy .* left")
        .containsPattern("flat  epoch  2/2  loss");
    var flat = folder.resolve("networks/flat.qnn.npz");
    try (var in = Files.newInputStream(flat)) {
      assertThat(QnnFile.read(in, "flat").provenance())
          .containsEntry("rho", "0.1")
          .containsEntry("from", "plain")
          .containsEntry("quantizer", "max");
    }
    assertThat(folder.resolve("networks")).isDirectoryNotContaining("glob:**/.*");
    var before = Files.getLastModifiedTime(flat);
    out.getBuffer().setLength(0);

    assertThat(train(CONFIG)).isEqualTo(ExitCode.DONE);
    assertThat(out.toString()).contains("flat is there already", "Training 0 of 2 networks");
    assertThat(Files.getLastModifiedTime(flat)).isEqualTo(before);
  }

  private static final String LIQ =
      CONFIG
          .replace("quantizer: lsq", "quantizer: liq\nnormalise: true")
          .replace("quantizer: max", "perturb: all");

  @Test
  void liqTrainsMidRiseNetworksWithNormalisation() throws Exception {
    assertThat(train(LIQ)).isEqualTo(ExitCode.DONE);
    for (String name : List.of("plain", "flat")) {
      try (var in = Files.newInputStream(folder.resolve("networks/" + name + SUFFIX))) {
        var network = QnnFile.read(in, name);
        assertThat(network.weightLayers()).allMatch(c -> c.weights().isMidRise());
        assertThat(network.provenance())
            .containsEntry("architecture", "LeNet-5 with batch normalisation")
            .containsEntry("quantizer", "liq");
        double factor = Double.parseDouble(network.provenance().get("stepLearningRate"));
        assertThat(factor * 0.05).isEqualTo(0.01, within(1e-12)); // the peak of the clips
        assertThat(network.provenance().get("perturb"))
            .isEqualTo(name.equals("flat") ? "all" : null);
      }
    }
    out.getBuffer().setLength(0);
    assertThat(train(LIQ)).isEqualTo(ExitCode.DONE);
    assertThat(out.toString()).contains("flat is there already");
    assertThat(train(LIQ.replace("perturb: all", "perturb: weights")))
        .isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine("flat.qnn.npz holds a network trained otherwise; move it away");
  }

  @Test
  void whatLiqNormaliseAndPerturbAskForIsSaid() {
    assertThat(train(LIQ.replace("normalise: true", "seed: 1").replaceFirst("seed: 1\n", "")))
        .isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine("network plain: quantizer liq", "takes a LeNet-5 with normalise: true");
    assertThat(train("model: vgg11\n" + LIQ)).isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine("normalise: model vgg11 has batch normalisation anyway; leave normalise out");
    assertThat(train(LIQ.replace("weightBits: 4", "weightBits: 8")))
        .isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine("network plain: weightBits must be between 2 and 7 with quantizer liq");
    assertThat(train(LIQ.replace("perturb: all", "perturb: some"))).isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine("train.yaml:14", "SAQ cannot perturb \"some\"; known: weights, all");
    assertThat(train(LIQ.replace("rho: 0.1, ", ""))).isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine("train.yaml:14", "perturb", "has a meaning with rho above 0 only; leave it out");
  }

  @Test
  void aNetworkToStartFromComesFirst() {
    assertThat(train(CONFIG.replace("from: plain", "from: other"))).isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine("train.yaml:13", "no network other further up in the list");
    String mixed = CONFIG.replace("quantizer: max", "quantizer: liq");
    assertThat(train(mixed)).isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine("train.yaml:13", "plain trains with quantizer lsq, this one with liq");
    assertThat(folder.resolve("networks")).doesNotExist();
    String output = folder.resolve("alone").toString();
    assertThat(train(CONFIG, "--output", output, "--only", "flat")).isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine("flat starts from plain, but there is no", "plain.qnn.npz; train that one first");
  }

  @Test
  void aNetworkTrainedOtherwiseIsNotOverwritten() {
    assertThat(train(CONFIG)).isEqualTo(ExitCode.DONE);

    assertThat(train(CONFIG.replace("epochs: 2", "epochs: 3"))).isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine("plain.qnn.npz holds a network trained otherwise; move it away");
  }

  @Test
  void mistakesInTheConfigurationNameTheLine() {
    assertThat(train(CONFIG.replace("epochs:", "epoch:"))).isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine("train.yaml:3", "unknown key \"epoch\"");
    assertThat(train(CONFIG.replace("rho: 0.1", "rho: -1"))).isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine("network flat: rho must be in [0, 10]");
    assertThat(train(CONFIG.replace("quantizer: max", "quantizer: best")))
        .isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine("train.yaml:13", "unknown quantizer \"best\"; known: lsq, max, mse, liq");
    assertThat(train(CONFIG.replace("name: flat", "name: plain"))).isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine("train.yaml:13", "plain is here twice");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          clip: -0.1             | clip: -0.1 is no magnitude of weights; use one above 0
          clip: 0                | clip: 0.0 is no magnitude of weights; use one above 0
          clip: 1e999            | clip: Infinity is no magnitude of weights; use one above 0
          clip: tight            | clip: expected a number, or {quantile: …}
          clip: {quantile: 0}    | clip.quantile: 0.0 is not between 0 and 1
          clip: {quantile: 1}    | clip.quantile: 1.0 is not between 0 and 1
          clip: {quantile: high} | clip.quantile: expected a number between 0 and 1
          clip: {quantil: 0.9}   | unknown key "quantil"
          clip: {}               | clip: missing key "quantile"
          faultRate: -0.01       | network flat: faultRate must be in [0, 1)
          faultRate: 1           | network flat: faultRate must be in [0, 1)
          faultRate: often       | faultRate: expected a number
          faultThreshold: 0.5    | faultThreshold: has a meaning with faultRate only; leave it out
          faultRate: 0.1, faultThreshold: 0 | network flat: faultThreshold must be in (0, 10]
          """)
  void mistakesInWhatTrainsAgainstFaultsAreOneLine(String setting, String message) {
    assertThat(train(CONFIG.replace("rho: 0.1", setting))).isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine(message);
  }

  @Test
  void clippedWeightsAndFaultsAreTrainedAndTold() throws Exception {
    String config =
        CONFIG.replace("rho: 0.1", "rho: 0.1, clip: {quantile: 0.9}, faultRate: 0.05")
            + "mode: spark\nworkers: 2\n";
    TestSpark.session();
    config = config.replace("{name: plain}", "{name: plain, clip: 0.2}");
    assertThat(train(config)).as(err.toString()).isEqualTo(ExitCode.DONE);
    assertThat(out.toString()).contains("plain trains on 2 workers", "flat trains on the driver");
    assertThat(provenance("plain")).containsEntry("clip", "0.2").doesNotContainKey("faultRate");
    assertThat(provenance("flat"))
        .containsEntry("clip", "quantile 0.9")
        .containsEntry("faultRate", "0.05")
        .containsEntry("faultThreshold", "0.76");
  }

  @Test
  void whatModeSparkCannotDoIsSaidBeforeAnythingRuns() {
    assertThat(train(CONFIG + "mode: cluster\n")).isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine("train.yaml:15", "unknown mode \"cluster\"; known: local, spark");
    assertThat(train(CONFIG + "workers: 2\n")).isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine("train.yaml:15", "workers", "has a meaning in mode spark only; leave it out");
    assertThat(train(CONFIG + "mode: spark\nworkers: 0\n")).isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine("train.yaml:16", "workers must be 1 to 1024, not 0");
    assertThat(train(CONFIG + "mode: spark\nworkers: 3\n")).isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine("train.yaml:16", "a batch of 32 images cannot be dealt out evenly to 3 workers");
    assertThat(train(CONFIG + "mode: spark\naveragingFrequency: 0\n"))
        .isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine("train.yaml:16", "averagingFrequency must be 1 to 1024, not 0");
  }

  @Test
  void modeSparkTrainsOnTheExecutorsAndSaqOnTheDriver() throws Exception {
    TestSpark.session();
    String config = CONFIG + "mode: spark\nworkers: 2\n";
    assertThat(train(config)).as(err.toString()).isEqualTo(ExitCode.DONE);
    assertThat(out.toString())
        .contains(
            "plain trains on 2 workers, their parameters averaged every 5 updates",
            "flat trains on the driver: SAQ (rho 0.1) follows the gradient of a whole batch")
        .containsPattern("plain  epoch  2/2  loss \\d\\.\\d{3}  test accuracy .* left");
    assertThat(provenance("plain")).containsEntry("mode", "spark").containsEntry("workers", "2");
    assertThat(provenance("flat")).doesNotContainKey("mode").containsEntry("from", "plain");
    out.getBuffer().setLength(0);

    assertThat(train(config)).isEqualTo(ExitCode.DONE);
    assertThat(out.toString()).contains("plain is there already", "Training 0 of 2 networks");
    assertThat(train(CONFIG)).isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine("plain.qnn.npz holds a network trained otherwise; move it away");
  }

  private Map<String, String> provenance(String network) throws IOException {
    try (var in = Files.newInputStream(folder.resolve("networks/" + network + ".qnn.npz"))) {
      return QnnFile.read(in, network).provenance();
    }
  }

  @Test
  void theModelIsChosenAndMustFitTheImages() {
    assertThat(train("model: resnet18\nwidth: 2\n" + CONFIG)).isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine(
        "ResNet-18 of width 2 reads 3×32×32 images, but fashion-mnist/train holds 3×28×28");
    assertThat(train("model: resnet19\n" + CONFIG)).isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine(
        "train.yaml:1", "unknown model \"resnet19\"; known: lenet5, resnet18, vgg11, mobilenet");
    assertThat(train("model: resnet18\nwidth: 0\n" + CONFIG)).isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine("train.yaml:2", "a resnet18 of width 0: use 1 to 512");
    assertThat(train("model: vgg11\nwidth: 513\n" + CONFIG)).isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine("train.yaml:2", "a vgg11 of width 513: use 1 to 512");
    assertThat(train("model: mobilenet\n" + CONFIG)).isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine("MobileNet of width 32 reads 3×32×32 images");
    assertThat(train("width: 8\n" + CONFIG)).isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine("train.yaml:1", "model lenet5 has one width only; leave width out");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lenet5", "resnet18", "vgg11", "mobilenet"})
  void theConfigurationsThatTravelWithTheSourcesAreSound(String model) {
    var config =
        Yaml.load(Text.of("../conf/train-%s.yaml", model), new Configuration(), TrainConfig.class)
            .value();

    assertThat(config.networks())
        .extracting(network -> config.options(network).name())
        .filteredOn(name -> !name.equals(model + "-start"))
        .containsExactlyInAnyOrder(
            model + "-standard", model + "-as", model + "-saq", model + "-as-saq");
    assertThat(config.networks())
        .allSatisfy(n -> assertThat(config.options(n).model().name()).isEqualTo(model));
  }

  /** The files leave out most settings; the networks know what these were. */
  @ParameterizedTest
  @ValueSource(strings = {"lenet5", "resnet18", "vgg11", "mobilenet"})
  void whatIsLeftOutIsAsTheNetworksThatTravelWereTrained(String model) throws IOException {
    String file = Text.of("../conf/train-%s.yaml", model);
    var config = Yaml.read(file, new Configuration(), TrainConfig.class);
    for (var network : config.networks()) {
      try (var in = Files.newInputStream(Path.of("../conf/networks", network.name() + SUFFIX))) {
        var was = QnnFile.read(in, network.name()).provenance();
        var is = config.options(network);
        assertThat(was)
            .as(network.name())
            .containsEntry("epochs", "" + is.epochs())
            .containsEntry("batch", "" + is.batch())
            .containsEntry("learningRate", "" + is.learningRate())
            .containsEntry("weightDecay", "" + is.weightDecay())
            .containsEntry("lambdaWarmupEpochs", "" + is.lambdaWarmupEpochs())
            .containsEntry("quantizer", is.quantizer().label())
            .containsEntry("weightBits", "" + is.weightBits())
            .containsEntry("activationBits", "" + is.activationBits());
        assertThat(was.getOrDefault("stepLearningRate", "1.0"))
            .isEqualTo("" + is.stepLearningRate());
        assertThat(was.containsKey("nesterov")).isEqualTo(is.nesterov());
        assertThat(was.containsKey("augment")).isEqualTo(is.augment());
      }
    }
  }

  @Test
  void aNetworkMayHaveItsOwnScheduleAndTheDataANote() throws Exception {
    String config =
        CONFIG
            .replace("directory: images}", "directory: images, note: noisy copy}")
            .replace(
                "{name: plain}", "{name: plain, epochs: 3, floatEpochs: 1, learningRate: 0.02}");
    assertThat(train(config)).isEqualTo(ExitCode.DONE);

    assertThat(out.toString()).contains("fashion-mnist/train (noisy copy)", "plain  epoch  3/3");
    try (var in = Files.newInputStream(folder.resolve("networks/plain.qnn.npz"))) {
      assertThat(QnnFile.read(in, "plain").provenance())
          .containsEntry("trained.on", "fashion-mnist/train (noisy copy)")
          .containsEntry("epochs", "3")
          .containsEntry("floatEpochs", "1")
          .containsEntry("learningRate", "0.02");
    }
  }

  @Test
  void missingDataAndAnUnwritableOutputAreSaidBeforeTheFirstStep() throws Exception {
    assertThat(train(CONFIG.replace("directory: images", "directory: nowhere")))
        .isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine("nowhere");
    Files.writeString(folder.resolve("file"), "in the way");
    assertThat(train(CONFIG, "--output", folder.resolve("file").toString()))
        .isEqualTo(ExitCode.WRONG_INPUT);
    assertOneLine("cannot make the output directory");
  }

  private int train(String config, String... options) {
    try {
      var file = Files.writeString(folder.resolve("train.yaml"), config);
      err.getBuffer().setLength(0);
      var arguments = new ArrayList<String>();
      arguments.add("train");
      arguments.add(file.toString());
      if (options.length == 0) {
        arguments.add("--output");
        arguments.add(folder.resolve("networks").toString());
      }
      arguments.addAll(List.of(options));
      return Main.run(
          new PrintWriter(out, true), new PrintWriter(err, true), arguments.toArray(String[]::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertOneLine(String... parts) {
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains(parts);
  }

  private static void write(Path directory, String split, long seed) throws IOException {
    var random = new Random(seed);
    var pixels = new byte[IMAGES * 784];
    var labels = new byte[IMAGES];
    for (int i = 0; i < IMAGES; i++) {
      labels[i] = (byte) random.nextInt(10);
      for (int p = 0; p < 784; p++) {
        pixels[i * 784 + p] = (byte) random.nextInt(60);
      }
      for (int p = 0; p < 40; p++) {
        pixels[i * 784 + labels[i] * 70 + 30 + p] = (byte) 250;
      }
    }
    try (var out = idx(directory.resolve(split + "-images-idx3-ubyte"), 0x803, IMAGES, 28, 28)) {
      out.write(pixels);
    }
    try (var out = idx(directory.resolve(split + "-labels-idx1-ubyte"), 0x801, IMAGES)) {
      out.write(labels);
    }
  }

  private static DataOutputStream idx(Path file, int... header) throws IOException {
    var out = new DataOutputStream(Files.newOutputStream(file));
    for (int number : header) {
      out.writeInt(number);
    }
    return out;
  }
}
