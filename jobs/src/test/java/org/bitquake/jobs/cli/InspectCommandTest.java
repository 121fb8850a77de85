package org.bitquake.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.io.FileUtils;
import org.bitquake.data.Shape;
import org.bitquake.jobs.FakeResults;
import org.bitquake.network.Activation;
import org.bitquake.network.Convolution;
import org.bitquake.network.LayerParameters;
import org.bitquake.network.LeNet5;
import org.bitquake.network.QnnFile;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  /**
   * A LeNet-5 that answers class 3 whatever it sees: every second conv1 weight is 1, all others are
   * 0; steps so large that no hidden code but fc2's, lifted by its bias, leaves 0.
   */
  private static QuantizedNetwork alwaysThree() {
    byte[] conv1 = new byte[150];
    for (int i = 0; i < conv1.length; i += 2) {
      conv1[i] = 1;
    }
    var huge = Optional.of(new Activation(4, 1e6f));
    float[] lifted = new float[84];
    java.util.Arrays.fill(lifted, 7e6f);
    float[] three = new float[10];
    three[3] = 1;
    return LeNet5.of(
        "always-three",
        List.of(
            new LayerParameters(conv1, 4, 0.5f, new float[6], 1f / 255, huge),
            new LayerParameters(new byte[2400], 4, 0.5f, new float[16], 1e6f, huge),
            new LayerParameters(new byte[48000], 4, 0.5f, new float[120], 1e6f, huge),
            new LayerParameters(new byte[10080], 4, 0.5f, lifted, 1e6f, huge),
            new LayerParameters(new byte[840], 4, 0.5f, three, 1e6f, Optional.empty())),
        Map.of("trained.on", "fashion-mnist/train", "seed", "7"));
  }

  private Path write(QuantizedNetwork network) throws Exception {
    Path file = folder.resolve(network.name() + ".qnn.npz");
    try (OutputStream stream = Files.newOutputStream(file)) {
      QnnFile.write(network, stream);
    }
    return file;
  }

  @Test
  void showsLayersSparsityAccuracyAndProvenance() throws Exception {
    var network = alwaysThree();
    assertThat(run("inspect", write(network).toString())).as(err.toString()).isZero();
    String text = out.toString();
    // 1,000 of the 10,000 test images are dresses, class 3.
    assertThat(text).contains("accuracy without faults 10.00 % (1,000 of 10,000 images");
    assertThat(text).contains("61,470 weights of 4 bits in 245,880 memory cells; 416,520 multiply");
    assertThat(text).contains(network.contentHash(), "seed: 7", "trained.on: fashion-mnist/train");
    assertThat(row(text, "conv1")).contains("50.0 %", "100.0 %", "1×28×28 → 6×28×28", "117,600");
    // Half the codes are 1, the others 0: variance and squared mean of flips, 0.8424 and 0.8416.
    assertThat(row(text, "conv1")).contains(" 168.4 %");
    assertThat(row(text, "fc2")).contains("10,080", "100.0 %").endsWith(" 0.0 %");
    assertThat(row(text, "fc3")).endsWith("–");
  }

  /**
   * All codes of the end are 0, so all images tie, and class 0, T-shirts, is what all of them are.
   */
  @Test
  void saysHowManyImagesTieWhereANetworkEndsInCodes() throws Exception {
    var shape = new Shape(1, 28, 28);
    var last =
        new Convolution(
            "fc",
            QuantizedNetwork.INPUT,
            shape,
            new Convolution.Geometry(10, 28, 28, 1, 0, 1),
            new Convolution.WeightCodes(new byte[10 * 784], 4, new float[] {1}),
            new float[10],
            fill(new float[10]),
            Optional.empty(),
            Optional.of(new Activation(8, 1)));
    var network = new QuantizedNetwork("ties", shape, 1f / 255, List.of(last), Map.of());
    assertThat(run("inspect", write(network).toString())).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("accuracy without faults 10.00 %")
        .contains("10,000 images have a tie for the largest output; the first class of it counts");
    out.getBuffer().setLength(0);
    assertThat(run("inspect", write(alwaysThree()).toString())).isZero();
    assertThat(out.toString()).doesNotContain("tie for");
  }

  private static float[] fill(float[] values) {
    java.util.Arrays.fill(values, 1);
    return values;
  }

  @Test
  void withoutAccuracyNothingIsRun() throws Exception {
    assertThat(run("inspect", "--no-accuracy", write(alwaysThree()).toString())).isZero();
    assertThat(out.toString()).doesNotContain("without faults").contains("content hash");
    assertThat(row(out.toString(), "pool1")).endsWith("–");
  }

  @Test
  void showsACampaignsDirectory() throws Exception {
    FileUtils.copyDirectory(FakeResults.directory().toFile(), folder.toFile());
    Files.writeString(
        folder.resolve("campaign.json"),
        """
        {"format": "bitquake-campaign", "name": "small", "hash": "0",
         "identity": {"seed": 1, "kinds": ["bit-flip", "stuck-at-0", "stuck-at-1"],
          "rates": [0, 0.005, 0.01, 0.03, 0.05], "trials": 80,
          "networks": [{"name": "AS", "bits": []}, {"name": "standard", "bits": []}]}}
        """);
    assertThat(run("inspect", folder.toString())).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("campaign small", "networks: AS, standard", "1,200 of 2,400 trials done")
        .containsPattern("\ntrials +1,200\n");
  }

  @Test
  void whatIsNeitherIsOneLine() throws Exception {
    Path text = Files.writeString(folder.resolve("a.qnn.npz"), "not a zip");
    for (Path wrong : List.of(text, folder, folder.resolve("missing"))) {
      err.getBuffer().setLength(0);
      assertThat(run("inspect", wrong.toString())).isEqualTo(ExitCode.WRONG_INPUT);
      assertThat(err.toString().lines()).hasSize(1);
      assertThat(err.toString()).contains(wrong.toString());
    }
  }

  private static String row(String text, String layer) {
    return text.lines().filter(line -> line.startsWith(layer + " ")).findFirst().orElseThrow();
  }
}
