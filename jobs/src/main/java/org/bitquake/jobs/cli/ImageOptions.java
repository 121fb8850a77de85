package org.bitquake.jobs.cli;

import java.util.Optional;
import java.util.function.Function;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Source;
import org.bitquake.data.format.DataFormat;
import org.bitquake.data.format.DataSpec;
import org.bitquake.data.picture.Channels;
import org.bitquake.data.picture.Fitting;
import org.bitquake.data.picture.Size;
import picocli.CommandLine.Option;

/** How labelled images are read, and which of them. */
final class ImageOptions {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "folder, npz, parquet, idx, cifar-10 or cifar-100 (default: found out).")
  private Optional<String> format;

  @Option(
      names = "--split",
      paramLabel = "SPLIT",
      defaultValue = "test",
      description = "test or train, where there are both (default: ${DEFAULT-VALUE}).")
  private String split;

  @Option(
      names = "--labels",
      paramLabel = "NAME",
      description = "The column, array or file of the labels; fine or coarse of cifar-100.")
  private Optional<String> labels;

  @Option(
      names = "--resize",
      paramLabel = "SIZE",
      description = "The shorter side in pixels, or 96x128 for height and width.")
  private Optional<String> resize;

  @Option(
      names = "--crop",
      paramLabel = "SIZE",
      description = "The middle that is kept: a square's side, or 96x128.")
  private Optional<String> crop;

  @Option(
      names = "--channels",
      paramLabel = "CHANNELS",
      description = "grey makes colour grey, rgb repeats grey (default: as stored).")
  private Optional<String> channels;

  @Option(
      names = "--images",
      paramLabel = "NUMBER",
      description = "So many of them, drawn once, always the same (default: all).")
  private Optional<Integer> images;

  /** Whether this is a data set by name, not a path. */
  static boolean isName(String what) {
    return Source.PUBLISHED.stream().anyMatch(source -> source.name().equals(what));
  }

  /**
   * What is asked for.
   *
   * @param what a path, or a data set by name
   * @param directory where a data set by name lies
   * @throws InputException naming the option that does not fit
   */
  DataSpec spec(String what, Optional<String> directory) {
    var fitting =
        new Fitting(
            channels.map(Channels::of), resize.map(size("--resize")), crop.map(size("--crop")));
    if (images.orElse(1) < 1) {
      throw new InputException(Text.of("--images %d is not positive", images.orElseThrow()));
    }
    if (!split.equals("test") && !split.equals("train")) {
      throw new InputException(Text.of("--split %s is neither test nor train", split));
    }
    if (isName(what) && format.isPresent()) {
      throw new InputException(
          Text.of("--format goes with paths; write ./%s for a path of that name", what));
    }
    Optional<String> name = isName(what) ? Optional.of(what) : Optional.empty();
    Optional<String> path = isName(what) ? Optional.empty() : Optional.of(what);
    return new DataSpec(
        name, path, format.map(DataFormat::of), split, directory, labels, fitting, images);
  }

  /** What makes a size of an option's text, or says what is wrong with it. */
  private static Function<String, Size> size(String option) {
    return text -> {
      try {
        return Size.of(text);
      } catch (IllegalArgumentException e) {
        throw new InputException(option + ": " + e.getMessage(), e);
      }
    };
  }
}
