package org.bitquake.jobs.campaign;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.spark.sql.Row;
import org.bitquake.Text;
import org.bitquake.jobs.console.TextTable;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.MemoryModel;

/**
 * The end of a campaign in words: for each fault kind a table of networks × rates.
 *
 * @param cells rows of the table {@code cells}
 * @param place where the tables lie
 */
record CampaignReport(Campaign campaign, List<Row> cells, String place) {
  String text() {
    var text = new StringBuilder();
    for (MemoryModel kind : campaign.kinds()) {
      text.append(heading(kind, "accuracy")).append('\n');
      text.append(block(kind, "")).append('\n');
      if (campaign.hasTop5()) {
        text.append(heading(kind, "top-5 accuracy")).append('\n');
        text.append(block(kind, "top5_")).append('\n');
      }
    }
    text.append(clean()).append('\n');
    if (campaign.kinds().stream().anyMatch(MemoryModel::isOfWeights)) {
      text.append(CampaignNetwork.storageNote(campaign.networks(), campaign.encodings()));
    }
    text.append(
        Text.of(
            "%,d trials of %s images%s; tables trials, cells, pairs, networks, activations in %s%n",
            cells.stream().mapToLong(cell -> cell.<Long>getAs("trials")).sum() + failed(),
            images(),
            failed() == 0 ? "" : Text.of(", %,d of them failed", failed()),
            place));
    text.append(
        Text.of(
            """
        Ask them with
          submit/bitquake sql --results %s "SELECT network, kind, rate, accuracy FROM cells WHERE rate > 0 ORDER BY accuracy"
        """,
            place));
    return text.toString();
  }

  /** Trials that failed. */
  long failed() {
    return cells.stream().mapToLong(cell -> cell.<Long>getAs("failed")).sum();
  }

  private String images() {
    var numbers =
        cells.stream().mapToInt(cell -> cell.<Integer>getAs("images")).summaryStatistics();
    return numbers.getMin() == numbers.getMax()
        ? Text.of("%,d", numbers.getMin())
        : Text.of("%,d to %,d", numbers.getMin(), numbers.getMax());
  }

  private String heading(MemoryModel kind, String what) {
    return Text.of(
        "%s: mean %s in %%, ± half of the %s %% confidence interval",
        kind.name(), what, percent(campaign.confidence()));
  }

  /**
   * @param prefix of the columns of an estimate
   */
  private String block(MemoryModel kind, String prefix) {
    boolean given = campaign.points().isEmpty();
    List<String> titles = new ArrayList<>(List.of(given ? "rate" : "voltage: rate"));
    titles.addAll(names());
    var table = new TextTable(titles);
    for (int i = 0; i < campaign.rates().size(); i++) {
      double rate = campaign.rates().get(i);
      String label =
          given
              ? percent(rate) + " %"
              : Text.of("%s: %.3g %%", campaign.points().get(i).voltage(), 100 * rate);
      List<String> line = new ArrayList<>(List.of(label));
      names().forEach(name -> line.add(estimate(cell(name, kind, rate), prefix)));
      table.add(line);
    }
    return table.renderEitherWay("network");
  }

  private String clean() {
    boolean top5 = campaign.hasTop5();
    List<String> titles = new ArrayList<>(List.of("network", "accuracy without faults in %"));
    if (top5) {
      titles.add("top-5");
    }
    var table = new TextTable(titles);
    for (String name : names()) {
      Row any = first(cell -> cell.getAs("network").equals(name));
      List<String> line = new ArrayList<>(List.of(name, hundredths(any.getAs("clean_accuracy"))));
      if (top5) {
        line.add(hundredths(any.getAs("top5_clean_accuracy")));
      }
      table.add(line);
    }
    return table.render();
  }

  private List<String> names() {
    return campaign.networks().stream().map(CampaignNetwork::name).toList();
  }

  private Row cell(String network, MemoryModel kind, double rate) {
    return first(
        cell ->
            cell.getAs("network").equals(network)
                && cell.getAs("kind").equals(kind.name())
                && cell.<Double>getAs("rate") == rate);
  }

  private Row first(Predicate<Row> wanted) {
    return cells.stream().filter(wanted).findFirst().orElseThrow();
  }

  private static String estimate(Row cell, String prefix) {
    Double mean = cell.getAs(prefix + "accuracy");
    Double half = cell.getAs(prefix + "half_width");
    if (mean == null) {
      return null;
    }
    if (cell.<Boolean>getAs("exact")) {
      return hundredths(mean);
    }
    return hundredths(mean) + (half == null ? "" : " ± " + hundredths(half));
  }

  private static String hundredths(double fraction) {
    return Text.of("%.2f", 100 * fraction);
  }

  /** A probability in per cent, all its digits. */
  private static String percent(double probability) {
    return BigDecimal.valueOf(probability).movePointRight(2).stripTrailingZeros().toPlainString();
  }
}
