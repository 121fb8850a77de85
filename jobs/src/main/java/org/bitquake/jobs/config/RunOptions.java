package org.bitquake.jobs.config;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * What the command line adds to the configuration file of a job.
 *
 * @param output directory of the tables, instead of the file's
 * @param overwrite true to replace another job of its kind there
 * @param inputs networks and images
 * @param partitions most tasks at a time, instead of three for each core; does not change the rows
 * @param report whether the job ends by drawing its figures and writing its page
 */
public record RunOptions(
    Optional<String> output,
    boolean overwrite,
    InputOptions inputs,
    Optional<Integer> partitions,
    boolean report) {
  public static final int TASKS_PER_CORE = 3;

  /** With the networks of the file alone. */
  public RunOptions(
      Optional<String> output,
      boolean overwrite,
      Optional<String> data,
      Optional<Integer> partitions,
      boolean report) {
    this(output, overwrite, new InputOptions(data), partitions, report);
  }

  /** The same with more networks. */
  public RunOptions with(List<String> networks) {
    return new RunOptions(
        output, overwrite, new InputOptions(inputs.data(), networks), partitions, report);
  }

  /** Most tasks at a time in this session. */
  public int partitionsIn(SparkSession spark) {
    return partitions.orElseGet(() -> TASKS_PER_CORE * spark.sparkContext().defaultParallelism());
  }
}
