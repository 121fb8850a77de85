package org.bitquake.jobs.campaign;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
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
  private static final String VIEW = "bitquake_pairs_of_trials";

  /** What pairs may differ in, and what makes a pair of one of them. */
  private static final String[][] ATTRIBUTES = {
    {"network", "a.kind = b.kind AND a.rate = b.rate"},
    {"kind", "a.network = b.network AND a.rate = b.rate"},
    {"rate", "a.network = b.network AND a.kind = b.kind"}
  };

  private static final StructType NUMBERS =
      new StructType()
          .add("network", "string", false)
          .add("kind", "string", false)
          .add("rate", "double", false)
          .add("cell", "int", false);

  private record Key(int a, int b) {}

  Dataset<Row> of(Dataset<Row> trials) {
    Map<Key, PairTally> tallies = tallies(trials);
    List<Row> rows = new ArrayList<>();
    for (int a = 0; a < campaign.cells(); a++) {
      for (int b = a + 1; b < campaign.cells(); b++) {
        String differs = differsIn(campaign.cell(a), campaign.cell(b));
        if (differs != null) {
          rows.add(row(differs, a, b, tallies.getOrDefault(new Key(a, b), PairTally.EMPTY)));
        }
      }
    }
    return trials.sparkSession().createDataFrame(rows, Tables.PAIRS).coalesce(1);
  }

  private static String differsIn(Campaign.Cell a, Campaign.Cell b) {
    boolean network = a.network() != b.network();
    boolean kind = a.kind() != b.kind();
    boolean rate = a.rate() != b.rate();
    if ((network ? 1 : 0) + (kind ? 1 : 0) + (rate ? 1 : 0) != 1) {
      return null;
    }
    return network ? "network" : kind ? "kind" : "rate";
  }

  /**
   * Sums of X = L·(d_a/n_a − d_b/n_b) over the trials that both cells have, with L the product of
   * both numbers of images, so that X is an integer.
   */
  private Map<Key, PairTally> tallies(Dataset<Row> trials) {
    var spark = trials.sparkSession();
    trials
        .filter("correct IS NOT NULL")
        .join(numbers(trials), new String[] {"network", "kind", "rate"})
        .selectExpr(
            "cell",
            "network",
            "kind",
            "rate",
            "trial",
            "CAST(images AS BIGINT) AS n",
            "CAST(correct AS BIGINT) - golden_correct AS d")
        .createOrReplaceTempView(VIEW);
    Map<Key, PairTally> tallies = new HashMap<>();
    for (String[] attribute : ATTRIBUTES) {
      for (Row row : spark.sql(sums(attribute[1])).collectAsList()) {
        var tally =
            new PairTally(
                row.getLong(2), row.getLong(3), integer(row, 4), integer(row, 5), integer(row, 6));
        tallies.merge(new Key(row.getInt(0), row.getInt(1)), tally, PairTally::merge);
      }
    }
    spark.catalog().dropTempView(VIEW);
    return tallies;
  }

  private static String sums(String same) {
    return """
        SELECT a, b, unit, count(*), sum(CAST(x AS DECIMAL(38, 0))),
          sum(CAST(x AS DECIMAL(38, 0)) * x), sum(CAST(x AS DECIMAL(19, 0)) * x * x)
        FROM (
          SELECT a.cell AS a, b.cell AS b, a.n * b.n AS unit, a.d * b.n - b.d * a.n AS x
          FROM %1$s a JOIN %1$s b ON a.trial = b.trial AND %2$s AND a.cell < b.cell)
        GROUP BY a, b, unit
        """
        .formatted(VIEW, same);
  }

  private static BigInteger integer(Row row, int column) {
    BigDecimal value = row.getDecimal(column);
    return value.toBigIntegerExact();
  }

  private Dataset<Row> numbers(Dataset<Row> trials) {
    List<Row> rows = new ArrayList<>();
    for (int index = 0; index < campaign.cells(); index++) {
      var cell = campaign.cell(index);
      String name = campaign.networks().get(cell.network()).name();
      rows.add(RowFactory.create(name, cell.kind().label(), cell.rate(), index));
    }
    return trials.sparkSession().createDataFrame(rows, NUMBERS);
  }

  private Row row(String differs, int indexA, int indexB, PairTally tally) {
    var a = campaign.cell(indexA);
    var b = campaign.cell(indexB);
    double population = campaign.dataset().size();
    double clean = (goldenCorrect[a.network()] - goldenCorrect[b.network()]) / population;
    boolean exact = isExact(a) && isExact(b);
    var estimate = PairEstimate.of(tally, clean, exact, campaign.confidence());
    return RowFactory.create(
        differs,
        campaign.networks().get(a.network()).name(),
        campaign.networks().get(b.network()).name(),
        a.kind().label(),
        b.kind().label(),
        a.rate(),
        b.rate(),
        tally.trials(),
        clean,
        boxed(estimate.difference()),
        boxed(estimate.halfWidth()),
        campaign.confidence(),
        exact);
  }

  private boolean isExact(Campaign.Cell cell) {
    return cell.rate() == 0 || campaign.networks().get(cell.network()).cells() == 0;
  }

  private static Double boxed(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
