package org.bitquake.jobs.session;

import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.jobs.console.Timings;

/** Starts Spark; its master and settings come from spark-submit alone. */
public final class SparkStart {
  /** Put before the user's own options of executors: their files are numbered 0 to 9, too. */
  private static final String EXECUTOR_OPTIONS = "spark.executor.defaultJavaOptions";

  private SparkStart() {}

  /**
   * The session of this process, started if there is none.
   *
   * @param command whose it is; Spark's pages name the application {@code bitquake COMMAND}
   * @throws InputException if settings or surroundings do not let Spark start: a master that is not
   *     there or knows another secret, a missing directory, a value that Spark cannot read
   */
  public static SparkSession session(String command) {
    return Timings.phase("Spark", () -> start("bitquake " + command));
  }

  /**
   * A session's beginnings on a master. On one machine a task that runs out of memory fails, and
   * the driver says so; elsewhere it ends its executor, as Spark is used to.
   */
  public static SparkSession.Builder builder(String master) {
    var builder = SparkSession.builder();
    return master.startsWith("local") && !master.startsWith("local-cluster")
        ? builder.config("spark.executor.killOnFatalError.depth", "0")
        : builder;
  }

  private static SparkSession start(String name) {
    if (SparkSession.getDefaultSession().isDefined()) {
      return SparkSession.builder().getOrCreate();
    }
    var conf = new SparkConf();
    try {
      Surroundings.require(conf);
      var session =
          builder(conf.get("spark.master", ""))
              .appName(name)
              .config(EXECUTOR_OPTIONS, "-Duser.language=en " + conf.get(EXECUTOR_OPTIONS, ""))
              .getOrCreate();
      session.sessionState(); // reads the settings of SQL
      return session;
    } catch (Exception e) { // Scala does not declare what it throws
      throw StartFailure.explained(e, conf.get("spark.master", ""));
    }
  }
}
