package org.bitquake.jobs.report;

import static org.bitquake.jobs.report.Answer.number;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bitquake.Text;
import org.bitquake.jobs.figure.Panel;
import org.bitquake.jobs.figure.XyPanel;
import org.bitquake.jobs.figure.XyPanel.Axis;
import org.bitquake.jobs.figure.XyPanel.Form;
import org.bitquake.jobs.figure.XyPanel.Point;
import org.bitquake.jobs.figure.XyPanel.Series;

/** What protections of a memory give, against what they cost. */
record ProtectionSection(Results results, Styles styles) {
  Optional<Section> section() {
    return results.has("protections")
        ? results
            .ask("protections.sql", "cells", "pairs", "protections")
            .filter(answer -> !answer.isEmpty())
            .map(this::section)
        : Optional.empty();
  }

  private Section section(Answer answer) {
    double most = answer.most("added_area");
    var x = new Axis("Added area (%)", 0, Math.max(1, 1.05 * most), false);
    List<Panel> panels = new ArrayList<>();
    for (String faults : answer.distinct("faults").stream().sorted().toList()) {
      var ofFaults = answer.of(answer.where("faults", faults));
      var rates =
          ofFaults.rows().stream()
              .map(row -> number(row, "percent_faulty"))
              .filter(rate -> rate > 0)
              .distinct()
              .sorted()
              .toList();
      for (double rate : rates) {
        panels.add(panel(ofFaults.of(ofFaults.where("percent_faulty", rate)), faults, rate, x));
      }
    }
    var figure =
        new Figure(
            "Accuracy against what protections cost: area of check cells and of what hardened cells"
                + " are larger, % of the area of the weights' cells. Lines join what is cheapest for"
                + " its accuracy.",
            styles.legend(answer.distinct("network")), panels, answer);
    return new Section("What protection is worth its cells", lead(answer), List.of(figure));
  }

  private Panel panel(Answer its, String faults, double rate, Axis x) {
    double low =
        its.rows().stream().mapToDouble(row -> number(row, "accuracy")).min().orElseThrow();
    var y = Axis.around("Accuracy (%)", low, its.most("accuracy"));
    List<Series> series = new ArrayList<>();
    for (String network : its.distinct("network")) {
      var rows =
          its.where("network", network).stream()
              .sorted(Comparator.comparingDouble(row -> number(row, "added_area")))
              .toList();
      int style = styles.of(network);
      series.add(
          new Series(
              network,
              style,
              Form.BAND,
              rows.stream()
                  .filter(row -> row.get("frontier").equals(true))
                  .map(this::point)
                  .toList()));
      series.add(
          new Series(
              network,
              style,
              Form.POINTS,
              rows.stream()
                  .filter(row -> row.get("frontier").equals(false))
                  .map(this::point)
                  .toList()));
    }
    String title = Text.of("%s, %s %% faulty", FaultKinds.title(faults), Numbers.text(rate));
    return Panel.of(
        title, new XyPanel("Accuracy against added area, " + title, x, y, series, false));
  }

  private Point point(Map<String, Object> row) {
    double accuracy = number(row, "accuracy");
    double half = number(row, "half_width", 0);
    return new Point(
        number(row, "added_area"),
        accuracy,
        accuracy - half,
        accuracy + half,
        Text.of(
            "%s, %s: %.2f %% ± %.2f, %.2f %% more area",
            row.get("network"), row.get("protection"), accuracy, half, number(row, "added_area")));
  }

  private static String lead(Answer answer) {
    double rate = answer.most("percent_faulty");
    var best =
        answer.rows().stream()
            .filter(row -> number(row, "percent_faulty") == rate && row.get("gain") != null)
            .max(Comparator.comparingDouble(row -> number(row, "gain")));
    return best.map(
            row ->
                Text.of(
                    "The most is gained by %s for %s under %s at %s %%: %+.1f points for %.1f %% more"
                        + " area.",
                    row.get("protection"),
                    row.get("network"),
                    row.get("faults"),
                    Numbers.text(rate),
                    number(row, "gain"),
                    number(row, "added_area")))
        .orElse("All protections of a trial see the same faults.");
  }
}
