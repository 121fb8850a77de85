package org.bitquake.jobs.report;

import static org.bitquake.jobs.report.Answer.number;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bitquake.Text;
import org.bitquake.jobs.figure.XyPanel.Axis;
import org.bitquake.jobs.figure.XyPanel.Point;

/** How much better one network is than another; of many networks, one method than another. */
record DifferenceSection(Results results, Styles styles) {

  Optional<Section> section() {
    return styles.areGroups()
        ? results.ask("method-differences.sql", "cells", "networks").map(this::ofMethods)
        : results.ask("network-differences.sql", "pairs").map(this::ofNetworks);
  }

  private Section ofNetworks(Answer answer) {
    String than = answer.distinct("than").get(0);
    var figure =
        figure(
            answer,
            "network",
            than,
            Text.of(
                "Accuracy minus that of %s, on the same faults and the same images; above 0 is better.",
                than));
    return new Section(
        "Differences between networks",
        "Trials of one number share their faulty cells and images in all networks, so differences"
            + " are known better than the accuracies themselves.",
        List.of(figure));
  }

  private Section ofMethods(Answer answer) {
    String caption =
        "Accuracy minus that of standard training, mean over the seeds; bands are 95 % intervals"
            + " for all trainings there could be. Above 0 is better.";
    return new Section(
        "Differences between methods",
        "Networks of one training seed compared, so that the luck of training counts once.",
        List.of(
            styles.methods()
                ? figure(answer, "method", answer.distinct("than").get(0), caption)
                : Figure.table(
                    "Accuracy minus that of standard training with the same quantiser, points.",
                    answer)));
  }

  private Figure figure(Answer answer, String column, String than, String caption) {
    double low = answer.rows().stream().mapToDouble(r -> number(r, "low")).min().orElseThrow();
    double high = answer.most("high");
    var y = Axis.around("Difference (points)", Math.min(0, low), Math.max(0, high));
    var panels =
        new RatePanels(styles, column)
            .of(
                answer,
                "Difference of accuracy from " + than,
                y,
                true,
                row -> point(row, (String) row.get(column)));
    return new Figure(caption, styles.legend(answer.distinct(column)), panels, answer);
  }

  private static Point point(Map<String, Object> row, String name) {
    return new Point(
        number(row, "percent_faulty"),
        number(row, "difference"),
        number(row, "low"),
        number(row, "high"),
        Text.of(
            "%s minus %s, %s %%: %+.2f points (%+.2f to %+.2f)",
            name,
            row.get("than"),
            Numbers.text(row.get("percent_faulty")),
            number(row, "difference"),
            number(row, "low"),
            number(row, "high")));
  }
}
