package org.bitquake.jobs.report;

import static org.bitquake.jobs.report.Answer.number;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bitquake.Text;
import org.bitquake.jobs.figure.FaultPanels;
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
    double edge = Math.max(1, most);
    var x = new Axis("Added area (%)", -edge / 40, 1.05 * edge, false);
    List<Panel> panels = new ArrayList<>();
    var present = answer.distinct("faults");
    for (String faults : answer.models().stream().filter(present::contains).toList()) {
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
                + " its accuracy."
                + (styles.areGroups() ? " Means of networks that were trained alike." : ""),
            styles.legend(answer.distinct("network")),
            panels,
            answer);
    return new Section("What protection is worth its cells", lead(answer), List.of(figure));
  }

  /** A protection of a network, or of networks that look alike in the mean. */
  private record Spot(String name, double area, double accuracy, double half, String tip) {
    Point point() {
      return new Point(area, accuracy, accuracy - half, accuracy + half, tip);
    }

    /** Whether another one costs no more and keeps no less, and is not the same in both. */
    boolean isBeatenBy(Spot other) {
      return other.area <= area
          && other.accuracy >= accuracy
          && (other.area < area || other.accuracy > accuracy);
    }
  }

  private Panel panel(Answer its, String faults, double rate, Axis x) {
    double low =
        its.rows().stream().mapToDouble(row -> number(row, "accuracy")).min().orElseThrow();
    var y = Axis.around("Accuracy (%)", low, its.most("accuracy"));
    Map<String, List<Map<String, Object>>> groups = new TreeMap<>();
    for (var row : its.rows()) {
      groups
          .computeIfAbsent(styles.name((String) row.get("network")), g -> new ArrayList<>())
          .add(row);
    }
    List<Series> series = new ArrayList<>();
    groups.forEach(
        (name, rows) -> {
          var spots = spots(name, rows);
          for (boolean frontier : new boolean[] {true, false}) {
            var points =
                spots.stream()
                    .filter(spot -> spots.stream().noneMatch(spot::isBeatenBy) == frontier)
                    .map(Spot::point)
                    .toList();
            series.add(
                new Series(name, styles.of(name), frontier ? Form.BAND : Form.POINTS, points));
          }
        });
    String title = Text.of("%s, %s %% faulty", FaultPanels.title(faults), Numbers.text(rate));
    return Panel.of(
        title, new XyPanel("Accuracy against added area, " + title, x, y, series, false));
  }

  /** By what they cost. */
  private List<Spot> spots(String name, List<Map<String, Object>> rows) {
    Map<String, List<Map<String, Object>>> protections = new TreeMap<>();
    for (var row : rows) {
      protections.computeIfAbsent((String) row.get("protection"), p -> new ArrayList<>()).add(row);
    }
    List<Spot> spots = new ArrayList<>();
    protections.forEach(
        (protection, all) -> {
          double area =
              all.stream().mapToDouble(r -> number(r, "added_area")).average().orElseThrow();
          double mean =
              all.stream().mapToDouble(r -> number(r, "accuracy")).average().orElseThrow();
          double half = styles.areGroups() ? 0 : number(all.get(0), "half_width", 0);
          String of = styles.areGroups() ? Text.of(", mean of %d", all.size()) : "";
          String tip =
              Text.of("%s, %s%s: %.2f %%, %.2f %% more area", name, protection, of, mean, area);
          spots.add(new Spot(protection, area, mean, half, tip));
        });
    spots.sort(Comparator.comparingDouble(Spot::area));
    return spots;
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
