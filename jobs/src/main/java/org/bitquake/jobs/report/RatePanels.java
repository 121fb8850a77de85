package org.bitquake.jobs.report;

import static org.bitquake.jobs.report.Answer.number;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bitquake.jobs.figure.Panel;
import org.bitquake.jobs.figure.XyPanel;
import org.bitquake.jobs.figure.XyPanel.Axis;
import org.bitquake.jobs.figure.XyPanel.Form;
import org.bitquake.jobs.figure.XyPanel.Point;

/**
 * A panel for each fault kind, with rates along the horizontal axis.
 *
 * @param column that has a series for each of its texts
 */
record RatePanels(Styles styles, String column) {
  private static final String RATE = "Faulty memory cells (%)";

  /** The columns {@code accuracy}, {@code low} and {@code high}, in per cent. */
  List<Panel> ofAccuracies(Answer answer, String what, Function<Map<String, Object>, String> tip) {
    double low = answer.rows().stream().mapToDouble(r -> number(r, "low")).min().orElseThrow();
    double high = answer.rows().stream().mapToDouble(r -> number(r, "high")).max().orElseThrow();
    return of(
        answer,
        what,
        Axis.around("Accuracy (%)", Math.max(0, Math.min(low, high - 5)), high),
        false,
        row ->
            new Point(
                number(row, "percent_faulty"),
                number(row, "accuracy"),
                number(row, "low"),
                number(row, "high"),
                tip.apply(row)));
  }

  List<Panel> of(
      Answer answer,
      String what,
      Axis y,
      boolean zero,
      Function<Map<String, Object>, Point> point) {
    double most =
        answer.rows().stream().mapToDouble(r -> number(r, "percent_faulty")).max().orElseThrow();
    double edge = most == 0 ? 1 : most;
    var x = new Axis(RATE, -edge / 40, edge + edge / 40, false);
    List<Panel> panels = new ArrayList<>();
    for (String kind : FaultKinds.of(answer)) {
      String title = FaultKinds.title(kind);
      var its = answer.of(answer.where("kind", kind));
      var series = styles.series(its, column, Form.BAND, point);
      panels.add(Panel.of(title, new XyPanel(what + ", " + title, x, y, series, zero)));
    }
    return panels;
  }
}
