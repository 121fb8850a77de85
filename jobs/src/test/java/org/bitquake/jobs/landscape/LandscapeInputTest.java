package org.bitquake.jobs.landscape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bitquake.InputException;
import org.bitquake.data.Shape;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.jobs.config.RunOptions;
import org.bitquake.network.Input;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong is said before the first point, and nothing is written. */
class LandscapeInputTest {
  @TempDir static Path temp;
  private static SmallWorld world;

  @BeforeAll
  static void create() throws IOException {
    world = SmallWorld.create(Files.createDirectories(temp.resolve("world")));
    world.write("odd.qnn.npz", SmallWorld.network("odd", new Shape(1, 20, 20), 10, 2, 1));
  }

  private static void run(String config, Path output) throws IOException {
    LandscapeRun.run(TestSpark.session(), world.config(config), options(output), Optional.empty());
  }

  private static RunOptions options(Path output) {
    return new RunOptions(
        Optional.of(output.toString()), false, Optional.empty(), Optional.of(2), true);
  }

  /** Before the first point, whoever names it. */
  @Test
  void aNetworkOfAnotherKindThanTrainingMakesIsRefused() {
    var plain = world.network("a.qnn.npz");
    var input =
        Input.ofPixels(plain.inputShape(), plain.inputStep())
            .normalized(List.of(0.5), List.of(0.25));
    world.write(
        "table.qnn.npz", new QuantizedNetwork("table", input, plain.layers(), plain.provenance()));
    Path output = temp.resolve("never");
    String message =
        "network table: its input has tables of codes or a zero point, and landscapes are drawn of"
            + " networks without such alone";
    assertThatThrownBy(() -> run(LandscapeRunTest.CONFIG.replace("- a.qnn", "- table.qnn"), output))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith(":4:5: networks[0]: " + message);
    String option = world.directory().resolve("table.qnn.npz").toString();
    String config = world.config(LandscapeRunTest.CONFIG);
    var options = options(output).with(List.of(option));
    assertThatThrownBy(
            () -> LandscapeRun.run(TestSpark.session(), config, options, Optional.empty()))
        .isInstanceOf(InputException.class)
        .hasMessage("--network " + option + ": " + message);
    assertThat(output).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "count: 40 | count: 61 | 8:10: images.count: 61, but fashion-mnist/test has 60 images",
        "count: 40 | count: 0 | 8:10: images.count: 0 is outside 1…100000",
        "lines: {points: 5 | lines: {points: 4 | 9:9: lines.points: 4 is not an odd number",
        "betaPoints: 17 | betaPoints: 1 | surface.betaPoints: 1 is not an odd number in 3…501",
        "range: 0.5, dir | range: 0, dir | lines.range: 0.0 is not above 0 and at most 100",
        "radii: [0.1, 0.5] | radii: [0.1, -1] | sharpness.radii[1]: -1.0 is not above 0",
        "radii: [0.1, 0.5] | radii: [0.1, 0.1] | sharpness.radii[1]: 0.1 is here twice",
        "rho: 0.2 | rho: 101 | sharpness.rho: 101.0 is not above 0 and at most 100",
        "probes: 4 | probes: 1 | sharpness.hessian.probes: 1 is outside 2…100000",
        "tolerance: 0.05 | tolerance: 1 | sharpness.hessian.tolerance: 1.0 is not between 0 and 1",
        "steps: 3 | stepps: 3 | stepps",
        "output: unused | mode: master | mode: \"master\" is neither quantised nor requantised",
        "- wide.qnn.npz | - other.qnn.npz | networks[2]",
        "- wide.qnn.npz | - odd.qnn.npz | networks[2]: network odd takes images of 1×20×20",
        "- wide.qnn.npz | - a.qnn.npz | networks[2]: a second network called a",
        "split: test | split: valid | data: ",
      })
  void wrongInputIsOneLineWithItsPlace(String was, String is, String message) {
    String config =
        LandscapeRunTest.CONFIG.replace(was, is.startsWith("mode") ? is + "\noutput: unused" : is);
    assertThat(config).isNotEqualTo(LandscapeRunTest.CONFIG);
    Path output = temp.resolve("refused");
    assertThatThrownBy(() -> run(config, output))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("campaign.yaml:")
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    assertThat(output).doesNotExist();
  }

  @Test
  void nothingToComputeIsSaid() {
    String config = LandscapeRunTest.CONFIG.replaceAll("(?s)lines:.*output", "output");
    assertThatThrownBy(() -> run(config, temp.resolve("refused")))
        .hasMessageContaining("give lines, surface or sharpness");
  }
}
