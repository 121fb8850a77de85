package org.bitquake.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.bitquake.submit.Launcher.Result;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Jupyter notebooks run from top to bottom, on results of their job. */
class JupyterIT {
  private static final Pattern FIGURE = Pattern.compile("\"image/png\"");

  private static final String PROBE =
      """
      {"cells": [{"cell_type": "code", "execution_count": null, "id": "a", "metadata": {}, "outputs": [],
                  "source": "import pandas, matplotlib"}],
       "metadata": {"kernelspec": {"display_name": "", "name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}
      """;

  /** Two trainings of each of the study's methods. */
  private static final String CAMPAIGN =
      """
      name: small
      seed: 7
      networks:
        - "%1$s/standard-1.qnn.npz"
        - "%1$s/standard-2.qnn.npz"
        - "%1$s/as-1.qnn.npz"
        - "%1$s/as-2.qnn.npz"
        - "%1$s/saq-1.qnn.npz"
        - "%1$s/saq-2.qnn.npz"
        - "%1$s/as-saq-1.qnn.npz"
        - "%1$s/as-saq-2.qnn.npz"
      data: {name: fashion-mnist, split: test}
      faults: {kinds: [bit-flip, stuck-at-1], rates: [0, 0.05]}
      trials: {perCell: 64}
      images: 32
      output: unused
      """;

  private static final String LANDSCAPE =
      """
      name: small
      seed: 7
      networks: ["%1$s/standard-1.qnn.npz", "%1$s/as-saq-1.qnn.npz"]
      data: {name: fashion-mnist, split: test}
      output: unused
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
  void thoseOnCampaignsDrawTheirFigures() throws IOException {
    Path results = results(Launcher.brief(), "campaign", CAMPAIGN);

    String campaign = run("campaign", Map.of("BITQUAKE_CAMPAIGN", results));
    assertThat(FIGURE.matcher(campaign).results()).hasSize(3);
    assertThat(campaign).contains("may_be_best").doesNotContain("Warning");

    String study = run("study", Map.of("BITQUAKE_STUDY", results, "BITQUAKE_GRID", results));
    assertThat(FIGURE.matcher(study).results()).hasSize(2);
    assertThat(study).contains("SAQ makes standard better").doesNotContain("Warning");
  }

  @Test
  void theOneOnLandscapesDrawsLinesAndSurfaces() throws IOException {
    Path results = results(Launcher.ofRepository(), "landscape", LANDSCAPE);

    String landscape = run("landscape", Map.of("BITQUAKE_LANDSCAPE", results));
    assertThat(FIGURE.matcher(landscape).results()).hasSize(2);
    assertThat(landscape).contains("times_flatter").doesNotContain("Warning");
  }

  /** What a job gives for this configuration. */
  private static Path results(Launcher launcher, String job, String configuration)
      throws IOException {
    Path networks = Launcher.repository().resolve("conf/study/networks");
    Path file = folder.resolve(job + ".yaml");
    Files.writeString(file, String.format(Locale.ROOT, configuration, networks));
    Path results = folder.resolve(job);
    Result made = launcher.run(job, file.toString(), "--output", results.toString(), "--no-report");
    assertThat(made.exit()).as(made.stderr()).isZero();
    return results;
  }

  /** A notebook after its run, with all outputs. */
  private static String run(String name, Map<String, Path> results) throws IOException {
    var launcher = Launcher.ofRepository();
    results.forEach((variable, directory) -> launcher.set(variable, directory.toString()));
    Path notebook =
        Launcher.repository().resolve(String.format(Locale.ROOT, "notebooks/%s.ipynb", name));
    Result run = launcher.run(convert(notebook));
    assertThat(run.exit()).as(run.stderr()).isZero();
    return Files.readString(folder.resolve(name + ".ipynb"));
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
