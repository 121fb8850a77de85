package org.bitquake.jobs.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.apache.spark.SparkException;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Encoders;
import org.bitquake.jobs.TestSpark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryShortageTest {
  /** Longs of the largest array. */
  private static final int TOO_MANY = Integer.MAX_VALUE - 8;

  @Test
  void aTaskThatFillsTheHeapFailsAndTheSessionGoesOn() {
    var spark = TestSpark.session();

    var failure =
        catchThrowable(
            () ->
                spark
                    .range(2)
                    .map((MapFunction<Long, Integer>) i -> fill(), Encoders.INT())
                    .collectAsList());

    long heap = Runtime.getRuntime().maxMemory() >> 20;
    assertThat(MemoryShortage.behind(failure).orElseThrow().replace(",", ""))
        .startsWith(heap + " MiB of memory were not enough for 2 tasks at once: give more")
        .contains("-- --driver-memory " + 2 * heap + "m ");
    assertThat(spark.range(5).count()).isEqualTo(5);
  }

  private static int fill() {
    long[][] all = new long[16][];
    for (int i = 0; i < all.length; i++) {
      all[i] = new long[TOO_MANY];
    }
    return all.length;
  }

  /** As Spark 3.5 words it, standalone, on YARN and on Kubernetes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ExecutorLostFailure (executor 3 exited caused by one of the running tasks) Reason: Command exited with code 52",
        "Container from a bad node: container_1_0001_01_000003 on host: h. Exit status: 52. Diagnostics: …",
        "The executor with id 2 exited with exit code 52(JVM OOM).",
        "Lost task 0.3 in stage 9.0 (TID 7) (10.0.0.3 executor 4): java.lang.OutOfMemoryError: Java heap space"
      })
  void anExecutorWithoutHeapIsTold(String message) {
    assertThat(MemoryShortage.behind(new IllegalStateException(new SparkException(message))))
        .hasValueSatisfying(line -> assertThat(line).contains("memory were not enough"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Container killed by YARN for exceeding physical memory limits. 1.5 GB of 1.4 GB physical memory used.",
        "The executor with id 1 exited with exit code 137(SIGKILL, possible container OOM).",
        "ExecutorLostFailure (executor 3 exited caused by one of the running tasks) Reason: Command exited with code 137"
      })
  void anExecutorThatWasKilledIsTold(String message) {
    assertThat(MemoryShortage.behind(new SparkException(message)))
        .hasValueSatisfying(line -> assertThat(line).contains("spark.executor.memoryOverhead"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Command exited with code 1",
        "Command exited with code 520",
        "layer conv52 exited",
        "a failure in task 137"
      })
  void anotherFailureIsNotOne(String message) {
    assertThat(MemoryShortage.behind(new SparkException(message))).isEmpty();
    assertThat(MemoryShortage.behind(new IllegalStateException())).isEmpty();
  }

  @Test
  void onAClusterTheDriversHeapIsNotTheExecutors() {
    var executors = new TaskMemory(1L << 30, 1, "--executor-memory");
    var full = new OutOfMemoryError("Java heap space");

    assertThat(MemoryShortage.behind(new SparkException("aborted", full), () -> executors))
        .hasValueSatisfying(line -> assertThat(line).contains("-- --executor-memory 2048m"));
    assertThat(MemoryShortage.behind(new IllegalStateException(full), () -> executors))
        .hasValueSatisfying(line -> assertThat(line).contains("-- --driver-memory "));
  }
}
