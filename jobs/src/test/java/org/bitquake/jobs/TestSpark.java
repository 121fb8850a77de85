package org.bitquake.jobs;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.bitquake.jobs.session.SparkStart;
import org.bitquake.jobs.store.LocalDisk;
import org.bitquake.jobs.store.Origin;

/** The one Spark session that all tests share: starting it takes longer than most of them. */
public final class TestSpark {
  /** Of the jobs that tests begin by themselves. */
  public static final Origin ORIGIN =
      Origin.now("test.yaml", "", Optional.empty(), List.of(), "3.5");

  private TestSpark() {}

  private static final class Holder {
    static final SparkSession SESSION = start();

    private static SparkSession start() {
      LocalDisk.use(); // as the program does
      return SparkStart.builder("local[2]")
          .master("local[2]")
          .appName("bitquake tests")
          .config("spark.ui.enabled", "false")
          .config("spark.sql.shuffle.partitions", "2")
          .config("spark.driver.host", "127.0.0.1")
          .config("spark.driver.bindAddress", "127.0.0.1")
          .getOrCreate();
    }
  }

  /** The session, {@code local[2]}, started by whoever asks first. */
  public static SparkSession session() {
    return Holder.SESSION;
  }
}
