package org.bitquake.jobs.protect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.bitquake.jobs.store.ProtectTables;
import org.bitquake.protect.search.Confirmation;
import org.bitquake.protect.search.Measured;
import org.bitquake.protect.search.Step;
import org.bitquake.stats.CellEstimate;
import org.bitquake.stats.DifferenceTally;

/** Makes the tables {@code protection_steps} and {@code protection_frontier}. */
record SearchRows(SearchPlan plan, List<NetworkSearch> searches, Confirmation claims) {

  /** Every design of every step, in the order of the search. */
  Dataset<Row> steps(SparkSession spark) {
    List<Row> rows = new ArrayList<>();
    for (var search : searches) {
      int number = 0;
      for (var step : search.steps()) {
        for (var its : step.measured()) {
          boolean diagnosis = search.space().isDiagnosis(its.design());
          var estimate = estimate(search, its, its.tally());
          rows.add(
              RowFactory.create(
                  network(search),
                  number,
                  step.phase().label(),
                  search.name(its.design()),
                  kind(search, its, step.phase() == Step.Phase.CONFIRM),
                  its.design().encoding().label(),
                  search.space().text(its.design()),
                  diagnosis ? null : its.cost().checkCells(),
                  diagnosis ? null : its.cost().hardenedCells(),
                  diagnosis ? null : its.cost().cells(),
                  diagnosis ? null : its.cost().area(),
                  its.tally().trials() + its.tally().failedTrials(),
                  its.tally().failedTrials(),
                  boxed(estimate.meanAccuracy()),
                  boxed(estimate.halfWidth()),
                  search.target(),
                  step.chosen().contains(its.design())));
        }
        number++;
      }
    }
    return spark.createDataFrame(rows, ProtectTables.STEPS).coalesce(1);
  }

  /** What nothing beats, and finalists; of each network by area. */
  Dataset<Row> frontier(SparkSession spark) {
    List<Row> rows = new ArrayList<>();
    for (var search : searches) {
      var winner = search.winner(claims);
      search.measured().stream()
          .sorted(
              Comparator.comparingDouble((Measured its) -> its.cost().area())
                  .thenComparing(its -> -its.accuracy()))
          .forEach(
              its -> {
                boolean undominated = search.measured().stream().noneMatch(o -> beats(o, its));
                boolean finalist = search.finalists().contains(its);
                if (undominated || finalist) {
                  boolean wins = winner.filter(its::equals).isPresent();
                  rows.add(row(search, its, undominated, finalist, wins));
                }
              });
    }
    return spark.createDataFrame(rows, ProtectTables.FRONTIER).coalesce(1);
  }

  private Row row(
      NetworkSearch search, Measured its, boolean undominated, boolean finalist, boolean winner) {
    var estimate = estimate(search, its, its.tally());
    var fresh = search.fresh(its);
    double bound = finalist ? search.bound(claims, its) : Double.NaN;
    return RowFactory.create(
        network(search),
        search.name(its.design()),
        kind(search, its, false),
        its.design().encoding().label(),
        search.space().text(its.design()),
        its.cost().dataCells(),
        its.cost().checkCells(),
        its.cost().hardenedCells(),
        its.cost().cells(),
        its.cost().area(),
        search.clean(),
        search.target(),
        its.tally().trials(),
        boxed(estimate.meanAccuracy()),
        boxed(estimate.halfWidth()),
        undominated,
        finalist,
        finalist ? fresh.trials() : null,
        finalist ? boxed(estimate(search, its, fresh).meanAccuracy()) : null,
        Double.isNaN(bound) ? null : bound,
        plan.confidence(),
        winner);
  }

  /** Whether a design costs no more and keeps no less than another, and is not the same in both. */
  private static boolean beats(Measured a, Measured b) {
    return a.cost().area() <= b.cost().area()
        && a.accuracy() >= b.accuracy()
        && (a.cost().area() < b.cost().area() || a.accuracy() > b.accuracy());
  }

  private CellEstimate estimate(NetworkSearch search, Measured its, DifferenceTally tally) {
    return CellEstimate.of(
        tally,
        search.goldenCorrect(),
        plan.dataset().size(),
        !search.space().isPerfect(its.design()),
        plan.confidence());
  }

  private String network(NetworkSearch search) {
    return plan.networks().get(search.network()).name();
  }

  private String kind(NetworkSearch search, Measured its, boolean fresh) {
    return plan.model(search.space(), its.design(), search.name(its.design()), fresh).name();
  }

  private static Double boxed(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
