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

/** What it changes how codes are stored: accuracy against how far faults push weights. */
record EncodingSection(Results results, Styles styles) {
  Optional<Section> section() {
    return results.has("encodings")
        ? results
            .ask("encodings.sql", "cells", "pairs", "encodings")
            .filter(answer -> !answer.isEmpty() && answer.most("percent_faulty") > 0)
            .map(this::section)
        : Optional.empty();
  }

  private Section section(Answer answer) {
    double rate = answer.most("percent_faulty");
    var shown = answer.of(answer.where("percent_faulty", rate));
    var x =
        Axis.around(
            "Largest mean change (% of the rms weight)",
            Math.min(0, -answer(shown, "shift", true)), Math.max(1, answer(shown, "shift", false)));
    double low =
        shown.rows().stream().mapToDouble(row -> number(row, "accuracy")).min().orElseThrow();
    var y = Axis.around("Accuracy (%)", low, shown.most("accuracy"));
    var present = shown.distinct("faults");
    List<Panel> panels = new ArrayList<>();
    for (String faults : present.stream().sorted().toList()) {
      String title = FaultPanels.title(faults);
      var panel =
          new XyPanel(
              "Accuracy against the mean change of weights, " + title,
              x,
              y,
              series(shown.where("faults", faults)),
              false);
      panels.add(Panel.of(title, panel));
    }
    var figure =
        new Figure(
            Text.of(
                "Accuracy with %s %% of the cells faulty against how far they push weights to one"
                    + " side: the mean change of a weight in the layer where it is largest, %% of the"
                    + " layer's root mean square weight. A point for each encoding%s.",
                Numbers.text(rate),
                styles.areGroups() ? "; means of networks that were trained alike" : ""),
            styles.legend(shown.distinct("network")),
            panels,
            answer);
    return new Section("How codes are stored", lead(shown), List.of(figure));
  }

  /** The largest value of a column, or minus the smallest. */
  private static double answer(Answer its, String column, boolean negative) {
    return its.rows().stream()
        .mapToDouble(row -> negative ? -number(row, column) : number(row, column))
        .max()
        .orElseThrow();
  }

  private List<Series> series(List<Map<String, Object>> rows) {
    Map<String, Map<String, List<Map<String, Object>>>> groups = new TreeMap<>();
    for (var row : rows) {
      groups
          .computeIfAbsent(styles.name((String) row.get("network")), g -> new TreeMap<>())
          .computeIfAbsent((String) row.get("encoding"), e -> new ArrayList<>())
          .add(row);
    }
    List<Series> all = new ArrayList<>();
    groups.forEach(
        (name, encodings) -> {
          List<Point> points = new ArrayList<>();
          encodings.forEach((encoding, its) -> points.add(point(name, encoding, its)));
          all.add(new Series(name, styles.of(name), Form.POINTS, points));
        });
    return all;
  }

  private Point point(String name, String encoding, List<Map<String, Object>> rows) {
    double shift = mean(rows, "shift");
    double accuracy = mean(rows, "accuracy");
    double half = styles.areGroups() ? 0 : number(rows.get(0), "half_width", 0);
    String of = styles.areGroups() ? Text.of(", mean of %d", rows.size()) : "";
    String tip = Text.of("%s in %s%s: %.2f %%", name, encoding, of, accuracy);
    return new Point(shift, accuracy, accuracy - half, accuracy + half, tip);
  }

  private static double mean(List<Map<String, Object>> rows, String column) {
    return rows.stream().mapToDouble(row -> number(row, column)).average().orElseThrow();
  }

  private static String lead(Answer shown) {
    return shown.rows().stream()
        .filter(row -> row.get("gain") != null)
        .max(Comparator.comparingDouble(row -> Math.abs(number(row, "gain"))))
        .map(
            row ->
                Text.of(
                    "It changes most for %s under %s: %s keeps %.1f %%, %+.1f points against two's"
                        + " complement.",
                    row.get("network"),
                    row.get("faults"),
                    row.get("encoding"),
                    number(row, "accuracy"),
                    number(row, "gain")))
        .orElse("All encodings of a trial see the same faulty cells.");
  }
}
