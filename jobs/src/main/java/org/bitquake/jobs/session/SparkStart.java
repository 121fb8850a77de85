package org.bitquake.jobs.session;

import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;

/** Starts Spark with the settings of spark-submit. */
public final class SparkStart {
  /** Put before the user's own options of executors: their files are numbered 0 to 9, too. */
  private static final String EXECUTOR_OPTIONS = "spark.executor.defaultJavaOptions";

  private SparkStart() {}

  /**
   * The session of this process, started if there is none.
   *
   * @param name of the application, for Spark's pages
   * @throws InputException if settings or surroundings do not let Spark start: a master that is not
   *     there or knows another secret, a missing directory, a value that Spark cannot read
   */
  public static SparkSession session(String name) {
    if (SparkSession.getDefaultSession().isDefined()) {
      return SparkSession.builder().getOrCreate();
    }
    var conf = new SparkConf();
    try {
      Surroundings.require(conf);
      var session =
          SparkSession.builder()
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
