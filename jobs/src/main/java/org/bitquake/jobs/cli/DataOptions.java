package org.bitquake.jobs.cli;

import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.data.Source;
import org.bitquake.data.format.DataFormat;
import org.bitquake.data.format.DataSpec;
import org.bitquake.data.format.ImageLoader;
import org.bitquake.jobs.console.PictureProgress;
import picocli.CommandLine.Mixin;
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

  @Mixin private ImageOptions images;

  private final Configuration hadoop = new Configuration();

  private DataSpec spec() {
    var spec = images.spec(what, directory);
    if (!ImageOptions.isName(what) && directory.isPresent()) {
      throw new InputException(
          Text.of("--data goes with %s; a path says itself where the data are", names()));
    }
    return spec;
  }

  private static String names() {
    return String.join(", ", Source.PUBLISHED.stream().map(Source::name).toList());
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
