package org.bitquake.jobs.campaign;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.bitquake.jobs.store.Tables;
import org.bitquake.stats.QuantileRanks;

/**
 * Makes the table {@code quantiles} from {@code trials}: how accuracy is distributed over fault
 * maps. Only where a trial sees all images is its accuracy that of its fault map.
 */
record Quantiles(Campaign campaign) {
  private static final double[] QUANTILES = {0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99};

  /** Trials of a cell by the number of images that they got right. */
  private record Histogram(TreeMap<Integer, Long> trials) {
    int size() {
      return Math.toIntExact(trials.values().stream().mapToLong(Long::longValue).sum());
    }

    /** The correct images of the trial at a place in the order, counted from 1. */
    Integer at(int rank) {
      long before = 0;
      for (var entry : trials.entrySet()) {
        before += entry.getValue();
        if (rank <= before) {
          return rank < 1 ? null : entry.getKey();
        }
      }
      return null;
    }
  }

  /** Whether a campaign has this table. */
  static boolean apply(Campaign campaign) {
    return !campaign.autoImages() && campaign.images() == campaign.dataset().size();
  }

  /** Rows in the order of the configuration; none for cells without a trial. */
  Dataset<Row> of(Dataset<Row> trials) {
    var histograms = histograms(trials);
    List<Row> rows = new ArrayList<>();
    for (int index = 0; index < campaign.cells(); index++) {
      var cell = campaign.cell(index);
      String network = campaign.networks().get(cell.network()).name();
      var histogram = histograms.get(key(network, cell.kind().name(), cell.rate()));
      if (histogram != null) {
        for (double quantile : QUANTILES) {
          rows.add(row(network, cell, quantile, histogram));
        }
      }
    }
    return trials.sparkSession().createDataFrame(rows, Tables.QUANTILES).coalesce(1);
  }

  private static Map<List<Object>, Histogram> histograms(Dataset<Row> trials) {
    Map<List<Object>, Histogram> histograms = new HashMap<>();
    var counts =
        trials
            .filter("correct IS NOT NULL")
            .groupBy("network", "kind", "rate", "correct")
            .count()
            .collectAsList();
    for (Row row : counts) {
      histograms
          .computeIfAbsent(
              key(row.getString(0), row.getString(1), row.getDouble(2)),
              k -> new Histogram(new TreeMap<>()))
          .trials()
          .put(row.getInt(3), row.getLong(4));
    }
    return histograms;
  }

  private static List<Object> key(String network, String kind, double rate) {
    return List.of(network, kind, rate);
  }

  private Row row(String network, Campaign.Cell cell, double quantile, Histogram histogram) {
    var ranks = QuantileRanks.of(histogram.size(), quantile, campaign.confidence());
    return RowFactory.create(
        network,
        cell.kind().name(),
        cell.rate(),
        quantile,
        accuracy(histogram.at(ranks.rank())),
        accuracy(histogram.at(ranks.low())),
        accuracy(histogram.at(ranks.high())),
        campaign.confidence(),
        (long) histogram.size());
  }

  private Double accuracy(Integer correct) {
    return correct == null ? null : (double) correct / campaign.dataset().size();
  }
}
