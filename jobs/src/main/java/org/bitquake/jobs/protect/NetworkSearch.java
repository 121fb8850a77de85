package org.bitquake.jobs.protect;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.bitquake.Text;
import org.bitquake.fault.Encoding;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.jobs.monitor.JobMonitor;
import org.bitquake.jobs.store.TableSessions;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.store.WavePlan;
import org.bitquake.jobs.trial.TrialPlan;
import org.bitquake.jobs.trial.TrialTask;
import org.bitquake.jobs.trial.Wave;
import org.bitquake.protect.search.Confirmation;
import org.bitquake.protect.search.Design;
import org.bitquake.protect.search.DesignSearch;
import org.bitquake.protect.search.DesignSpace;
import org.bitquake.protect.search.Measured;
import org.bitquake.protect.search.Meter;
import org.bitquake.protect.search.Step;
import org.bitquake.stats.DifferenceTally;

/**
 * The search of one network: every question of the {@link DesignSearch} is a wave of trials, which
 * is committed as a part of the table {@code trials}. What is committed is not run again, and
 * answers the same question after a kill.
 */
final class NetworkSearch implements Meter {
  private static final String TRIALS = "trials";

  private final Stage stage;
  private final int network;
  private final Files files;
  private final DesignSpace space;
  private final double clean;
  private final double target;
  private final Map<Design, String> names = new HashMap<>();
  private final List<Step> steps = new ArrayList<>();
  private List<Measured> measured = List.of();
  private List<Measured> finalists = List.of();
  private Map<Design, DifferenceTally> fresh = Map.of();
  private int waves;

  /**
   * What all networks of a search share.
   *
   * @param hash of the job's identity
   * @param partitions most tasks at a time; has no influence on the rows
   * @param images pixels and labels of the data set
   * @param progress told of rows that are committed
   */
  record Stage(
      TableSessions sessions,
      SearchPlan plan,
      TableStore store,
      EngineSource engines,
      String hash,
      int partitions,
      Broadcast<byte[][]> images,
      JobMonitor monitor,
      LongConsumer progress) {}

  /**
   * The network's file and marks, as they travel.
   *
   * @param correct images of all that the network gets right without faults
   */
  record Files(Broadcast<byte[][]> network, Broadcast<byte[][]> golden, int correct) {}

  NetworkSearch(Stage stage, int network, Files files) {
    this.stage = stage;
    this.network = network;
    this.files = files;
    this.space = stage.plan().space(network);
    this.clean = (double) files.correct() / stage.plan().dataset().size();
    this.target = stage.plan().target().of(clean);
  }

  /** Runs it, up to its finalists. */
  void run() {
    var plan = stage.plan();
    var search =
        new DesignSearch(space, clean, target, plan.trials(), plan.images(), this, this::log);
    measured = search.run();
    finalists = DesignSearch.finalists(measured, target);
  }

  private void log(Step step) {
    step.measured().forEach(its -> name(its.design()));
    steps.add(step);
  }

  /** Fresh trials of the finalists. */
  void confirm(Confirmation claims) {
    Map<Design, Long> trials = new LinkedHashMap<>();
    for (var its : finalists) {
      if (!space.isPerfect(its.design())) {
        trials.put(its.design(), claims.trials(its, target, stage.plan().mostFresh()));
      }
    }
    fresh = new HashMap<>();
    for (var encoding : space.encodings()) {
      var designs = trials.keySet().stream().filter(its -> its.encoding() == encoding).toList();
      if (!designs.isEmpty()) {
        long[] to = designs.stream().mapToLong(trials::get).toArray();
        var tallies = wave(designs, new long[to.length], to, true);
        for (int i = 0; i < to.length; i++) {
          fresh.put(designs.get(i), tallies.get(i));
        }
      }
    }
    var all =
        finalists.stream().map(its -> new Measured(its.design(), its.cost(), fresh(its), clean));
    var winner = winner(claims).map(Measured::design).stream().toList();
    steps.add(new Step(Step.Phase.CONFIRM, all.toList(), winner));
  }

  @Override
  public List<DifferenceTally> measure(List<Design> designs, long from, long to) {
    long[] first = new long[designs.size()];
    long[] end = new long[designs.size()];
    Arrays.fill(first, from);
    Arrays.fill(end, to);
    return wave(designs, first, end, false);
  }

  private List<DifferenceTally> wave(
      List<Design> designs, long[] from, long[] to, boolean isFresh) {
    List<DifferenceTally> all = new ArrayList<>(designs.stream().map(d -> empty()).toList());
    for (var encoding : space.encodings()) {
      var its = designs.stream().filter(design -> design.encoding() == encoding).toList();
      if (!its.isEmpty()) {
        int[] where = its.stream().mapToInt(designs::indexOf).toArray();
        var tallies =
            wave(
                encoding,
                its,
                Arrays.stream(where).mapToLong(i -> from[i]).toArray(),
                Arrays.stream(where).mapToLong(i -> to[i]).toArray(),
                isFresh);
        for (int i = 0; i < where.length; i++) {
          all.set(where[i], tallies.get(i));
        }
      }
    }
    return all;
  }

  private List<DifferenceTally> wave(
      Encoding encoding, List<Design> designs, long[] from, long[] to, boolean isFresh) {
    String part = Text.of("%s-n%03d-w%03d", stage.hash(), network, waves++);
    var models =
        designs.stream().map(its -> stage.plan().model(space, its, name(its), isFresh)).toList();
    int[] images = new int[designs.size()];
    Arrays.fill(images, stage.plan().images());
    var wave = new Wave(from, to, images);
    if (!stage.store().isCommitted(TRIALS, part)) {
      stage.store().checkpoint();
      commit(part, encoding, models, wave, isFresh);
    }
    stage.progress().accept(wave.rows());
    return tallies(part, models);
  }

  private void commit(
      String part, Encoding encoding, List<MemoryModel> models, Wave wave, boolean isFresh) {
    var plan = stage.plan();
    var its = plan.networks().get(network);
    var trials =
        TrialPlan.of(
                isFresh ? plan.freshSeed() : plan.seed(),
                List.of(its),
                models,
                List.of(plan.rate()),
                encoding,
                plan.dataset())
            .withModels();
    stage
        .monitor()
        .step(Text.of("%s, %d designs in %s", its.name(), models.size(), encoding.label()));
    var task =
        new TrialTask(
            trials, wave, files.network(), stage.images(), files.golden(), stage.engines());
    long units = TrialTask.units(trials, wave);
    double macs = (double) wave.rows() * plan.images() * its.network().macs();
    int cut = WavePlan.tasks(macs, stage.partitions(), 1);
    var schema = trials.schema();
    var rows =
        stage
            .sessions()
            .of(wave.rows())
            .range(0, units, 1, (int) Math.min(units, cut))
            .mapPartitions(stage.monitor().counted(task, schema), Encoders.row(schema))
            .repartition(WavePlan.files(wave.rows()), col("trial"))
            .sortWithinPartitions("trial", "network", "kind", "rate");
    var facts = Map.of("rows", Long.toString(wave.rows()));
    stage.store().commit(TRIALS, part, rows, facts);
    stage.monitor().committed(waves, wave.rows(), Map.of());
  }

  private List<DifferenceTally> tallies(String part, List<MemoryModel> models) {
    Map<String, DifferenceTally> tallies = new HashMap<>();
    for (Row row : stage.store().readHere(TRIALS, part)) {
      Integer correct = row.getAs("correct");
      var one =
          correct == null
              ? DifferenceTally.failed(stage.plan().images())
              : DifferenceTally.of(
                  row.<Integer>getAs("images"),
                  correct,
                  row.<Integer>getAs("golden_correct"),
                  row.<Integer>getAs("changed"),
                  row.<Long>getAs("faulty_cells"));
      tallies.merge(row.getAs("kind"), one, DifferenceTally::merge);
    }
    return models.stream().map(model -> tallies.getOrDefault(model.name(), empty())).toList();
  }

  private DifferenceTally empty() {
    return DifferenceTally.empty(stage.plan().images());
  }

  /** What tables call a design: as they come. */
  String name(Design design) {
    return space.isBare(design)
        ? "none"
        : names.computeIfAbsent(design, its -> "design-" + (names.size() + 1));
  }

  DesignSpace space() {
    return space;
  }

  int network() {
    return network;
  }

  /** Images of all that the network gets right without faults. */
  int goldenCorrect() {
    return files.correct();
  }

  double clean() {
    return clean;
  }

  double target() {
    return target;
  }

  List<Step> steps() {
    return steps;
  }

  /** What was measured of designs that are allowed. */
  List<Measured> measured() {
    return measured;
  }

  List<Measured> finalists() {
    return finalists;
  }

  /** Fresh trials of a finalist; none where no cell can fail. */
  DifferenceTally fresh(Measured finalist) {
    return fresh.getOrDefault(finalist.design(), empty());
  }

  /** A lower bound of the accuracy of a finalist; NaN where there is none. */
  double bound(Confirmation claims, Measured finalist) {
    return claims
        .bound(
            fresh(finalist),
            files.correct(),
            stage.plan().dataset().size(),
            space.isPerfect(finalist.design()))
        .orElse(Double.NaN);
  }

  /** The cheapest finalist that is confirmed. */
  Optional<Measured> winner(Confirmation claims) {
    double[] bounds = finalists.stream().mapToDouble(its -> bound(claims, its)).toArray();
    return Confirmation.winner(finalists, bounds, target);
  }
}
