package org.bitquake.jobs.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Optional;

/** A network file in a configuration: {@code path} or {@code {file: path, name: other-name}}. */
public record NetworkSource(
    @Key("network file (.qnn.npz), relative to the configuration file") String file,
    @Key(value = "its name in tables", otherwise = "the network's own") Optional<String> name) {
  @JsonCreator
  public NetworkSource {
    Checks.notBlank("file", file);
    name.ifPresent(n -> Checks.notBlank("name", n));
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static NetworkSource of(String file) {
    return new NetworkSource(file, Optional.empty());
  }
}
