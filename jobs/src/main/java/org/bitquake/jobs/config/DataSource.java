package org.bitquake.jobs.config;

import java.util.Optional;

/**
 * A data set in a configuration.
 *
 * @param directory that holds its files, relative to the configuration file; left out for the data
 *     sets that bitquake brings along
 */
public record DataSource(String name, String split, Optional<String> directory) {
  public DataSource {
    Checks.notBlank("name", name);
    Checks.notBlank("split", split);
    directory.ifPresent(d -> Checks.notBlank("directory", d));
  }
}
