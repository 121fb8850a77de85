package org.bitquake.jobs.protect;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.spark.sql.Row;
import org.bitquake.Text;
import org.bitquake.jobs.console.TextTable;
import org.bitquake.jobs.injection.CampaignNetwork;

/**
 * The end of a search in words.
 *
 * @param frontier rows of the table {@code protection_frontier}
 * @param place where the tables lie
 */
record ProtectReport(SearchPlan plan, List<Row> frontier, String place) {
  String text() {
    var text =
        new StringBuilder(
            Text.of(
                """
            %s at %s%s %%: the cheapest protection of each network that keeps its target; accuracies in %%
            """,
                plan.faults().name(),
                plan.point().map(its -> its.voltage() + ", ").orElse(""),
                percent(plan.rate())));
    var table =
        new TextTable(
            List.of(
                "network",
                "without faults",
                "target",
                "protection",
                "encoding",
                "cells",
                "area",
                "accuracy",
                "at least"));
    for (String name : names()) {
      var winner = winner(name);
      table.add(winner.map(row -> line(name, row)).orElseGet(() -> nothing(name)));
    }
    text.append(table.render()).append('\n');
    for (String name : names()) {
      if (winner(name).isEmpty()) {
        text.append(Text.of("%s: not reached: %s%n", name, howFar(name)));
      }
    }
    boolean any = unreached() < names().size();
    if (any) {
      text.append(
          Text.of(
              """
          With %s %% confidence everything in the last column holds, of all networks at once: it is from
          fresh trials, and takes into account that the protections were chosen.
          """,
              percent(plan.confidence())));
    }
    text.append(
        Text.of(
            "Tables trials, protection_steps, protection_frontier, networks%s in %s%n",
            any ? ", and winner-NETWORK.yaml for a campaign," : "", place));
    return text.toString();
  }

  /** Networks for which no protection was confirmed. */
  long unreached() {
    return names().stream().filter(name -> winner(name).isEmpty()).count();
  }

  private List<String> names() {
    return plan.networks().stream().map(CampaignNetwork::name).toList();
  }

  private List<Row> of(String network, Predicate<Row> wanted) {
    return frontier.stream()
        .filter(row -> row.getAs("network").equals(network))
        .filter(wanted)
        .toList();
  }

  private Optional<Row> winner(String network) {
    return of(network, row -> row.getAs("winner")).stream().findFirst();
  }

  private List<String> line(String name, Row row) {
    return List.of(
        name,
        hundredths(row.getAs("clean_accuracy")),
        hundredths(row.getAs("target")),
        row.getAs("protection"),
        row.getAs("encoding"),
        added(row.getAs("added_cells")),
        added(row.getAs("added_area")),
        hundredths(row.getAs("fresh_accuracy")),
        hundredths(row.getAs("bound")));
  }

  private List<String> nothing(String name) {
    Row any = of(name, row -> true).get(0);
    List<String> line = new ArrayList<>();
    line.add(name);
    line.add(hundredths(any.getAs("clean_accuracy")));
    line.add(hundredths(any.getAs("target")));
    line.add("not reached");
    while (line.size() < 9) {
      line.add(null);
    }
    return line;
  }

  private String howFar(String name) {
    var best =
        of(name, row -> !row.isNullAt(row.fieldIndex("accuracy"))).stream()
            .max(Comparator.comparingDouble(row -> row.<Double>getAs("accuracy")))
            .orElseThrow();
    boolean enough = best.<Double>getAs("accuracy") >= best.<Double>getAs("target");
    return Text.of(
        "%s in %s keeps %s %% for %s area; %s",
        best.getAs("protection"),
        best.getAs("encoding"),
        hundredths(best.getAs("accuracy")),
        added(best.getAs("added_area")),
        Advice.of(enough));
  }

  private static String added(double share) {
    return Text.of("+%.1f %%", 100 * share);
  }

  private static String hundredths(double fraction) {
    return Text.of("%.2f", 100 * fraction);
  }

  private static String percent(double probability) {
    return BigDecimal.valueOf(probability).movePointRight(2).stripTrailingZeros().toPlainString();
  }
}
