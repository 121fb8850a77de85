package org.bitquake.jobs.singlefault;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.bitquake.Text;
import org.bitquake.jobs.console.TextTable;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.jobs.injection.ProtectionRows;

/**
 * The end of a campaign of single faults in words: for each network × protection a table of layers
 * × bits.
 *
 * @param rates rows of the table {@code single_fault_rates}
 * @param place where the tables lie
 */
record SingleFaultReport(SingleFaultCampaign campaign, List<Row> rates, String place) {
  String text() {
    var text = new StringBuilder();
    var kinds = campaign.models(0).stream().map(MemoryModel::name).toList();
    for (var network : campaign.networks()) {
      kinds.forEach(kind -> network(text, network.name(), kind));
    }
    if (kinds.size() > 1) {
      text.append(protections(kinds));
    }
    text.append(CampaignNetwork.storageNote(campaign.networks(), List.of(campaign.encoding())));
    text.append(
        Text.of(
            "%,d single faults on %,d images each%s; tables single_faults, single_fault_rates, networks%s in %s%n",
            campaign.faults(),
            campaign.images(),
            failed() == 0 ? "" : Text.of(", %,d of them failed", failed()),
            ProtectionRows.apply(campaign.models(0)) ? ", protections" : "",
            place));
    text.append(
        Text.of(
            """
        Ask them with
          submit/bitquake sql --results %s "SELECT * FROM single_faults ORDER BY correct LIMIT 20"
        """,
            place));
    return text.toString();
  }

  /** Faults that failed. */
  long failed() {
    return whole().mapToLong(row -> row.<Long>getAs("failed")).sum();
  }

  private Stream<Row> whole() {
    return rates.stream().filter(row -> row.getAs("layer") == null && row.getAs("bit") == null);
  }

  private static boolean isOf(Row row, String network, String kind) {
    return row.getAs("network").equals(network) && row.getAs("kind").equals(kind);
  }

  /** What each protection leaves of what single faults do to each network. */
  private String protections(List<String> kinds) {
    var table =
        new TextTable(
            "network", "protection", "other prediction", "SDC-1 of pairs", "mean drop", "worst");
    for (var network : campaign.networks()) {
      for (int i = 0; i < kinds.size(); i++) {
        String kind = kinds.get(i);
        Row row = whole().filter(it -> isOf(it, network.name(), kind)).findFirst().orElseThrow();
        table.add(
            network.name(),
            campaign.protections().get(i).name(),
            interval(row, "changed_prediction", 2),
            interval(row, "sdc1", 3),
            interval(row, "mean_drop", 3),
            number(row.getAs("worst_drop"), 2));
      }
    }
    return Text.of("All of that by protection, of the same faults%n%s%n", table.render());
  }

  private void network(StringBuilder text, String name, String kind) {
    Row all = whole().filter(row -> isOf(row, name, kind)).findFirst().orElseThrow();
    text.append(
        Text.of(
            "%s, single %s: %% of faults, ± to the far end of the %s %% confidence interval%n",
            name,
            campaign.title() + kind.substring(campaign.kind().label().length()),
            percent(campaign.confidence())));
    var table =
        new TextTable(
            "layer",
            "bit",
            campaign.places(),
            "injected",
            "masked",
            "other logits",
            "other prediction",
            "SDC-1 of pairs",
            "mean drop",
            "worst");
    rates.stream()
        .filter(row -> isOf(row, name, kind))
        .forEach(
            row ->
                table.add(
                    Objects.requireNonNullElse(row.getAs("layer"), "all"),
                    bit(row),
                    count(row, "population"),
                    count(row, "injected"),
                    interval(row, "masked", 2),
                    interval(row, "changed_logits", 2),
                    interval(row, "changed_prediction", 2),
                    interval(row, "sdc1", 3),
                    interval(row, "mean_drop", 3),
                    number(row.getAs("worst_drop"), 2)));
    text.append(table.render());
    text.append(
        Text.of(
            "accuracy without faults on these images %.2f %%; drops in percentage points%n%n",
            100 * all.<Double>getAs("golden_accuracy")));
  }

  private static String bit(Row row) {
    Integer bit = row.getAs("bit");
    return bit == null ? "all" : Integer.toString(bit);
  }

  private static String count(Row row, String column) {
    return Text.of("%,d", row.<Long>getAs(column));
  }

  private static String interval(Row row, String column, int digits) {
    Double mean = row.getAs(column);
    if (mean == null) {
      return null;
    }
    double half =
        Math.max(
            row.<Double>getAs(column + "_high") - mean, mean - row.<Double>getAs(column + "_low"));
    return number(mean, digits) + (row.<Boolean>getAs("exact") ? "" : " ± " + number(half, digits));
  }

  private static String number(Double fraction, int digits) {
    return fraction == null
        ? null
        : String.format(Locale.ROOT, "%." + digits + "f", 100 * fraction)
            .replaceFirst("^-(0\\.0+)$", "$1");
  }

  private static String percent(double probability) {
    return BigDecimal.valueOf(probability).movePointRight(2).stripTrailingZeros().toPlainString();
  }
}
