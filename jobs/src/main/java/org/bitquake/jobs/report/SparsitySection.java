package org.bitquake.jobs.report;

import static org.bitquake.jobs.report.Answer.number;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bitquake.Text;
import org.bitquake.jobs.figure.FaultPanels;
import org.bitquake.jobs.figure.Panel;
import org.bitquake.jobs.figure.XyPanel;
import org.bitquake.jobs.figure.XyPanel.Axis;
import org.bitquake.jobs.figure.XyPanel.Form;
import org.bitquake.jobs.figure.XyPanel.Point;
import org.bitquake.jobs.figure.XyPanel.Series;

/** How sparse activations can be before fault tolerance suffers. */
record SparsitySection(Results results) {
  private static final int LEAST_NETWORKS = 3;

  /** The style in the colour of text; points of that colour have no line. */
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
      legend.add(Panel.marker(family, families.indexOf(family)));
    }
    legend.add(Panel.line("frontier", FRONTIER));
    List<Panel> panels = new ArrayList<>();
    for (String kind : shown.kinds()) {
      panels.add(panel(kind, shown, families));
    }
    var figure =
        new Figure(
            Text.of(
                    "Accuracy with %s %% of the cells faulty against the part of activations that is 0 (after",
                    Numbers.text(answer.most("percent_faulty")))
                + " ReLU, without faults), a point for each network. On the frontier no other network is"
                + " both sparser and more accurate.",
            legend,
            panels,
            answer);
    return new Section("Sparsity against fault tolerance", lead(shown), List.of(figure));
  }

  private static String lead(Answer shown) {
    String kind = shown.kinds().get(0);
    var frontier = onFrontier(shown.of(shown.where("kind", kind)));
    var densest = frontier.get(0);
    var sparsest = frontier.get(frontier.size() - 1);
    String where =
        Text.of(
                "How sparse can activations be before fault tolerance suffers? With %s %% of the cells faulty",
                Numbers.text(densest.get("percent_faulty")))
            + Text.of(" (%s), ", FaultPanels.title(kind).toLowerCase(Locale.ROOT));
    return frontier.size() == 1
        ? where + Text.of("%s is the sparsest and the most accurate.", what(densest))
        : where + Text.of("the frontier goes from %s to %s.", what(densest), what(sparsest));
  }

  private static String what(Map<String, Object> row) {
    return Text.of(
        "%s (%.1f %% zeros, %.1f %% accuracy)",
        row.get("network"), number(row, "zeros"), number(row, "accuracy"));
  }

  private static Panel panel(String kind, Answer shown, List<String> families) {
    var its = shown.of(shown.where("kind", kind));
    List<Series> series = new ArrayList<>();
    for (String family : families) {
      var points = its.where("family", family).stream().map(SparsitySection::point).toList();
      if (!points.isEmpty()) {
        series.add(new Series(family, families.indexOf(family), Form.POINTS, points));
      }
    }
    double least = its.rows().stream().mapToDouble(r -> number(r, "zeros")).min().orElseThrow();
    double lowest = its.rows().stream().mapToDouble(r -> number(r, "low")).min().orElseThrow();
    var x = Axis.around("Activations that are 0 (%)", least, its.most("zeros"));
    var y = Axis.around("Accuracy (%)", lowest, its.most("high"));
    series.add(0, new Series("frontier", FRONTIER, Form.LINE, frontier(its, x.low(), y.low())));
    String title = FaultPanels.title(kind);
    return Panel.of(title, new XyPanel("Accuracy against sparsity, " + title, x, y, series, false));
  }

  /**
   * Steps: the best accuracy among networks that are at least so sparse.
   *
   * @param left where they begin
   * @param bottom where they end
   */
  private static List<Point> frontier(Answer its, double left, double bottom) {
    List<Point> steps = new ArrayList<>();
    double before = left;
    for (var row : onFrontier(its)) {
      double accuracy = number(row, "accuracy");
      steps.add(corner(before, accuracy));
      before = number(row, "zeros");
      steps.add(corner(before, accuracy));
    }
    steps.add(corner(before, bottom));
    return steps;
  }

  private static List<Map<String, Object>> onFrontier(Answer its) {
    return its.rows().stream().filter(row -> (Boolean) row.get("frontier")).toList();
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
        Text.of(
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
