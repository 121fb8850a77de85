package org.bitquake.jobs.report;

import static org.bitquake.jobs.report.Answer.number;

import java.util.ArrayList;
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

/** Accuracy against supply voltage, and against what an access costs there. */
record VoltageSection(Results results, Styles styles) {
  Optional<Section> section() {
    return results.haveVoltages()
        ? results.ask("accuracy-by-voltage.sql", "cells").map(this::section)
        : Optional.empty();
  }

  private Section section(Answer answer) {
    List<Figure> figures = new ArrayList<>();
    figures.add(
        figure(
            answer,
            "voltage",
            "Supply voltage",
            "Mean accuracy of each network by supply voltage."));
    if (answer.rows().stream().allMatch(row -> row.get("energy") != null)) {
      figures.add(
          figure(
              answer,
              "energy",
              "Energy of an access",
              "The same by the energy of a memory access, relative as in the curve."));
    }
    return new Section(
        "Accuracy by supply voltage",
        "What the memory's curve of failures makes of each voltage.",
        figures);
  }

  private Figure figure(Answer answer, String column, String label, String caption) {
    double least = answer.rows().stream().mapToDouble(r -> number(r, column)).min().orElseThrow();
    double most = answer.most(column);
    double edge = most > least ? (most - least) / 40 : Math.max(most, 1) / 40;
    var x = new Axis(label, least - edge, most + edge, false);
    double low = answer.rows().stream().mapToDouble(r -> number(r, "low")).min().orElseThrow();
    double high = answer.most("high");
    var y = Axis.around("Accuracy (%)", Math.max(0, Math.min(low, high - 5)), high);
    List<Panel> panels = new ArrayList<>();
    for (String kind : answer.kinds()) {
      String title = FaultPanels.title(kind);
      var its = answer.of(answer.where("kind", kind));
      var series = styles.series(its, Form.BAND, row -> point(row, column));
      panels.add(
          Panel.of(
              title, new XyPanel("Accuracy by " + column + ", " + title, x, y, series, false)));
    }
    return new Figure(caption, styles.legend(answer.distinct("network")), panels, answer);
  }

  private static Point point(Map<String, Object> row, String column) {
    return new Point(
        number(row, column),
        number(row, "accuracy"),
        number(row, "low"),
        number(row, "high"),
        Text.of(
            "%s at %s: %s %% of the cells faulty, %.2f %% (%.2f to %.2f)",
            row.get("network"),
            Numbers.text(row.get("voltage")),
            Numbers.text(row.get("percent_faulty")),
            number(row, "accuracy"),
            number(row, "low"),
            number(row, "high")));
  }
}
