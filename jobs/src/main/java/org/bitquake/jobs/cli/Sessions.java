package org.bitquake.jobs.cli;

import org.apache.spark.sql.SparkSession;
import org.bitquake.jobs.console.Timings;
import org.bitquake.jobs.session.SparkStart;

/** Where commands get Spark from: its master and settings come from spark-submit alone. */
final class Sessions {
  private Sessions() {}

  /** The session of this process, started if there is none. */
  static SparkSession open(String command) {
    return Timings.phase("Spark", () -> SparkStart.session("bitquake " + command));
  }
}
