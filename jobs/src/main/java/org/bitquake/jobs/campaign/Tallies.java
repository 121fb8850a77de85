package org.bitquake.jobs.campaign;

import static org.apache.spark.sql.functions.expr;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.bitquake.Text;
import org.bitquake.stats.DifferenceTally;

/**
 * Adds up rows of the table {@code trials} for each cell of a campaign: Spark adds integers,
 * exactly and in any order.
 */
final class Tallies {
  private final Map<Key, DifferenceTally> tallies = new HashMap<>();
  private final Map<Key, Integer> latestImages = new HashMap<>();
  private final Map<Key, Long> rows = new HashMap<>();

  private record Key(String network, String kind, double rate) {}

  private Tallies() {}

  /** Of images classified correctly. */
  static Tallies ofCorrect(Dataset<Row> trials) {
    return of(trials, "");
  }

  /** Of images whose label is among the five largest logits. */
  static Tallies ofTop5(Dataset<Row> trials) {
    return of(trials, "top5_");
  }

  private static Tallies of(Dataset<Row> trials, String prefix) {
    var sums =
        trials
            .selectExpr(
                "*",
                Text.of("CAST(%scorrect AS BIGINT) AS c", prefix),
                Text.of("c - %sgolden_correct AS d", prefix))
            .groupBy("network", "kind", "rate", "images")
            .agg(
                expr("count(c)"),
                expr("coalesce(sum(d), 0)"),
                expr("coalesce(sum(d * d), 0)"),
                expr("coalesce(sum(CAST(d * d * d AS DECIMAL(20, 0))), 0)"),
                expr(Text.of("coalesce(sum(CAST(%schanged AS BIGINT)), 0)", prefix)),
                expr("coalesce(sum(c), 0)"),
                expr("coalesce(sum(c * c), 0)"),
                expr(Text.of("min(%scorrect)", prefix)),
                expr(Text.of("max(%scorrect)", prefix)),
                expr("coalesce(sum(faulty_cells) FILTER (WHERE c IS NOT NULL), 0)"),
                expr("count(*) - count(c)"),
                expr("max(trial)"));
    var all = new Tallies();
    Map<Key, Long> latest = new HashMap<>();
    for (Row row : sums.collectAsList()) {
      var key = new Key(row.getString(0), row.getString(1), row.getDouble(2));
      var tally = tally(row);
      all.tallies.merge(key, tally, CellState::merge);
      all.rows.merge(key, tally.trials() + tally.failedTrials(), Long::sum);
      if (row.getLong(15) >= latest.getOrDefault(key, -1L)) {
        latest.put(key, row.getLong(15));
        all.latestImages.put(key, row.getInt(3));
      }
    }
    return all;
  }

  private static DifferenceTally tally(Row row) {
    int images = row.getInt(3);
    return new DifferenceTally(
        images,
        row.getLong(4),
        row.getLong(5),
        row.getLong(6),
        row.getDecimal(7).toBigIntegerExact(),
        row.getLong(8),
        row.getLong(9),
        row.getLong(10),
        row.isNullAt(11) ? images : row.getInt(11),
        row.isNullAt(12) ? 0 : row.getInt(12),
        row.getLong(13),
        row.getLong(14));
  }

  /** The trials of a cell; without trials, {@code images} of none. */
  DifferenceTally tally(Campaign campaign, int cell) {
    return tallies.getOrDefault(key(campaign, cell), DifferenceTally.empty(campaign.images()));
  }

  /** Rows of a cell, failed trials too. */
  long rows(Campaign campaign, int cell) {
    return rows.getOrDefault(key(campaign, cell), 0L);
  }

  /** Images of a cell's last trial. */
  int latestImages(Campaign campaign, int cell) {
    return latestImages.getOrDefault(key(campaign, cell), campaign.images());
  }

  private static Key key(Campaign campaign, int cell) {
    var its = campaign.cell(cell);
    return new Key(campaign.networks().get(its.network()).name(), its.kind().name(), its.rate());
  }
}
