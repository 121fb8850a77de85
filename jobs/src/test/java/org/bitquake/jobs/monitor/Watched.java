package org.bitquake.jobs.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.bitquake.Text;
import org.bitquake.jobs.TestSpark;
import scala.collection.JavaConverters;

/** What a listener, such as Spark's UI or event log, and the log see of a job. */
public final class Watched extends SparkListener {
  private final List<String> groups = Collections.synchronizedList(new ArrayList<>());
  private final List<String> descriptions = Collections.synchronizedList(new ArrayList<>());
  private final List<String> values = Collections.synchronizedList(new ArrayList<>());
  private final List<JsonNode> lines = new ArrayList<>();

  private Watched() {}

  /** A job that reads or writes files. */
  @FunctionalInterface
  public interface Job {
    void run() throws IOException;
  }

  /**
   * Runs a job and checks what all jobs show: a group of Spark jobs, described by their waves;
   * stages that count rows; and a line for each wave, with as many rows in all.
   */
  public static Watched during(String job, String rowNoun, Job run) {
    var watched = new Watched();
    var context = TestSpark.session().sparkContext();
    context.addSparkListener(watched);
    try (var log = LogLines.of(JobMonitor.LOGGER)) {
      run.run();
      context.listenerBus().waitUntilEmpty();
      var json = new ObjectMapper();
      for (String line : log.lines()) {
        watched.lines.add(json.readTree(line));
      }
    } catch (IOException | TimeoutException e) {
      throw new AssertionError(e);
    } finally {
      context.removeSparkListener(watched);
    }
    watched.check(job, rowNoun);
    return watched;
  }

  private void check(String job, String rowNoun) {
    assertThat(groups).contains(job);
    assertThat(descriptions).anyMatch(d -> d.matches("wave 1(/\\d+)?: [\\d,]+ " + rowNoun + ".*"));
    assertThat(TestSpark.session().sparkContext().getLocalProperty("spark.jobGroup.id")).isNull();
    assertThat(lines).isNotEmpty();
    long rows = 0;
    Set<Integer> numbers = new TreeSet<>(); // waves that run together may end in any order
    for (int i = 0; i < lines.size(); i++) {
      var line = lines.get(i);
      assertThat(line.get("event").asText()).isEqualTo("wave");
      assertThat(line.get("job").asText()).isEqualTo(job);
      numbers.add(line.get("wave").asInt());
      assertThat(line.get("failed_this_run").asInt()).isZero();
      rows += line.get("rows").asLong();
      assertThat(line.get("rows_this_run").asLong()).isEqualTo(rows);
    }
    assertThat(numbers).hasSize(lines.size()).allMatch(n -> n >= 1 && n <= lines.size());
    assertThat(values).contains(rowNoun + "=" + rows);
  }

  /** The descriptions of all Spark jobs that had one. */
  public List<String> descriptions() {
    return List.copyOf(descriptions);
  }

  /** {@code name=value} of every accumulator of every stage. */
  public List<String> values() {
    return List.copyOf(values);
  }

  /** The lines of the log. */
  public List<JsonNode> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void onJobStart(SparkListenerJobStart start) {
    groups.add(Objects.toString(start.properties().getProperty("spark.jobGroup.id")));
    descriptions.add(Objects.toString(start.properties().getProperty("spark.job.description")));
  }

  @Override
  public void onStageCompleted(SparkListenerStageCompleted stage) {
    for (var a : JavaConverters.asJavaIterable(stage.stageInfo().accumulables().values())) {
      if (a.name().isDefined() && a.value().isDefined()) {
        values.add(Text.of("%s=%s", a.name().get(), a.value().get()));
      }
    }
  }
}
