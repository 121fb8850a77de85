package org.bitquake.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.bitquake.submit.Launcher.Result;

/** A LeNet-5 campaign of two waves, to be run in several places and compared row by row. */
public final class SmallCampaign {
  private static final int TRIALS = 200;
  private static final int CELLS = 2 * 2 * 3;
  private static final int PAIRS = 2 * CELLS; // half of them of rates

  private final Path folder;
  private final Path file;

  /** Writes its configuration into {@code folder}, with the networks in {@code networks}. */
  public SmallCampaign(Path folder, String networks) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.file =
        Files.writeString(
            folder.resolve("small.yaml"),
            String.format(
                Locale.ROOT,
                """
            name: small
            seed: 7
            networks:
              - "%1$s/lenet5-standard.qnn.npz"
              - "%1$s/lenet5-as-saq.qnn.npz"
            data: {name: fashion-mnist, split: test}
            faults:
              kinds: [bit-flip, stuck-at-0]
              rates: [0, 0.01, 0.05]
            trials: {perCell: %2$d}
            images: 128
            output: unused
            """,
                networks,
                TRIALS));
  }

  /** With the repository's networks. */
  public static SmallCampaign in(Path folder) throws IOException {
    return new SmallCampaign(
        folder, Launcher.repository().resolve("conf/networks").toUri().getPath());
  }

  /** The configuration. */
  public Path file() {
    return file;
  }

  /** Runs it in the place that Spark's options say; it must succeed. */
  public Result run(Launcher launcher, String output, String... sparkOptions) {
    return runCopy(launcher, file.toString(), output, sparkOptions);
  }

  /** As {@link #run(Launcher, String, String...)}, with a copy of the configuration. */
  public Result runCopy(Launcher launcher, String copy, String output, String... sparkOptions) {
    var result = started(launcher, List.of("campaign", copy, "--output", output), sparkOptions);
    assertThat(result.exit()).as("%s%n%s", result.stdout(), result.stderr()).isZero();
    return result;
  }

  /** SHA-256 of all rows of the campaign's tables, sorted, as {@code bitquake sql} prints them. */
  public String rows(Launcher launcher, String results, String... sparkOptions) {
    String query = "SELECT * FROM %s ORDER BY ALL;";
    String all =
        String.format(Locale.ROOT, query, "trials")
            + String.format(Locale.ROOT, query, "cells")
            + String.format(Locale.ROOT, query, "pairs");
    var sql =
        started(
            launcher, List.of("sql", "--results", results, "--format", "csv", all), sparkOptions);
    assertThat(sql.exit()).as(sql.stderr()).isZero();
    var lines = sql.stdout().lines().toList();
    assertThat(lines).hasSize(3 + CELLS * TRIALS + CELLS + PAIRS);
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(sql.stdout().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private Result started(Launcher launcher, List<String> command, String... sparkOptions) {
    var words = new ArrayList<>(command);
    words.add("--");
    words.addAll(List.of(sparkOptions));
    return launcher.in(folder).run(words.toArray(String[]::new));
  }
}
