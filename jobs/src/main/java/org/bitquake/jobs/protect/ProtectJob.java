package org.bitquake.jobs.protect;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.jobs.console.Progress;
import org.bitquake.jobs.console.Timings;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.jobs.injection.NetworkRows;
import org.bitquake.jobs.monitor.JobMonitor;
import org.bitquake.jobs.store.TableSessions;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.store.WavePool;
import org.bitquake.jobs.trial.GoldenRun;
import org.bitquake.jobs.trial.Marks;
import org.bitquake.jobs.trial.TrialPlan;
import org.bitquake.protect.search.Confirmation;

/**
 * Runs what a search still lacks: golden run, the searches of the networks side by side, fresh
 * trials of all finalists, tables. What is committed answers the questions that it answered before,
 * so a search that was killed comes to the same end.
 */
final class ProtectJob {
  static final String STEPS = "protection_steps";
  static final String FRONTIER = "protection_frontier";

  /** Designs that a search measures about, beside one for each bit of each layer and encoding. */
  private static final int DESIGNS = 60;

  private final SparkSession spark;
  private final TableSessions sessions;
  private final SearchPlan plan;
  private final TableStore store;
  private final EngineSource engines;
  private final int partitions;
  private final String hash;
  private final AtomicLong rows = new AtomicLong();

  /**
   * @param partitions most tasks at a time; has no influence on the rows
   */
  ProtectJob(
      SparkSession spark, SearchPlan plan, TableStore store, EngineSource engines, int partitions) {
    this.spark = spark;
    this.sessions = new TableSessions(spark);
    this.plan = plan;
    this.store = store;
    this.engines = engines;
    this.partitions = partitions;
    this.hash = plan.identity().shortHash();
  }

  /** True if all tables are complete. */
  boolean isFinished() {
    return List.of(STEPS, FRONTIER, "networks").stream()
        .allMatch(table -> store.isCommitted(table, hash));
  }

  /** The table of designs that matter. */
  List<Row> frontier() {
    return store.readHere(FRONTIER);
  }

  /**
   * Completes the tables.
   *
   * @param done told each network's search when it is confirmed, before its tables are there
   */
  void run(BiConsumer<NetworkSearch, Confirmation> done) {
    store.checkpoint();
    var context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    var data = plan.dataset();
    Broadcast<byte[][]> images = context.broadcast(new byte[][] {data.pixels(), data.labels()});
    var monitor = new JobMonitor(spark.sparkContext(), "protect " + plan.name(), "trials");
    List<Broadcast<?>> sent = new ArrayList<>(List.of(images));
    try {
      monitor.step("golden run");
      List<NetworkSearch.Files> files =
          Timings.phase("golden run", () -> golden(context, images, sent));
      try (var progress = Progress.start("trials", expected())) {
        var stage =
            new NetworkSearch.Stage(
                sessions,
                plan,
                store,
                engines,
                hash,
                partitions,
                images,
                monitor,
                more -> progress.update(rows.addAndGet(more), Math.max(expected(), rows.get())));
        var searches = new ArrayList<NetworkSearch>();
        for (int network = 0; network < files.size(); network++) {
          searches.add(new NetworkSearch(stage, network, files.get(network)));
        }
        var claims = search(searches);
        progress.update(rows.get(), rows.get());
        searches.forEach(its -> done.accept(its, claims));
        monitor.step("tables");
        Timings.run("tables", () -> commit(searches, claims));
      }
    } finally {
      monitor.close();
      if (!spark.sparkContext().isStopped()) { // it is where the driver is being killed
        sent.forEach(Broadcast::destroy);
      }
    }
  }

  /** What is right without faults, of each network. */
  private List<NetworkSearch.Files> golden(
      JavaSparkContext context, Broadcast<byte[][]> images, List<Broadcast<?>> sent) {
    List<NetworkSearch.Files> files = new ArrayList<>();
    for (int network = 0; network < plan.networks().size(); network++) {
      Broadcast<byte[][]> file =
          context.broadcast(new byte[][] {plan.networks().get(network).bytes()});
      byte[][] marks =
          new GoldenRun(trials(network), file, images, engines).run(sessions.few(), partitions);
      Broadcast<byte[][]> golden = context.broadcast(marks);
      sent.addAll(List.of(file, golden));
      files.add(new NetworkSearch.Files(file, golden, correct(marks[0])));
    }
    return files;
  }

  /** Searches, and confirms what was found; returns what may be claimed. */
  private Confirmation search(List<NetworkSearch> searches) {
    int[] numbers = IntStream.range(0, searches.size()).toArray();
    int atOnce = Math.min(numbers.length, spark.sparkContext().defaultParallelism());
    Timings.run("search", () -> WavePool.run(numbers, atOnce, i -> searches.get(i).run()));
    int finalists = searches.stream().mapToInt(its -> its.finalists().size()).sum();
    var claims = new Confirmation(Math.max(1, finalists), plan.confidence());
    Timings.run(
        "fresh trials", () -> WavePool.run(numbers, atOnce, i -> searches.get(i).confirm(claims)));
    return claims;
  }

  private TrialPlan trials(int network) {
    return TrialPlan.of(
        plan.seed(),
        List.of(plan.networks().get(network)),
        List.of(plan.faults()),
        List.of(plan.rate()),
        plan.encodings().get(network).get(0),
        plan.dataset());
  }

  private static int correct(byte[] marks) {
    return (int)
        IntStream.range(0, marks.length).filter(i -> (marks[i] & Marks.CORRECT) != 0).count();
  }

  /** Trials in all, about. */
  private long expected() {
    long designs = 0;
    for (int network = 0; network < plan.networks().size(); network++) {
      var its = plan.networks().get(network).network();
      long bits = IntStream.of(CampaignNetwork.bits(its)).sum();
      designs += DESIGNS + bits * plan.encodings().get(network).size();
    }
    return designs * plan.trials() + plan.networks().size() * plan.mostFresh();
  }

  private void commit(List<NetworkSearch> searches, Confirmation claims) {
    store.verify("trials");
    if (store.rows("trials") != rows.get()) {
      throw new IllegalStateException(
          store.root() + " holds " + store.rows("trials") + " trials, not " + rows.get());
    }
    var facts = Map.of("rows", Long.toString(rows.get()));
    var tables = new SearchRows(plan, searches, claims);
    store.commit(STEPS, hash, tables.steps(sessions.few()), facts);
    int[] correct = searches.stream().mapToInt(NetworkSearch::goldenCorrect).toArray();
    var data = plan.dataset();
    var networks =
        NetworkRows.of(
            sessions.few(),
            plan.networks(),
            List.of(plan.encodings().get(0).get(0)),
            data,
            data.size(),
            correct);
    store.commit("networks", hash, networks, facts);
    store.commit(FRONTIER, hash, tables.frontier(sessions.few()), facts);
  }
}
