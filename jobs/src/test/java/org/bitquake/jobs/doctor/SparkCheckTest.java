package org.bitquake.jobs.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.doctor.Finding.Mark;
import org.bitquake.jobs.session.StandaloneMaster;
import org.junit.jupiter.api.Test;

class SparkCheckTest {
  private static List<Finding> look(
      String version, Supplier<SparkSession> session, Duration patience) throws Exception {
    return new SparkCheck(version, "yarn", session, patience).look();
  }

  @Test
  void aTinyJobRunsAndTellsWhere() throws Exception {
    var findings = look("3.5.9", TestSpark::session, Duration.ofSeconds(60));
    assertThat(findings.subList(0, 2)).extracting(Finding::mark).containsOnly(Mark.OK);
    assertThat(findings.get(1).found()).isEqualTo("local[2]; executors: 1, tasks of a tiny job: 8");
    assertThat(findings.get(2).subject()).isEqualTo("executor driver");
    assertThat(findings.get(2).found()).contains("Java 17, ran 8 tasks");
  }

  @Test
  void anotherSparkIsAProblem() throws Exception {
    var finding = look("3.4.1", TestSpark::session, Duration.ofSeconds(60)).get(0);
    assertThat(finding.mark()).isEqualTo(Mark.PROBLEM);
    assertThat(finding.found()).contains("3.4.1");
  }

  @Test
  void aMasterThatRefusesIsNamedWithTheReason() throws Exception {
    Supplier<SparkSession> refuses =
        () -> {
          throw new IllegalStateException("outer", new RuntimeException("no route to host"));
        };
    var finding = look("3.5.9", refuses, Duration.ofSeconds(60)).get(1);
    assertThat(finding.mark()).isEqualTo(Mark.PROBLEM);
    assertThat(finding.found()).isEqualTo("yarn does not answer: no route to host");
  }

  @Test
  void aMasterThatDoesNotAnswerIsNotWaitedForForever() throws Exception {
    Supplier<SparkSession> hangs =
        () -> {
          try {
            Thread.sleep(60_000);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return TestSpark.session();
        };
    var finding = look("3.5.9", hangs, Duration.ofSeconds(1)).get(1);
    assertThat(finding.found()).endsWith("does not answer: waited 1 s");
  }

  @Test
  void aStandaloneMasterThatIsNotThereIsToldAtOnce() throws Exception {
    int port;
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
      assertThat(StandaloneMaster.obstacle("spark://127.0.0.1:" + port)).isEmpty();
      assertThat(StandaloneMaster.obstacle("spark://127.0.0.1:1,127.0.0.1:" + port)).isEmpty();
    }
    String master = "spark://127.0.0.1:" + port;
    var check = new SparkCheck("3.5.9", master, TestSpark::session, Duration.ofMinutes(10)).look();
    assertThat(check).hasSize(2);
    assertThat(check.get(1).mark()).isEqualTo(Mark.PROBLEM);
    assertThat(check.get(1).found()).startsWith(master + " does not answer: 127.0.0.1:" + port);
    assertThat(StandaloneMaster.obstacle("spark://nowhere")).isPresent();
    assertThat(StandaloneMaster.obstacle("local[2]")).isEmpty();
  }

  @Test
  void aJobThatNoExecutorTakesIsNotWaitedForForever() throws Exception {
    var context = new JavaSparkContext(TestSpark.session().sparkContext());
    var running = context.parallelize(List.of(1, 2), 2).map(i -> Hold.core(i)).collectAsync();
    try {
      assertThat(Hold.STARTED.tryAcquire(2, 60, TimeUnit.SECONDS)).isTrue();
      var finding = look("3.5.9", TestSpark::session, Duration.ofSeconds(1)).get(1);
      assertThat(finding.mark()).isEqualTo(Mark.PROBLEM);
      assertThat(finding.subject()).isEqualTo("Spark's job");
      assertThat(finding.found()).endsWith("waited 1 s");
    } finally {
      Hold.END.countDown();
    }
    assertThat(running.get()).containsExactly(1, 2);
  }

  /** Tasks that keep both cores of {@code local[2]} until they may end. */
  private static final class Hold {
    static final Semaphore STARTED = new Semaphore(0);
    static final CountDownLatch END = new CountDownLatch(1);

    static int core(int number) throws InterruptedException {
      STARTED.release();
      assertThat(END.await(2, TimeUnit.MINUTES)).isTrue();
      return number;
    }
  }

  @Test
  void anExecutorMustHaveJava17AndShouldHaveVectors() {
    assertThat(new ExecutorFacts("1", "a", 17, true).finding(3).mark()).isEqualTo(Mark.OK);
    assertThat(new ExecutorFacts("1", "a", 17, false).finding(3).mark()).isEqualTo(Mark.WARNING);
    var old = new ExecutorFacts("1", "a", 11, true).finding(3);
    assertThat(old.mark()).isEqualTo(Mark.PROBLEM);
    assertThat(old.fix().orElseThrow()).contains("on a", "spark.executorEnv.JAVA_HOME");
  }
}
