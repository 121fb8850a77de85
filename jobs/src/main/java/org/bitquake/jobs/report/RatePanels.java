package org.bitquake.jobs.report;

import static org.bitquake.jobs.report.Answer.number;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.bitquake.Text;
import org.bitquake.jobs.figure.FaultPanels;
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

  /**
   * The columns {@code accuracy}, {@code low} and {@code high}, in per cent. Where several networks
   * look the same, they are thin lines, and on them lies the mean of each group.
   *
   * @param quantity what the vertical axis shows, such as {@code Accuracy}
   */
  List<Panel> ofAccuracies(Rows rows, String what, String quantity) {
    Answer answer = withClean(rows.answer());
    return panels(
        answer,
        what,
        axis(answer, quantity),
        false,
        its -> {
          List<Series> series = new ArrayList<>(series(its, rows::point));
          if (thin()) {
            series.addAll(means(its));
          }
          return series;
        });
  }

  /**
   * The same, with the column {@code clean} as accuracy at rate 0 where a series has no such rate:
   * lines begin where there are no faults, also those of a single rate.
   */
  private Answer withClean(Answer answer) {
    if (!answer.columns().contains("clean")) {
      return answer;
    }
    Map<List<Object>, Map<String, Object>> clean = new LinkedHashMap<>();
    for (var row : answer.rows()) {
      Map<String, Object> first = new HashMap<>(row);
      first.put("percent_faulty", 0.0);
      List.of("accuracy", "low", "high").forEach(its -> first.put(its, row.get("clean")));
      first.put("trials", 0L);
      clean.putIfAbsent(List.of(row.get("kind"), row.get(column)), first);
    }
    for (var row : answer.where("percent_faulty", 0.0)) {
      clean.remove(List.of(row.get("kind"), row.get(column)));
    }
    List<Map<String, Object>> all = new ArrayList<>(clean.values());
    all.addAll(answer.rows());
    return answer.of(all);
  }

  /** The mean of the networks that look the same, without an interval. */
  private List<Series> means(Answer answer) {
    Map<String, Map<Double, List<Double>>> groups = new TreeMap<>();
    for (var row : answer.rows()) {
      groups
          .computeIfAbsent(styles.name((String) row.get(column)), g -> new TreeMap<>())
          .computeIfAbsent(number(row, "percent_faulty"), r -> new ArrayList<>())
          .add(number(row, "accuracy"));
    }
    List<Series> series = new ArrayList<>();
    groups.forEach(
        (group, rates) -> {
          List<Point> points = new ArrayList<>();
          rates.forEach((rate, values) -> points.add(mean(group, rate, values)));
          series.add(new Series(group, styles.of(group), Form.BAND, points));
        });
    return series;
  }

  private static Point mean(String group, double rate, List<Double> values) {
    double mean = values.stream().mapToDouble(v -> v).average().orElseThrow();
    String tip =
        Text.of("%s, %s %%: mean of %d: %.2f %%", group, Numbers.text(rate), values.size(), mean);
    return new Point(rate, mean, mean, mean, tip);
  }

  private static Axis axis(Answer answer, String quantity) {
    double low = answer.rows().stream().mapToDouble(r -> number(r, "low")).min().orElseThrow();
    double high = answer.rows().stream().mapToDouble(r -> number(r, "high")).max().orElseThrow();
    return Axis.around(quantity + " (%)", Math.max(0, Math.min(low, high - 5)), high);
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
    return panels(answer, what, y, zero, its -> series(its, point));
  }

  private List<Series> series(Answer answer, Function<Map<String, Object>, Point> point) {
    return styles.series(answer, column, thin() ? Form.THIN : Form.BAND, point);
  }

  /** Whether series are networks of which several look the same. */
  private boolean thin() {
    return styles.areGroups() && column.equals("network");
  }

  private static List<Panel> panels(
      Answer answer, String what, Axis y, boolean zero, Function<Answer, List<Series>> series) {
    List<Panel> panels = new ArrayList<>();
    for (String kind : answer.kinds()) {
      String title = FaultPanels.title(kind);
      var its = series.apply(answer.of(answer.where("kind", kind)));
      panels.add(Panel.of(title, new XyPanel(what + ", " + title, rates(answer), y, its, zero)));
    }
    return panels;
  }
}
