package org.bitquake.jobs.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.bitquake.InputException;
import org.bitquake.jobs.TestSpark;
import org.junit.jupiter.api.Test;

class TaskMemoryTest {
  private static final long MIB = 1 << 20;

  private static void require(long heap, int tasks, String option, int most, long task) {
    new TaskMemory(heap * MIB, tasks, option).require(most, task * MIB, "the loss of network n");
  }

  @Test
  void tasksThatDoNotFitAreRefusedWithWhatWouldFit() {
    assertThatThrownBy(() -> require(2048, 2, "--driver-memory", 10, 1500))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "the loss of network n takes 1,500 MiB of memory in a task, and 2 at once have 2,048"
                + " MiB, 300 of them for Spark: give more, … -- --driver-memory 3630m, or run fewer at once, … --"
                + " --master local[1]");
    assertThatThrownBy(() -> require(1024, 1, "--executor-memory", 10, 1500))
        .hasMessageContaining("and one has 1,024 MiB, 300")
        .hasMessageEndingWith("… -- --executor-memory 1980m");
  }

  @Test
  void whatTheRefusalAsksForIsEnough() {
    var number = Pattern.compile("memory (\\d+)m");
    for (int tasks = 1; tasks < 40; tasks += 3) {
      int atOnce = tasks;
      String refusal =
          catchThrowable(() -> require(600, atOnce, "--driver-memory", 100, 700)).getMessage();
      var asked = number.matcher(refusal);
      assertThat(asked.find()).as(refusal).isTrue();
      long heap = Long.parseLong(asked.group(1));
      assertThatCode(() -> require(heap, atOnce, "--driver-memory", 100, 700))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void fewTasksNeedNoMemoryForMore() {
    assertThatCode(() -> require(2048, 16, "--driver-memory", 2, 700)).doesNotThrowAnyException();
  }

  @Test
  void onThisMachineItIsJavasOwnHeap() {
    var context = TestSpark.session().sparkContext();
    assertThat(TaskMemory.of(context))
        .isEqualTo(
            new TaskMemory(
                Runtime.getRuntime().maxMemory(), context.defaultParallelism(), "--driver-memory"));
  }

  @Test
  void onAClusterItIsItsExecutors() {
    var conf = new SparkConf(false);
    assertThat(TaskMemory.ofExecutors(conf))
        .isEqualTo(new TaskMemory(1024 * MIB, 1, "--executor-memory"));
    conf.set("spark.executor.memory", "1536").set("spark.executor.cores", "8");
    assertThat(TaskMemory.ofExecutors(conf).bytes()).isEqualTo(1536 * MIB);
    assertThat(TaskMemory.ofExecutors(conf).tasks()).isEqualTo(8);
    conf.set("spark.executor.memory", "3g").set("spark.task.cpus", "4");
    assertThat(TaskMemory.ofExecutors(conf))
        .isEqualTo(new TaskMemory(3072 * MIB, 2, "--executor-memory"));
  }
}
