package org.bitquake.jobs.report;

import static org.bitquake.jobs.report.Answer.number;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bitquake.jobs.figure.Panel;
import org.bitquake.jobs.figure.XyPanel;
import org.bitquake.jobs.figure.XyPanel.Axis;
import org.bitquake.jobs.figure.XyPanel.Form;
import org.bitquake.jobs.figure.XyPanel.Point;
import org.bitquake.jobs.figure.XyPanel.Series;

/** How sparse activations can be before fault tolerance suffers. */
record SparsitySection(Results results) {
  private static final int LEAST_NETWORKS = 3;

  /** The style in the colour of text. */
  private static final int FRONTIER = 4;

  Optional<Section> section() {
    return results
        .ask("sparsity-frontier.sql", "cells", "networks", "activations")
        .filter(answer -> answer.distinct("network").size() >= LEAST_NETWORKS)
        .map(SparsitySection::section);
  }

  private static Section section(Answer answer) {
    var shown = answer.of(answer.where("percent_faulty", answer.most("percent_faulty")));
    List<String> families = shown.distinct("family").stream().sorted().toList();
    List<Panel> legend = new ArrayList<>();
    for (String family : families) {
      legend.add(Panel.swatch(family, style(families, family)));
    }
    legend.add(Panel.line("frontier", FRONTIER));
    List<Panel> panels = new ArrayList<>();
    for (String kind : FaultKinds.of(shown)) {
      panels.add(panel(kind, shown, families));
    }
    var figure =
        new Figure(
            "Accuracy with %s %% of the cells faulty against the part of activations that is 0, a point"
                    .formatted(Numbers.text(answer.most("percent_faulty")))
                + " for each network. On the frontier no other network is both sparser and more"
                + " accurate.",
            legend,
            panels,
            answer);
    return new Section("Sparsity against fault tolerance", lead(shown), List.of(figure));
  }

  private static String lead(Answer shown) {
    String kind = FaultKinds.of(shown).get(0);
    var frontier =
        shown.where("kind", kind).stream().filter(r -> (Boolean) r.get("frontier")).toList();
    var densest = frontier.get(0);
    var sparsest = frontier.get(frontier.size() - 1);
    return String.format(
        Locale.ROOT,
        "How sparse can activations be before fault tolerance suffers? Under %s %% %s, the frontier"
            + " goes from %s (%.0f %% zeros, %.1f %% accuracy) to %s (%.0f %%, %.1f %%).",
        Numbers.text(densest.get("percent_faulty")),
        FaultKinds.title(kind).toLowerCase(Locale.ROOT),
        densest.get("network"),
        number(densest, "zeros"),
        number(densest, "accuracy"),
        sparsest.get("network"),
        number(sparsest, "zeros"),
        number(sparsest, "accuracy"));
  }

  private static int style(List<String> families, String family) {
    int index = families.indexOf(family);
    return index < FRONTIER ? index : index + 1;
  }

  private static Panel panel(String kind, Answer shown, List<String> families) {
    var its = shown.of(shown.where("kind", kind));
    List<Series> series = new ArrayList<>();
    series.add(new Series("frontier", FRONTIER, Form.LINE, frontier(its)));
    for (String family : families) {
      var points = its.where("family", family).stream().map(SparsitySection::point).toList();
      if (!points.isEmpty()) {
        series.add(new Series(family, style(families, family), Form.POINTS, points));
      }
    }
    double least = its.rows().stream().mapToDouble(r -> number(r, "zeros")).min().orElseThrow();
    double lowest = its.rows().stream().mapToDouble(r -> number(r, "low")).min().orElseThrow();
    var x = Axis.around("Activations that are 0 (%)", least, its.most("zeros"));
    var y = Axis.around("Accuracy (%)", lowest, its.most("high"));
    String title = FaultKinds.title(kind);
    return Panel.of(title, new XyPanel("Accuracy against sparsity, " + title, x, y, series, false));
  }

  /** Steps: the best accuracy among networks that are at least so sparse. */
  private static List<Point> frontier(Answer its) {
    List<Point> steps = new ArrayList<>();
    double before = 0;
    for (var row : its.rows()) {
      if ((Boolean) row.get("frontier")) {
        double zeros = number(row, "zeros");
        double accuracy = number(row, "accuracy");
        if (!steps.isEmpty()) {
          steps.add(corner(before, accuracy));
        }
        steps.add(corner(zeros, accuracy));
        before = zeros;
      }
    }
    return steps;
  }

  private static Point corner(double zeros, double accuracy) {
    return new Point(zeros, accuracy, accuracy, accuracy, null);
  }

  private static Point point(Map<String, Object> row) {
    return new Point(
        number(row, "zeros"),
        number(row, "accuracy"),
        number(row, "low"),
        number(row, "high"),
        String.format(
            Locale.ROOT,
            "%s (λ %s, ρ %s): %.1f %% zeros, %.2f %% (%.2f to %.2f), clean %.2f %%%s",
            row.get("network"),
            Numbers.setting(row.get("lambda")),
            Numbers.setting(row.get("rho")),
            number(row, "zeros"),
            number(row, "accuracy"),
            number(row, "low"),
            number(row, "high"),
            number(row, "clean"),
            (Boolean) row.get("frontier") ? ", on the frontier" : ""));
  }
}
