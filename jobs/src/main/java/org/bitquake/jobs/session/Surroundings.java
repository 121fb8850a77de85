package org.bitquake.jobs.session;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.spark.SparkConf;
import org.bitquake.InputException;
import org.bitquake.Text;

/** What a run's settings name must be there: looked at before Spark does, which is slow to tell. */
final class Surroundings {
  private Surroundings() {}

  /**
   * Looks at the directories of event logs and of temporary files and at a standalone master.
   *
   * @throws InputException if they are not there, or the master does not know the secret
   */
  static void require(SparkConf conf) {
    requireEventLog(conf);
    requireLocalDirectory(conf);
    String master = conf.get("spark.master", "");
    StandaloneMaster.obstacle(master)
        .ifPresent(
            why -> {
              throw new InputException(
                  Text.of(
                      "%s does not answer (%s): start a Spark master there or correct --master; -- --master local[*] works on this machine",
                      master, why));
            });
    StandaloneMaster.refusal(conf)
        .ifPresent(
            why -> {
              throw new InputException(
                  Text.of(
                      "%s does not talk to this run: see that it is a Spark master, and that spark.authenticate, its secret and spark.network.crypto are the master's (%s)",
                      master, why));
            });
  }

  private static void requireEventLog(SparkConf conf) {
    if (!conf.getBoolean("spark.eventLog.enabled", false)) {
      return;
    }
    String setting = conf.get("spark.eventLog.dir", "file:///tmp/spark-events");
    var uri = URI.create(setting);
    boolean local = uri.getScheme() == null || uri.getScheme().equals("file");
    if (local && !isWritable(Path.of(uri.getPath()))) {
      throw new InputException(
          Text.of(
              "spark.eventLog.dir is %s, and %s is no directory that can be written to: make it (mkdir -p %2$s), name another (-- --conf spark.eventLog.dir=file:///DIR) or do without (-- --conf spark.eventLog.enabled=false)",
              setting, uri.getPath()));
    }
  }

  /** Without one Spark ends the process itself. */
  private static void requireLocalDirectory(SparkConf conf) {
    String directories = System.getenv("SPARK_LOCAL_DIRS");
    if (directories == null) {
      directories = conf.get("spark.local.dir", System.getProperty("java.io.tmpdir"));
    }
    if (Arrays.stream(directories.split(",", -1)).noneMatch(Surroundings::canBeWritten)) {
      throw new InputException(
          Text.of(
              "Spark's temporary files cannot be written to %s: get room and the right there, or name another directory (-- --conf spark.local.dir=DIR, and SPARK_SUBMIT_OPTS=-Djava.io.tmpdir=DIR)",
              directories));
    }
  }

  /** Whether a directory takes files, or can be made. */
  private static boolean canBeWritten(String directory) {
    Path there = Path.of(directory).toAbsolutePath();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    return isWritable(there);
  }

  private static boolean isWritable(Path directory) {
    return Files.isDirectory(directory) && Files.isWritable(directory);
  }
}
