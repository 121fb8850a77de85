package org.bitquake.jobs.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bitquake.InputException;

/** A network file in a configuration: {@code path} or {@code {file: path, name: other-name}}. */
public record NetworkSource(
    @Key("network file (.qnn.npz), relative to the configuration file") String file,
    @Key(value = "its name in tables", otherwise = "the network's own") Optional<String> name) {
  /** A name has no slash and no colon, so a path that has an equals sign further on is a path. */
  private static final Pattern NAMED = Pattern.compile("(?<name>[^=/:]+)=(?<file>.+)");

  @JsonCreator
  public NetworkSource {
    Checks.notBlank("file", file);
    name.ifPresent(n -> Checks.notBlank("name", n));
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static NetworkSource of(String file) {
    return new NetworkSource(file, Optional.empty());
  }

  /**
   * What the command line says: {@code FILE} or {@code NAME=FILE}.
   *
   * @throws InputException if it is blank, or the name is
   */
  static NetworkSource ofOption(String option) {
    var named = NAMED.matcher(option);
    boolean isNamed = named.matches();
    if (option.isBlank() || (isNamed && named.group("name").isBlank())) {
      throw new InputException(
          "--network '" + option + "': name a network file, or NAME=FILE for a name of its own");
    }
    return isNamed
        ? new NetworkSource(named.group("file"), Optional.of(named.group("name")))
        : of(option);
  }
}
