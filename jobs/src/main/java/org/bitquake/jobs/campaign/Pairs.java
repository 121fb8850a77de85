package org.bitquake.jobs.campaign;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.bitquake.jobs.store.Tables;
import org.bitquake.stats.PairEstimate;
import org.bitquake.stats.PairTally;

/**
 * Makes the table {@code pairs} from {@code trials}: differences between cells, trial by trial on
 * the same faulty cells and images, which is why their intervals are narrower than those of the
 * cells suggest.
 *
 * @param goldenCorrect images of the whole data set that each network gets right
 */
record Pairs(Campaign campaign, int[] goldenCorrect) {
  private static final StructType SUMS =
      new StructType()
          .add("a", "int", false)
          .add("b", "int", false)
          .add("unit", "long", false)
          .add("trials", "long", false)
          .add("sum", DataTypes.createDecimalType(38, 0), false)
          .add("squares", DataTypes.createDecimalType(38, 0), false)
          .add("cubes", DataTypes.createDecimalType(38, 0), false);

  Dataset<Row> of(Dataset<Row> trials) {
    Map<PairSums.Pair, PairTally> tallies = tallies(trials);
    List<Row> rows = new ArrayList<>();
    for (var pair : pairs()) {
      rows.add(row(pair, tallies.getOrDefault(pair, PairTally.EMPTY)));
    }
    return trials.sparkSession().createDataFrame(rows, Tables.PAIRS).coalesce(1);
  }

  /** All cells a before b that differ in one thing. */
  private List<PairSums.Pair> pairs() {
    List<PairSums.Pair> pairs = new ArrayList<>();
    for (int a = 0; a < campaign.cells(); a++) {
      for (int b = a + 1; b < campaign.cells(); b++) {
        if (differsIn(a, b) != null) {
          pairs.add(new PairSums.Pair(a, b));
        }
      }
    }
    return pairs;
  }

  private String differsIn(int indexA, int indexB) {
    var a = campaign.cell(indexA);
    var b = campaign.cell(indexB);
    boolean network = a.network() != b.network();
    boolean kind = !a.kind().equals(b.kind());
    boolean rate = a.rate() != b.rate();
    if ((network ? 1 : 0) + (kind ? 1 : 0) + (rate ? 1 : 0) != 1) {
      return null;
    }
    return network ? "network" : kind ? "kind" : "rate";
  }

  /** Adds up all rows of a trial together in one task, and the tasks' sums on the driver. */
  private Map<PairSums.Pair, PairTally> tallies(Dataset<Row> trials) {
    Map<String, Integer> cells = new HashMap<>();
    for (int index = 0; index < campaign.cells(); index++) {
      var cell = campaign.cell(index);
      String network = campaign.networks().get(cell.network()).name();
      cells.put(key(network, cell.kind().name(), cell.rate()), index);
    }
    var sums =
        trials
            .filter("correct IS NOT NULL")
            .select("trial", "network", "kind", "rate", "images", "correct", "golden_correct")
            .repartition(functions.col("trial"))
            .sortWithinPartitions("trial")
            .mapPartitions(new Adder(cells, new ArrayList<>(pairs())), Encoders.row(SUMS));
    Map<PairSums.Pair, PairTally> tallies = new HashMap<>();
    for (Row row : sums.collectAsList()) {
      var tally =
          new PairTally(
              row.getLong(2),
              row.getLong(3),
              row.getDecimal(4).toBigIntegerExact(),
              row.getDecimal(5).toBigIntegerExact(),
              row.getDecimal(6).toBigIntegerExact());
      tallies.merge(new PairSums.Pair(row.getInt(0), row.getInt(1)), tally, PairTally::merge);
    }
    return tallies;
  }

  private static String key(String network, String kind, double rate) {
    return rate + " " + kind + " " + network;
  }

  /**
   * Adds up the rows of a partition, which holds all rows of its trials, one trial after another.
   */
  private record Adder(Map<String, Integer> cells, List<PairSums.Pair> pairs)
      implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
      var sums = new PairSums(cells.size(), pairs);
      while (rows.hasNext()) {
        Row row = rows.next();
        int cell = cells.get(key(row.getString(1), row.getString(2), row.getDouble(3)));
        sums.add(row.getLong(0), cell, row.getInt(4), row.getInt(5) - row.getInt(6));
      }
      List<Row> out = new ArrayList<>();
      sums.tallies()
          .forEach(
              (pair, tally) ->
                  out.add(
                      RowFactory.create(
                          pair.a(),
                          pair.b(),
                          tally.unit(),
                          tally.trials(),
                          new BigDecimal(tally.sum()),
                          new BigDecimal(tally.squares()),
                          new BigDecimal(tally.cubes()))));
      return out.iterator();
    }
  }

  private Row row(PairSums.Pair pair, PairTally tally) {
    var a = campaign.cell(pair.a());
    var b = campaign.cell(pair.b());
    double population = campaign.dataset().size();
    double clean = (goldenCorrect[a.network()] - goldenCorrect[b.network()]) / population;
    boolean exact = campaign.isExact(pair.a()) && campaign.isExact(pair.b());
    var estimate = PairEstimate.of(tally, clean, exact, campaign.confidence());
    return RowFactory.create(
        differsIn(pair.a(), pair.b()),
        campaign.networks().get(a.network()).name(),
        campaign.networks().get(b.network()).name(),
        a.kind().name(),
        b.kind().name(),
        a.rate(),
        b.rate(),
        tally.trials(),
        clean,
        boxed(estimate.difference()),
        boxed(estimate.halfWidth()),
        campaign.confidence(),
        exact);
  }

  private static Double boxed(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
