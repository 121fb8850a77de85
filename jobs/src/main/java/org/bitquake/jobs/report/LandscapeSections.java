package org.bitquake.jobs.report;

import static org.bitquake.jobs.report.Answer.number;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.bitquake.Text;
import org.bitquake.jobs.figure.LandscapePoint;
import org.bitquake.jobs.figure.Panel;
import org.bitquake.jobs.figure.XyPanel;
import org.bitquake.jobs.figure.XyPanel.Axis;
import org.bitquake.jobs.figure.XyPanel.Form;
import org.bitquake.jobs.figure.XyPanel.Point;

/** Losses around the weights, and how sharp the minima are. */
record LandscapeSections(Results results, Styles styles) {

  List<Callable<Optional<Section>>> all() {
    return List.of(
        this::landscapes,
        () -> results.ask("sharpness.sql", "sharpness").map(LandscapeSections::sharpness));
  }

  private Optional<Section> landscapes() {
    List<Figure> figures = new ArrayList<>();
    results.ask("loss-lines.sql", "landscape").map(this::lines).ifPresent(figures::add);
    results
        .ask("loss-surface.sql", "landscape")
        .map(LandscapeSections::surfaces)
        .ifPresent(figures::add);
    return figures.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Section(
                "Loss landscapes",
                "Along random directions, each scaled to the norms of the filters it changes; the"
                    + " network itself is in the middle. A flat valley bears changed weights.",
                figures));
  }

  private static Section sharpness(Answer answer) {
    return new Section(
        "Sharpness",
        "How fast the loss rises around each network, by several measures; smaller is flatter.",
        List.of(Figure.table("Measures of sharpness, the flattest network first.", answer)));
  }

  private Figure lines(Answer answer) {
    var loss = panel(answer, "Loss", "Loss (nats)", "loss", "nats");
    var accuracy = panel(answer, "Accuracy", "Accuracy (%)", "accuracy", "%");
    return new Figure(
        "Mean over random directions; bands are its standard error.",
        styles.legend(answer.distinct("network"), Panel::line),
        List.of(loss, accuracy),
        answer);
  }

  private Panel panel(Answer answer, String title, String label, String column, String unit) {
    double range =
        answer.rows().stream().mapToDouble(r -> Math.abs(number(r, "alpha"))).max().orElseThrow();
    double top =
        answer.rows().stream()
            .mapToDouble(r -> number(r, column) + number(r, column + "_error"))
            .max()
            .orElseThrow();
    var x = new Axis("α, along filter-normalised directions", -range, range, false);
    var y = Axis.around(label, 0, top);
    var series = styles.series(answer, Form.LINE, row -> point(row, column, unit));
    return Panel.of(title, new XyPanel(title + " along random directions", x, y, series, false));
  }

  private static Point point(Map<String, Object> row, String column, String unit) {
    double value = number(row, column);
    double error = number(row, column + "_error");
    String tip =
        Text.of(
            "%s, α %.2f: %.4g ± %.2g %s",
            row.get("network"), number(row, "alpha") + 0.0, value, error, unit);
    return new Point(number(row, "alpha"), value, value - error, value + error, tip);
  }

  private static Figure surfaces(Answer answer) {
    List<LandscapePoint> points =
        answer.rows().stream()
            .map(
                row ->
                    new LandscapePoint(
                        (String) row.get("network"),
                        "surface",
                        ((Number) row.get("direction")).longValue(),
                        number(row, "alpha"),
                        number(row, "beta", 0),
                        number(row, "loss"),
                        number(row, "accuracy")))
            .toList();
    return new Figure(
        "Loss over a plane through the weights, one scale of colours (nats) for all networks; the"
            + " ring is the network itself.",
        Panel.bands(points),
        Panel.surfaces(points),
        answer);
  }
}
