package org.bitquake.jobs.doctor;

import java.io.Serializable;
import org.apache.spark.SparkEnv;
import org.bitquake.Text;
import org.bitquake.VectorModule;

/**
 * What a task says about the executor that it runs on.
 *
 * @param id Spark's name of the executor
 * @param host where it runs
 * @param java its Java's feature version
 * @param vectors whether it can use the Vector API
 */
record ExecutorFacts(String id, String host, int java, boolean vectors) implements Serializable {
  private static final int NEEDED = 17;

  /** To be called in a task. */
  static ExecutorFacts here() {
    var env = SparkEnv.get();
    return new ExecutorFacts(
        env.executorId(),
        env.blockManager().blockManagerId().host(),
        Runtime.version().feature(),
        VectorModule.missing().isEmpty());
  }

  Finding finding(int tasks) {
    String subject = "executor " + id;
    String found = Text.of("on %s, Java %d, ran %d tasks", host, java, tasks);
    if (java != NEEDED) {
      return Finding.problem(
          subject,
          found + ": bitquake needs Java 17 there",
          Text.of(
              "install a JDK 17 on %s, and: -- --conf spark.executorEnv.JAVA_HOME=ITS_PATH", host));
    }
    return vectors
        ? Finding.ok(subject, found)
        : Finding.warning(
            subject,
            found + ", without the Vector API: its fastest engine is not used",
            "-- --conf spark.executor.extraJavaOptions=--add-modules=jdk.incubator.vector");
  }
}
