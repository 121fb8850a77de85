package org.bitquake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What the build wrote about itself. */
public final class BuildInfo {
  private BuildInfo() {}

  /** The version of bitquake. */
  public static String version() {
    var properties = new Properties();
    try (var in = BuildInfo.class.getResourceAsStream("version.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }
}
