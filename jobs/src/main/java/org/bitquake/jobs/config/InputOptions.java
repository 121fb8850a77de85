package org.bitquake.jobs.config;

import java.util.List;
import java.util.Optional;

/**
 * What the command line adds to the networks and images that a configuration names.
 *
 * @param data directory of the data set, instead of the file's
 * @param networks after those of the file, each {@code FILE} or {@code NAME=FILE}, relative to the
 *     working directory
 */
public record InputOptions(Optional<String> data, List<String> networks) {
  /** Nothing. */
  public static final InputOptions NONE = new InputOptions(Optional.empty());

  public InputOptions {
    networks = List.copyOf(networks);
  }

  /** No more networks. */
  public InputOptions(Optional<String> data) {
    this(data, List.of());
  }
}
