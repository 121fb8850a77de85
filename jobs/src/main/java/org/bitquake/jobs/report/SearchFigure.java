package org.bitquake.jobs.report;

import static org.bitquake.jobs.report.Answer.number;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.bitquake.Text;
import org.bitquake.jobs.figure.Panel;
import org.bitquake.jobs.figure.XyPanel;
import org.bitquake.jobs.figure.XyPanel.Axis;
import org.bitquake.jobs.figure.XyPanel.Form;
import org.bitquake.jobs.figure.XyPanel.Point;
import org.bitquake.jobs.figure.XyPanel.Series;

/**
 * Accuracy against added area of all that a search measured, a panel for each network. Area is
 * logarithmic, so what adds none is a line across.
 *
 * @param answer of {@code protect.sql}
 */
record SearchFigure(Answer answer) {
  private static final int FRONTIER = 0;
  private static final int BY_HAND = 1;
  private static final int WINNER = 2;

  /** Outlines in the frontier's colour. */
  private static final int OTHERS = 35;

  /** Dotted, in the ink of the page. */
  private static final int TARGET = 11;

  /** Dashed, in the ink of the page. */
  private static final int BARE = 18;

  Figure figure() {
    String caption =
        "Accuracy against added area, % of the area of the weights' cells, of every design that the"
            + " search measured and that is as accurate as no protection.";
    if (costly(answer.rows()).isEmpty()) {
      return Figure.table(caption, answer);
    }
    return new Figure(
        caption + " Shaded: confidence intervals.",
        List.of(
            Panel.swatch("nothing cheaper is as accurate", FRONTIER),
            Panel.marker("others", OTHERS),
            Panel.marker("all layers alike", BY_HAND),
            Panel.marker("the cheapest that is confirmed", WINNER),
            Panel.line("target", TARGET),
            Panel.line("no protection", BARE)),
        answer.distinct("network").stream().map(this::panel).toList(),
        answer);
  }

  private static List<Map<String, Object>> costly(List<Map<String, Object>> rows) {
    return rows.stream()
        .filter(row -> number(row, "added_area") > 0 && row.get("accuracy") != null)
        .toList();
  }

  /** Accuracy of the best encoding without a protection. */
  private static double bare(List<Map<String, Object>> rows) {
    return rows.stream()
        .filter(row -> number(row, "added_area") == 0)
        .mapToDouble(row -> number(row, "accuracy", 0))
        .max()
        .orElse(0);
  }

  private double least() {
    return answer.distinct("network").stream()
        .mapToDouble(network -> bare(answer.where("network", network)))
        .min()
        .orElseThrow();
  }

  private Panel panel(String network) {
    var areas =
        costly(answer.rows()).stream()
            .mapToDouble(row -> number(row, "added_area"))
            .summaryStatistics();
    var x = new Axis("Added area (%)", areas.getMin() / 1.5, areas.getMax() * 1.5, true);
    double high = Math.max(answer.most("accuracy"), answer.most("target"));
    double low = Math.min(least(), high - 1);
    var y = Axis.around("Accuracy (%)", low - (high - low) / 20, high);
    var rows = answer.where("network", network);
    double bare = bare(rows);
    var shown = costly(rows).stream().filter(row -> number(row, "accuracy") >= bare).toList();
    List<Series> series = new ArrayList<>();
    series.add(across(x, "no protection", BARE, bare));
    series.add(across(x, "target", TARGET, number(rows.get(0), "target")));
    add(series, "others", OTHERS, shown, SearchFigure::isOther, SearchFigure::spot);
    add(series, "frontier", FRONTIER, shown, row -> is(row, "frontier"), SearchFigure::interval);
    add(series, "alike", BY_HAND, shown, SearchFigure::isByHand, SearchFigure::spot);
    add(series, "winner", WINNER, shown, row -> is(row, "winner"), SearchFigure::winner);
    String title = "Accuracy of protections against added area, " + network;
    return Panel.of(network, new XyPanel(title, x, y, series, false));
  }

  private static Series across(Axis x, String name, int style, double accuracy) {
    String tip = Text.of("%s: %.2f %%", name, accuracy);
    return new Series(
        name,
        style,
        Form.LINE,
        List.of(point(x.low(), accuracy, tip), point(x.high(), accuracy, tip)));
  }

  private static void add(
      List<Series> series,
      String name,
      int style,
      List<Map<String, Object>> rows,
      Predicate<Map<String, Object>> which,
      Function<Map<String, Object>, Point> point) {
    var points = rows.stream().filter(which).map(point).toList();
    if (!points.isEmpty()) {
      series.add(new Series(name, style, style == FRONTIER ? Form.BAND : Form.POINTS, points));
    }
  }

  private static boolean is(Map<String, Object> row, String column) {
    return (Boolean) row.get(column);
  }

  private static boolean isByHand(Map<String, Object> row) {
    return row.get("phase").equals("uniform");
  }

  private static boolean isOther(Map<String, Object> row) {
    return !is(row, "frontier") && !isByHand(row);
  }

  private static Point spot(Map<String, Object> row) {
    return point(number(row, "added_area"), number(row, "accuracy"), tip(row));
  }

  private static Point point(double area, double accuracy, String tip) {
    return new Point(area, accuracy, accuracy, accuracy, tip);
  }

  private static Point interval(Map<String, Object> row) {
    double accuracy = number(row, "accuracy");
    double half = number(row, "half_width", 0);
    return new Point(
        number(row, "added_area"), accuracy, accuracy - half, accuracy + half, tip(row));
  }

  private static Point winner(Map<String, Object> row) {
    double accuracy = number(row, "fresh_accuracy");
    double bound = number(row, "at_least");
    String tip =
        Text.of("%s: %.2f %% in fresh trials, at least %.2f %%", design(row), accuracy, bound);
    return new Point(number(row, "added_area"), accuracy, bound, accuracy, tip);
  }

  private static String tip(Map<String, Object> row) {
    return Text.of(
        "%s: %.2f ± %.2f %%", design(row), number(row, "accuracy"), number(row, "half_width", 0));
  }

  private static String design(Map<String, Object> row) {
    return Text.of(
        "%s in %s, %s %% more area",
        row.get("protection"), row.get("encoding"), Numbers.text(row.get("added_area")));
  }
}
