package org.bitquake.jobs.campaign;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.bitquake.jobs.store.Tables;
import org.bitquake.jobs.store.TopFive;
import org.bitquake.stats.CellEstimate;
import org.bitquake.stats.DifferenceTally;
import org.bitquake.stats.VarianceComponents;

/**
 * Makes the table {@code cells} from {@code trials}: the driver makes an estimate of each of the
 * few sums.
 *
 * @param goldenCorrect images of the whole data set that each network gets right
 * @param goldenTop5 images whose label is among its five largest logits; no matter with few classes
 */
record Cells(Campaign campaign, int[] goldenCorrect, int[] goldenTop5) {

  /** A row for each network × kind × rate, in the order of the configuration. */
  Dataset<Row> of(Dataset<Row> trials) {
    var tallies = Tallies.ofCorrect(trials);
    var top5 = campaign.hasTop5() ? Optional.of(Tallies.ofTop5(trials)) : Optional.<Tallies>empty();
    List<Row> rows = new ArrayList<>();
    for (int cell = 0; cell < campaign.cells(); cell++) {
      var values = row(cell, tallies.tally(campaign, cell), tallies.latestImages(campaign, cell));
      int index = cell;
      top5.ifPresent(its -> values.addAll(top5(index, its.tally(campaign, index))));
      rows.add(RowFactory.create(values.toArray()));
    }
    StructType base = campaign.points().isEmpty() ? Tables.CELLS : Tables.CELLS_OF_VOLTAGES;
    var schema = campaign.hasTop5() ? TopFive.with("cells", base) : base;
    return trials.sparkSession().createDataFrame(rows, schema).coalesce(1);
  }

  private CellEstimate estimate(int index, DifferenceTally tally, int[] golden) {
    var cell = campaign.cell(index);
    return CellEstimate.of(
        tally,
        golden[cell.network()],
        campaign.dataset().size(),
        !campaign.isExact(index),
        campaign.confidence());
  }

  private List<Object> top5(int index, DifferenceTally tally) {
    var estimate = estimate(index, tally, goldenTop5);
    int golden = goldenTop5[campaign.cell(index).network()];
    return Arrays.asList(
        (double) golden / campaign.dataset().size(),
        boxed(estimate.meanAccuracy()),
        boxed(estimate.halfWidth()));
  }

  private List<Object> row(int index, DifferenceTally tally, int images) {
    var cell = campaign.cell(index);
    var network = campaign.networks().get(cell.network());
    int population = campaign.dataset().size();
    int golden = goldenCorrect[cell.network()];
    var estimate = estimate(index, tally, goldenCorrect);
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
    return values;
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
