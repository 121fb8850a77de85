package org.bitquake.jobs.config;

import java.util.Optional;
import org.bitquake.data.Datasets;

/** A data set in a configuration. */
public record DataSource(
    @Key(
            value = "the data set",
            words = {Datasets.FASHION_MNIST, Datasets.CIFAR_10})
        String name,
    @Key(
            value = "which of its images",
            byDefault = Defaults.SPLIT,
            words = {Datasets.TEST, Datasets.TRAIN})
        String split,
    @Key(value = DIRECTORY, otherwise = BUILT_IN) Optional<String> directory) {
  static final String DIRECTORY =
      "folder that holds its files or a sub-folder of its name, relative to the configuration file";
  static final String BUILT_IN = "the images that bitquake brings along (fashion-mnist)";

  public DataSource {
    Checks.notBlank("name", name);
    Checks.notBlank("split", split);
    directory.ifPresent(d -> Checks.notBlank("directory", d));
  }
}
