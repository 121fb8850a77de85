package org.bitquake.jobs.cli;

import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.data.Source;
import org.bitquake.data.format.DataFormat;
import org.bitquake.data.format.DataSpec;
import org.bitquake.data.format.ImageLoader;
import org.bitquake.data.picture.Channels;
import org.bitquake.data.picture.Fitting;
import org.bitquake.data.picture.Size;
import org.bitquake.jobs.console.PictureProgress;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which labelled images a command is about. */
final class DataOptions {
  @Parameters(
      paramLabel = "PATH|NAME",
      description =
          "A folder of pictures (a sub-folder for each class, or labels.csv), an .npz, .parquet,"
              + " IDX or CIFAR file or a folder of them; or fashion-mnist, cifar-10, cifar-100.")
  private String what;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where a data set by name lies (default: the Fashion-MNIST built in).")
  private Optional<String> directory;

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

  private final Configuration hadoop = new Configuration();

  private boolean isName() {
    return Source.PUBLISHED.stream().anyMatch(source -> source.name().equals(what));
  }

  private DataSpec spec() {
    var fitting =
        new Fitting(
            channels.map(Channels::of), resize.map(size("--resize")), crop.map(size("--crop")));
    if (images.orElse(1) < 1) {
      throw new InputException(Text.of("--images %d is not positive", images.orElseThrow()));
    }
    if (!split.equals("test") && !split.equals("train")) {
      throw new InputException(Text.of("--split %s is neither test nor train", split));
    }
    if (isName() && format.isPresent()) {
      throw new InputException(
          Text.of("--format goes with paths; write ./%s for a path of that name", what));
    }
    if (!isName() && directory.isPresent()) {
      throw new InputException(
          Text.of("--data goes with %s; a path says itself where the data are", names()));
    }
    Optional<String> name = isName() ? Optional.of(what) : Optional.empty();
    Optional<String> path = isName() ? Optional.empty() : Optional.of(what);
    return new DataSpec(
        name, path, format.map(DataFormat::of), split, directory, labels, fitting, images);
  }

  private static String names() {
    return String.join(", ", Source.PUBLISHED.stream().map(Source::name).toList());
  }

  /** What makes a size of an option's text, or says what is wrong with it. */
  static Function<String, Size> size(String option) {
    return text -> {
      try {
        return Size.of(text);
      } catch (IllegalArgumentException e) {
        throw new InputException(option + ": " + e.getMessage(), e);
      }
    };
  }

  /** The format of what lies at the path; empty for a data set by name. */
  Optional<DataFormat> format() {
    return ImageLoader.format(spec(), hadoop);
  }

  /** The images. */
  Dataset load() {
    try (var progress = new PictureProgress()) {
      return ImageLoader.load(spec(), Optional.empty(), hadoop, progress);
    }
  }
}
