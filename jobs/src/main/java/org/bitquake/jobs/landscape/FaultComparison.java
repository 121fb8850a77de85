package org.bitquake.jobs.landscape;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.bitquake.Text;
import org.bitquake.jobs.console.TextTable;
import org.bitquake.jobs.figure.FaultScatter;
import org.bitquake.jobs.figure.LandscapeFigures;
import org.bitquake.stats.PermutationCorrelation;

/**
 * Sharpness against accuracy lost under faults, over networks: the claim that networks in sharper
 * minima lose more, measured.
 *
 * @param sharpness rows of the table {@code sharpness}
 */
record FaultComparison(FaultLosses faults, List<Row> sharpness) {

  String text() {
    int networks = (int) faults.losses().stream().map(FaultLosses.Loss::network).distinct().count();
    return Text.of(
        """
        Sharpness against accuracy lost under faults (%s), %d networks:
        correlation, and in brackets the two-sided p-value of the permutation test.
        %s%s""",
        faults.place(), networks, table(), caution(networks));
  }

  private static String caution(int networks) {
    double least = PermutationCorrelation.smallestP(networks);
    return String.format(
        Locale.ROOT,
        least > 0.01
            ? "With %d networks no p-value can be below %.3f: a hint, not a proof.%n"
            : "%d networks; the smallest p-value there can be is %.2g.%n",
        networks,
        least);
  }

  private String table() {
    List<String> titles = new ArrayList<>(List.of("measure"));
    for (String kind : faults.kinds()) {
      String rate = percent(faults.of(kind).get(0).rate());
      titles.add(Text.of("%s %s %%: Spearman", kind, rate));
      titles.add("Pearson");
    }
    var table = new TextTable(titles);
    for (Row measure : measures()) {
      List<String> line = new ArrayList<>();
      Double radius = measure.getAs("radius");
      line.add(measure.getAs("measure") + (radius == null ? "" : " " + radius));
      for (String kind : faults.kinds()) {
        var correlation = correlation(measure, faults.of(kind));
        line.add(cell(correlation.spearman(), correlation.spearmanP()));
        line.add(cell(correlation.pearson(), correlation.pearsonP()));
      }
      table.add(line);
    }
    return table.render();
  }

  private static String cell(double correlation, double p) {
    return Double.isNaN(correlation) ? null : Text.of("%.2f (%.3f)", correlation, p);
  }

  /** The measures, as rows of the first network. */
  private List<Row> measures() {
    String first = sharpness.get(0).getAs("network");
    return sharpness.stream().filter(r -> r.<String>getAs("network").equals(first)).toList();
  }

  private PermutationCorrelation correlation(Row measure, List<FaultLosses.Loss> losses) {
    double[] x =
        losses.stream()
            .mapToDouble(loss -> row(measure, loss.network()).<Double>getAs("value"))
            .toArray();
    double[] y = losses.stream().mapToDouble(FaultLosses.Loss::lost).toArray();
    return PermutationCorrelation.of(x, y);
  }

  /** The same measure of a network. */
  private Row row(Row measure, String network) {
    return sharpness.stream()
        .filter(r -> r.<String>getAs("network").equals(network))
        .filter(r -> r.getAs("measure").equals(measure.getAs("measure")))
        .filter(r -> String.valueOf(r.<Double>getAs("radius")).equals(radius(measure)))
        .findFirst()
        .orElseThrow();
  }

  private static String radius(Row measure) {
    return String.valueOf(measure.<Double>getAs("radius"));
  }

  /** Against the mean rise at the largest radius: it does not depend on how weights are scaled. */
  Map<String, byte[]> figure() throws IOException {
    Row measure =
        measures().stream()
            .filter(r -> r.<String>getAs("measure").equals("mean-rise"))
            .reduce((a, b) -> a.<Double>getAs("radius") > b.<Double>getAs("radius") ? a : b)
            .orElseThrow();
    List<FaultScatter> points = new ArrayList<>();
    for (var loss : faults.losses()) {
      Row its = row(measure, loss.network());
      points.add(
          new FaultScatter(
              loss.network(),
              loss.kind(),
              loss.rate(),
              its.<Double>getAs("value"),
              its.<Double>getAs("standard_error"),
              loss.lost(),
              loss.halfWidth()));
    }
    return LandscapeFigures.faults(points, "Loss rise at radius " + radius(measure) + " (nats)");
  }

  private static String percent(double rate) {
    return BigDecimal.valueOf(rate).movePointRight(2).stripTrailingZeros().toPlainString();
  }
}
