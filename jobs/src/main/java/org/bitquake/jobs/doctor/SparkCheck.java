package org.bitquake.jobs.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.SparkExecutorInfo;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.bitquake.Text;
import org.bitquake.jobs.session.StandaloneMaster;

/**
 * Spark: its version, whether its master can be reached, whether a tiny job runs, and what the
 * executors that ran it are like.
 *
 * @param version of Spark on the class path
 * @param master that was asked for
 * @param session starts it
 * @param patience how long the master and the job may take
 */
record SparkCheck(String version, String master, Supplier<SparkSession> session, Duration patience)
    implements Check {
  private static final String NEEDED = "3.5.";
  private static final String GROUP = "bitquake doctor";
  private static final int TASKS_PER_CORE = 4;

  @Override
  public List<Finding> look() throws InterruptedException {
    List<Finding> findings = new ArrayList<>();
    findings.add(fitting());
    var obstacle = StandaloneMaster.obstacle(master);
    if (obstacle.isPresent()) {
      findings.add(unreachable(obstacle.get()));
      return findings;
    }
    JavaSparkContext context;
    try {
      context = inTime(() -> new JavaSparkContext(session.get().sparkContext()));
    } catch (TimeoutException | ExecutionException e) {
      findings.add(unreachable(reason(e)));
      return findings;
    }
    try {
      findings.addAll(executors(context, inTime(() -> tinyJob(context))));
    } catch (TimeoutException | ExecutionException e) {
      context.cancelJobGroup(GROUP);
      findings.add(stuck(context, e));
    }
    return findings;
  }

  private Finding fitting() {
    return version.startsWith(NEEDED)
        ? Finding.ok("Spark", version)
        : Finding.problem(
            "Spark",
            version + ": bitquake is built for Spark 3.5",
            "unset SPARK_HOME to use the Spark that comes along, or set it to a Spark 3.5");
  }

  private Finding unreachable(String why) {
    return Finding.problem(
        "Spark's master",
        Text.of("%s does not answer: %s", master, why),
        "see that it runs and is spelt right, or work on this machine: -- --master local[*]");
  }

  private Finding stuck(JavaSparkContext context, Exception failure) {
    String ui =
        context.sc().uiWebUrl().isDefined() ? " (" + context.sc().uiWebUrl().get() + ")" : "";
    return Finding.problem(
        "Spark's job",
        Text.of("a tiny one did not run on %s: %s", master, reason(failure)),
        Text.of(
                "see in Spark's UI%s whether workers have the cores and memory asked for and can reach",
                ui)
            + " this driver (spark.driver.host)");
  }

  private String reason(Exception failure) {
    if (failure instanceof TimeoutException) {
      return Text.of("waited %d s", patience.toSeconds());
    }
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse(root.toString());
  }

  /** Enough tasks for each executor to get one; each tells where it ran. */
  private static List<ExecutorFacts> tinyJob(JavaSparkContext context) {
    context.setJobGroup(GROUP, "where tasks run", true);
    int tasks = TASKS_PER_CORE * Math.max(1, context.defaultParallelism());
    var numbers = IntStream.range(0, tasks).boxed().toList();
    return context.parallelize(numbers, tasks).map(number -> ExecutorFacts.here()).collect();
  }

  private List<Finding> executors(JavaSparkContext context, List<ExecutorFacts> seen) {
    Map<ExecutorFacts, Integer> tasks =
        new TreeMap<>(Comparator.comparing(ExecutorFacts::host).thenComparing(ExecutorFacts::id));
    seen.forEach(facts -> tasks.merge(facts, 1, Integer::sum));
    List<Finding> findings = new ArrayList<>();
    findings.add(
        Finding.ok(
            "Spark's master",
            Text.of(
                "%s; executors: %d, tasks of a tiny job: %d",
                context.master(), Math.max(tasks.size(), registered(context)), seen.size())));
    tasks.forEach((facts, count) -> findings.add(facts.finding(count)));
    return findings;
  }

  /** Executors that Spark knows, the driver's own entry aside where there are others. */
  private static int registered(JavaSparkContext context) {
    SparkExecutorInfo[] all = context.sc().statusTracker().getExecutorInfos();
    return context.isLocal() ? 1 : all.length - 1;
  }

  private <T> T inTime(Callable<T> work)
      throws InterruptedException, TimeoutException, ExecutionException {
    var task = new FutureTask<>(work);
    var thread = new Thread(task, GROUP);
    thread.setDaemon(true);
    thread.start();
    return task.get(patience.toMillis(), TimeUnit.MILLISECONDS);
  }
}
