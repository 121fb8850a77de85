package org.bitquake.jobs.campaign;

import static org.apache.spark.sql.functions.expr;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultSampler;
import org.bitquake.jobs.store.Tables;
import org.bitquake.stats.CellEstimate;
import org.bitquake.stats.DifferenceTally;

/**
 * Makes the table {@code cells} from {@code trials}: Spark adds up integers, exactly and in any
 * order; the driver makes an estimate of each of the few sums.
 *
 * @param goldenCorrect images of the whole data set that each network gets right
 */
record Cells(Campaign campaign, int[] goldenCorrect) {
  private record Key(String network, String kind, double rate) {}

  /** A row for each network × kind × rate, in the order of the configuration. */
  Dataset<Row> of(Dataset<Row> trials) {
    Map<Key, DifferenceTally> tallies = tallies(trials);
    List<Row> rows = new ArrayList<>();
    for (int network = 0; network < campaign.networks().size(); network++) {
      for (FaultKind kind : campaign.kinds()) {
        for (double rate : campaign.rates()) {
          var key = new Key(campaign.networks().get(network).name(), kind.label(), rate);
          var tally = tallies.getOrDefault(key, DifferenceTally.empty(campaign.images()));
          rows.add(row(key, network, tally));
        }
      }
    }
    return trials.sparkSession().createDataFrame(rows, Tables.CELLS).coalesce(1);
  }

  private Map<Key, DifferenceTally> tallies(Dataset<Row> trials) {
    var sums =
        trials
            .selectExpr("*", "CAST(correct AS BIGINT) AS c", "c - golden_correct AS d")
            .groupBy("network", "kind", "rate")
            .agg(
                expr("count(c)"),
                expr("coalesce(sum(d), 0)"),
                expr("coalesce(sum(d * d), 0)"),
                expr("coalesce(sum(c), 0)"),
                expr("coalesce(sum(c * c), 0)"),
                expr("min(correct)"),
                expr("max(correct)"),
                expr("coalesce(sum(faulty_cells) FILTER (WHERE c IS NOT NULL), 0)"),
                expr("count(*) - count(c)"));
    Map<Key, DifferenceTally> tallies = new HashMap<>();
    for (Row row : sums.collectAsList()) {
      tallies.put(new Key(row.getString(0), row.getString(1), row.getDouble(2)), tally(row));
    }
    return tallies;
  }

  private DifferenceTally tally(Row row) {
    int images = campaign.images();
    return new DifferenceTally(
        images,
        row.getLong(3),
        row.getLong(4),
        row.getLong(5),
        row.getLong(6),
        row.getLong(7),
        row.isNullAt(8) ? images : row.getInt(8),
        row.isNullAt(9) ? 0 : row.getInt(9),
        row.getLong(10),
        row.getLong(11));
  }

  private Row row(Key key, int index, DifferenceTally tally) {
    var network = campaign.networks().get(index);
    int population = campaign.dataset().size();
    var estimate =
        CellEstimate.of(
            tally,
            goldenCorrect[index],
            population,
            key.rate() > 0 && cells(network) > 0,
            campaign.confidence());
    boolean any = tally.trials() > 0;
    double images = tally.images();
    return RowFactory.create(
        key.network(),
        key.kind(),
        key.rate(),
        tally.trials(),
        tally.failedTrials(),
        tally.images(),
        (double) goldenCorrect[index] / population,
        boxed(estimate.meanAccuracy()),
        boxed(estimate.halfWidth()),
        campaign.confidence(),
        boxed(estimate.standardDeviation()),
        any ? tally.minCorrect() / images : null,
        any ? tally.maxCorrect() / images : null,
        any ? (double) tally.faultyCells() / tally.trials() : null,
        estimate.interval() == CellEstimate.Interval.EXACT);
  }

  /** Memory cells of a network that may be faulty. */
  private long cells(CampaignNetwork network) {
    return new FaultSampler(
            campaign.seed(),
            CampaignNetwork.weights(network.network()),
            CampaignNetwork.bits(network.network()),
            network.scope())
        .cells();
  }

  private static Double boxed(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
