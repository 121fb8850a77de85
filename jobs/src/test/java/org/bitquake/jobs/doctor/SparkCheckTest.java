package org.bitquake.jobs.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.doctor.Finding.Mark;
import org.junit.jupiter.api.Test;

class SparkCheckTest {
  private static List<Finding> look(
      String version, Supplier<SparkSession> session, Duration patience) throws Exception {
    return new SparkCheck(version, "spark://host:7077", session, patience).look();
  }

  @Test
  void aTinyJobRunsAndTellsWhere() throws Exception {
    var findings = look("3.5.9", TestSpark::session, Duration.ofSeconds(60));
    assertThat(findings.subList(0, 2)).extracting(Finding::mark).containsOnly(Mark.OK);
    assertThat(findings.get(1).found()).isEqualTo("local[2], 1 executors, 2 cores; 8 tasks ran");
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
    assertThat(finding.found()).isEqualTo("spark://host:7077 does not answer: no route to host");
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
  void anExecutorMustHaveJava17AndShouldHaveVectors() {
    assertThat(new ExecutorFacts("1", "a", 17, true).finding(3).mark()).isEqualTo(Mark.OK);
    assertThat(new ExecutorFacts("1", "a", 17, false).finding(3).mark()).isEqualTo(Mark.WARNING);
    var old = new ExecutorFacts("1", "a", 11, true).finding(3);
    assertThat(old.mark()).isEqualTo(Mark.PROBLEM);
    assertThat(old.fix().orElseThrow()).contains("on a", "spark.executorEnv.JAVA_HOME");
  }
}
