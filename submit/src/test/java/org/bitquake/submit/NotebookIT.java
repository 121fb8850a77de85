package org.bitquake.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.bitquake.submit.Launcher.Result;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Jupyter notebooks run from top to bottom, on results of their job. */
class NotebookIT {
  private static final Pattern FIGURE = Pattern.compile("\"image/png\"");

  private static final String PROBE =
      """
      {"cells": [{"cell_type": "code", "execution_count": null, "id": "a", "metadata": {}, "outputs": [],
                  "source": "import pandas, matplotlib"}],
       "metadata": {"kernelspec": {"display_name": "", "name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}
      """;

  private static final String NETWORKS =
      """
      name: small
      seed: 7
      networks: ["%1$s/lenet5-standard.qnn.npz", "%1$s/lenet5-as-saq.qnn.npz"]
      data: {name: fashion-mnist, split: test}
      output: unused
      """;

  private static final String CAMPAIGN =
      """
      faults: {kinds: [bit-flip, stuck-at-1], rates: [0, 0.05]}
      trials: {perCell: 64}
      images: 32
      """;

  private static final String LANDSCAPE =
      """
      images: {count: 50, seed: 1}
      mode: quantised
      lines: {points: 5, range: 1, directions: 2}
      surface: {points: 5, range: 1}
      sharpness:
        rho: 0.15
        steps: 2
        radii: [0.3]
        directions: 2
        hessian: {probes: 2, tolerance: 0.1}
      """;

  @TempDir static Path folder;

  @BeforeAll
  static void needsJupyter() throws IOException {
    Path probe = Files.writeString(folder.resolve("probe.ipynb"), PROBE);
    Assumptions.assumeTrue(
        hasJupyter(probe), "no jupyter nbconvert with a Python that has pandas and matplotlib");
  }

  @Test
  void theOneOnCampaignsDrawsItsThreeFigures() throws IOException {
    String notebook = run("campaign", CAMPAIGN);

    assertThat(FIGURE.matcher(notebook).results()).hasSize(3);
    assertThat(notebook).contains("may_be_best").doesNotContain("Warning");
  }

  @Test
  void theOneOnLandscapesDrawsLinesAndSurfaces() throws IOException {
    String notebook = run("landscape", LANDSCAPE);

    assertThat(FIGURE.matcher(notebook).results()).hasSize(2);
    assertThat(notebook).contains("times_flatter").doesNotContain("Warning");
  }

  /** The notebook of a job, run on what this configuration of the job gives. */
  private static String run(String job, String settings) throws IOException {
    Path networks = Launcher.repository().resolve("conf/networks");
    Path config = folder.resolve(job + ".yaml");
    Files.writeString(config, NETWORKS.formatted(networks) + settings);
    Path results = folder.resolve(job);
    Result made =
        Launcher.ofRepository()
            .in(folder)
            .run(job, config.toString(), "--output", results.toString());
    assertThat(made.exit()).as(made.stderr()).isZero();

    Result run =
        Launcher.ofRepository()
            .set("BITQUAKE_" + job.toUpperCase(Locale.ROOT), results.toString())
            .run(convert(Launcher.repository().resolve("notebooks/%s.ipynb".formatted(job))));
    assertThat(run.exit()).as(run.stderr()).isZero();
    return Files.readString(folder.resolve("%s.ipynb".formatted(job)));
  }

  private static boolean hasJupyter(Path probe) {
    try {
      return Launcher.ofRepository().run(convert(probe)).exit() == 0;
    } catch (UncheckedIOException e) {
      return false; // no such command
    }
  }

  private static List<String> convert(Path notebook) {
    return List.of(
        "jupyter-nbconvert",
        "--to",
        "notebook",
        "--execute",
        "--output-dir",
        folder.toString(),
        notebook.toString());
  }
}
