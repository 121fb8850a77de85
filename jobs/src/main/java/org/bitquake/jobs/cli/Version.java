package org.bitquake.jobs.cli;

import org.apache.spark.package$;
import org.bitquake.BuildInfo;
import org.bitquake.Text;
import picocli.CommandLine.IVersionProvider;

/** The versions that a bug report needs. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      Text.of(
          "bitquake %s (Spark %s, Java %s)",
          BuildInfo.version(), package$.MODULE$.SPARK_VERSION(), System.getProperty("java.version"))
    };
  }
}
