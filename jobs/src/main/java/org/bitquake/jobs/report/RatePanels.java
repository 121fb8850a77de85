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
import org.bitquake.jobs.figure.XyPanel.Series;

/**
 * A panel for each fault kind, with rates along the horizontal axis.
 *
 * @param column that has a series for each of its texts
 */
record RatePanels(Styles styles, String column) {
  private static final String RATE = "Faulty memory cells (%)";

  /** Rows with what each of them says when pointed at. */
  record Rows(Answer answer, Function<Map<String, Object>, String> tip) {
    Point point(Map<String, Object> row) {
      return new Point(
          number(row, "percent_faulty"),
          number(row, "accuracy"),
          number(row, "low"),
          number(row, "high"),
          tip.apply(row));
    }
  }

  /** The columns {@code accuracy}, {@code low} and {@code high}, in per cent. */
  List<Panel> ofAccuracies(Rows rows, String what) {
    return of(rows.answer(), what, axis(rows.answer()), false, rows::point);
  }

  /** Thin lines for the networks, and on them lines for the means of their methods. */
  List<Panel> ofAccuracies(Rows networks, Rows means, String what) {
    List<Panel> panels = new ArrayList<>();
    for (String kind : FaultKinds.of(networks.answer())) {
      String title = FaultKinds.title(kind);
      var thin = networks.answer().of(networks.answer().where("kind", kind));
      var thick = means.answer().of(means.answer().where("kind", kind));
      List<Series> series = new ArrayList<>(styles.series(thin, Form.THIN, networks::point));
      // The means' intervals are those of the figure of the luck in training.
      series.addAll(styles.series(thick, "method", Form.BAND, row -> line(means.point(row))));
      var panel =
          new XyPanel(
              what + ", " + title,
              rates(networks.answer()),
              axis(networks.answer()),
              series,
              false);
      panels.add(Panel.of(title, panel));
    }
    return panels;
  }

  private static Point line(Point point) {
    return new Point(point.x(), point.y(), point.y(), point.y(), point.tip());
  }

  private static Axis axis(Answer answer) {
    double low = answer.rows().stream().mapToDouble(r -> number(r, "low")).min().orElseThrow();
    double high = answer.rows().stream().mapToDouble(r -> number(r, "high")).max().orElseThrow();
    return Axis.around("Accuracy (%)", Math.max(0, Math.min(low, high - 5)), high);
  }

  private static Axis rates(Answer answer) {
    double most = answer.most("percent_faulty");
    double edge = most == 0 ? 1 : most;
    return new Axis(RATE, -edge / 40, edge + edge / 40, false);
  }

  List<Panel> of(
      Answer answer,
      String what,
      Axis y,
      boolean zero,
      Function<Map<String, Object>, Point> point) {
    List<Panel> panels = new ArrayList<>();
    Form form = styles.areGroups() && column.equals("network") ? Form.THIN : Form.BAND;
    for (String kind : FaultKinds.of(answer)) {
      String title = FaultKinds.title(kind);
      var its = answer.of(answer.where("kind", kind));
      var series = styles.series(its, column, form, point);
      panels.add(Panel.of(title, new XyPanel(what + ", " + title, rates(answer), y, series, zero)));
    }
    return panels;
  }
}
