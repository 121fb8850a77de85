package org.bitquake.jobs.report;

import static org.bitquake.jobs.report.Answer.number;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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

/**
 * Sharpness of one directory's networks against what faults cost them in another: the same networks
 * by content, whatever they are called.
 */
record SharpnessAgainstLoss(List<Results> all, Styles page) {

  /** One for each campaign whose networks' sharpness the page knows. */
  List<Section> sections() {
    List<Answer> rises =
        all.stream().flatMap(its -> its.ask("mean-rise.sql", "sharpness").stream()).toList();
    Map<Results, Section> found = new LinkedHashMap<>();
    for (var campaign : all) {
      rises.stream()
          .flatMap(rise -> section(rise, campaign).stream())
          .findFirst()
          .ifPresent(its -> found.put(campaign, its));
    }
    return found.size() < 2
        ? List.copyOf(found.values())
        : found.entrySet().stream().map(its -> named(its.getKey().name(), its.getValue())).toList();
  }

  private static Section named(String campaign, Section its) {
    return new Section(its.title() + ": " + campaign, its.lead(), its.figures());
  }

  /** If they have a network in common. */
  private Optional<Section> section(Answer rise, Results campaign) {
    return campaign
        .ask("highest-rate.sql", "cells", "networks")
        .filter(
            lost ->
                lost.rows().stream()
                    .anyMatch(row -> !rise.where("content", row.get("content")).isEmpty()))
        .map(lost -> section(rise, lost, Styles.of(campaign, page)));
  }

  private static Section section(Answer rise, Answer lost, Styles styles) {
    String radius = Numbers.text(rise.rows().get(0).get("radius"));
    List<Map<String, Object>> known =
        lost.rows().stream()
            .filter(row -> !rise.where("content", row.get("content")).isEmpty())
            .toList();
    var shown = lost.of(known);
    double most =
        known.stream()
            .mapToDouble(r -> number(r, "lost") + number(r, "half_width"))
            .max()
            .orElseThrow();
    double least =
        known.stream()
            .mapToDouble(r -> number(r, "lost") - number(r, "half_width"))
            .min()
            .orElseThrow();
    double widest = rise.rows().stream().mapToDouble(r -> number(r, "rise")).max().orElseThrow();
    var x =
        new Axis(
            Text.of("Mean rise of the loss at radius %s (nats)", radius),
            0,
            1.1 * Math.max(widest, 1e-9),
            false);
    var y = Axis.around("Accuracy lost (points)", Math.min(0, least), most);
    List<Panel> panels = new ArrayList<>();
    for (String kind : shown.kinds()) {
      List<Series> series = new ArrayList<>();
      for (var row : shown.where("kind", kind)) {
        var its = rise.where("content", row.get("content")).get(0);
        series.add(
            new Series(
                (String) row.get("network"),
                styles.of((String) row.get("network")),
                Form.POINTS,
                List.of(point(row, its))));
      }
      String title = FaultPanels.title(kind);
      panels.add(
          Panel.of(
              title,
              new XyPanel("Accuracy lost against sharpness, " + title, x, y, series, false)));
    }
    var figure =
        new Figure(
            Text.of(
                "Accuracy lost under %s %% faulty cells against the mean rise of the loss.",
                Numbers.text(known.get(0).get("percent_faulty"))),
            styles.legend(shown.distinct("network"), Panel::marker),
            panels,
            shown);
    return new Section(
        "Sharpness against accuracy lost",
        "Do networks in sharper minima lose more? A point per network; few points prove little.",
        List.of(figure, Figure.table("The mean rises.", rise)));
  }

  private static Point point(Map<String, Object> row, Map<String, Object> its) {
    double lost = number(row, "lost");
    double half = number(row, "half_width");
    return new Point(
        number(its, "rise"),
        lost,
        lost - half,
        lost + half,
        Text.of(
            "%s: %.2f ± %.2f points lost, rise %.4g",
            row.get("network"), lost, half, number(its, "rise")));
  }
}
