package org.bitquake.jobs.campaign;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.bitquake.jobs.store.Tables;
import org.bitquake.stats.CellEstimate;
import org.bitquake.stats.DifferenceTally;
import org.bitquake.stats.VarianceComponents;

/**
 * Makes the table {@code cells} from {@code trials}: the driver makes an estimate of each of the
 * few sums.
 *
 * @param goldenCorrect images of the whole data set that each network gets right
 */
record Cells(Campaign campaign, int[] goldenCorrect) {

  /** A row for each network × kind × rate, in the order of the configuration. */
  Dataset<Row> of(Dataset<Row> trials) {
    var tallies = Tallies.of(trials);
    List<Row> rows = new ArrayList<>();
    for (int cell = 0; cell < campaign.cells(); cell++) {
      rows.add(row(cell, tallies.tally(campaign, cell), tallies.latestImages(campaign, cell)));
    }
    var schema = campaign.points().isEmpty() ? Tables.CELLS : Tables.CELLS_OF_VOLTAGES;
    return trials.sparkSession().createDataFrame(rows, schema).coalesce(1);
  }

  private Row row(int index, DifferenceTally tally, int images) {
    var cell = campaign.cell(index);
    var network = campaign.networks().get(cell.network());
    int population = campaign.dataset().size();
    boolean faultsPossible = cell.rate() > 0 && network.cells() > 0;
    int golden = goldenCorrect[cell.network()];
    var estimate =
        CellEstimate.of(tally, golden, population, faultsPossible, campaign.confidence());
    boolean any = tally.trials() > 0;
    double unit = tally.images();
    var variance = variance(tally, population);
    List<Object> values = new ArrayList<>();
    Collections.addAll(
        values,
        network.name(),
        cell.kind().name(),
        cell.rate(),
        tally.trials(),
        tally.failedTrials(),
        images,
        (double) golden / population,
        boxed(estimate.meanAccuracy()),
        boxed(estimate.halfWidth()),
        campaign.confidence(),
        boxed(estimate.standardDeviation()),
        any ? tally.minCorrect() / unit : null,
        any ? tally.maxCorrect() / unit : null,
        any ? (double) tally.faultyCells() / tally.trials() : null,
        variance.map(v -> Math.sqrt(v.betweenMaps())).orElse(null),
        variance.map(VarianceComponents::withinMap).orElse(null),
        campaign.halfWidth().orElse(null),
        estimate.interval() == CellEstimate.Interval.EXACT);
    campaign
        .point(index)
        .ifPresent(point -> Collections.addAll(values, point.voltage(), boxed(point.energy())));
    return RowFactory.create(values.toArray());
  }

  private static Optional<VarianceComponents> variance(DifferenceTally tally, int population) {
    return tally.trials() < 2 || tally.images() < 2
        ? Optional.empty()
        : Optional.of(VarianceComponents.of(tally, population));
  }

  private static Double boxed(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
