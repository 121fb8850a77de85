package org.bitquake.jobs.sql;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;

/** Keeps the stack traces of failed tasks out of the log: a failing statement has its one line. */
final class QuietTasks {
  private static final List<String> LOGGERS =
      List.of("org.apache.spark.executor.Executor", "org.apache.spark.scheduler.TaskSetManager");

  private QuietTasks() {}

  /** Runs something during which Spark does not log failed tasks. */
  static void run(Runnable work) {
    Map<String, Level> before = new LinkedHashMap<>();
    for (String name : LOGGERS) {
      before.put(name, LogManager.getLogger(name).getLevel());
      Configurator.setLevel(name, Level.OFF);
    }
    try {
      work.run();
    } finally {
      before.forEach(Configurator::setLevel);
    }
  }
}
