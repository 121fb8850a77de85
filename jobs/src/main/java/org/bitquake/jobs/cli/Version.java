package org.bitquake.jobs.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.apache.spark.package$;
import picocli.CommandLine.IVersionProvider;

/** The versions that a bug report needs. */
final class Version implements IVersionProvider {
  /** The version of bitquake, from the build. */
  static String bitquake() {
    var properties = new Properties();
    try (var in = Version.class.getResourceAsStream("version.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "bitquake %s (Spark %s, Java %s)"
          .formatted(
              bitquake(), package$.MODULE$.SPARK_VERSION(), System.getProperty("java.version"))
    };
  }
}
