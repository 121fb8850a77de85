package org.bitquake.jobs.report;

import static org.bitquake.jobs.report.Answer.number;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
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
 * What a fault campaign found: accuracy, differences, what settings do, quantiles, and whether
 * trials sufficed.
 *
 * @param page all directories of the page
 */
record CampaignSections(Results results, List<Results> page, Styles styles) {
  /** What the campaign was run for. */
  List<Callable<Optional<Section>>> accuracies() {
    return List.of(
        () -> results.ask("accuracy-curve.sql", "cells").map(this::accuracy), this::top5);
  }

  List<Callable<Optional<Section>>> others() {
    return List.of(
        new VoltageSection(results, styles)::section,
        new DifferenceSection(results, styles)::section,
        new SensitivitySection(results)::section,
        new SparsitySection(results)::section,
        new SideBySideSection(results, page, styles)::section,
        this::quantiles,
        () -> results.ask("convergence.sql", "trials").map(this::convergence),
        this::failed);
  }

  private Section accuracy(Answer answer) {
    return new Section("Accuracy under faults", lead(answer), List.of(curves(answer, "accuracy")));
  }

  private Optional<Section> top5() {
    return results.haveTop5()
        ? results
            .ask("top5-curve.sql", "cells")
            .map(
                answer ->
                    new Section(
                        "Top-5 accuracy under faults",
                        "An image counts if its label is among the five largest logits.",
                        List.of(curves(answer, "top-5 accuracy"))))
        : Optional.empty();
  }

  private Figure curves(Answer answer, String what) {
    String title = what.substring(0, 1).toUpperCase(Locale.ROOT) + what.substring(1);
    var panels =
        new RatePanels(styles, "network")
            .ofAccuracies(
                new RatePanels.Rows(answer, CampaignSections::tip),
                title + " against fault rate",
                title);
    String caption =
        Text.of("Mean %s of each network against the part of faulty memory cells.", what);
    return new Figure(
        styles.areGroups()
            ? caption
                + " Thin lines are networks, in the colour of how they were trained; thick ones"
                + " are means of those of one colour."
            : caption + " Bands are confidence intervals of the mean.",
        styles.legend(answer.distinct("network")),
        panels,
        answer);
  }

  private static String tip(Map<String, Object> row) {
    if (number(row, "trials") == 0) {
      return Text.of("%s, no faults: %.2f %%", row.get("network"), number(row, "accuracy"));
    }
    return Text.of(
        "%s, %s %%: %.2f %% (%.2f to %.2f), %,d trials",
        row.get("network"),
        Numbers.text(row.get("percent_faulty")),
        number(row, "accuracy"),
        number(row, "low"),
        number(row, "high"),
        (Long) row.get("trials"));
  }

  /** The best and the worst network under the most faults of the first kind. */
  private static String lead(Answer answer) {
    String kind = answer.kinds().get(0);
    double most =
        answer.where("kind", kind).stream()
            .mapToDouble(r -> number(r, "percent_faulty"))
            .max()
            .orElseThrow();
    var there =
        answer.where("kind", kind).stream()
            .filter(r -> number(r, "percent_faulty") == most)
            .sorted((a, b) -> Double.compare(number(b, "accuracy"), number(a, "accuracy")))
            .toList();
    var best = there.get(0);
    var worst = there.get(there.size() - 1);
    String first =
        Text.of(
            "With %s %% of the cells faulty (%s), %s keeps %.1f %% of %.1f %% accuracy",
            Numbers.threeDigits(most),
            FaultPanels.title(kind).toLowerCase(Locale.ROOT),
            best.get("network"),
            number(best, "accuracy"),
            number(best, "clean"));
    return there.size() == 1
        ? first + "."
        : first
            + Text.of(
                "; %s keeps %.1f of %.1f %%.",
                worst.get("network"), number(worst, "accuracy"), number(worst, "clean"));
  }

  private Optional<Section> quantiles() {
    var exact = results.ask("fault-map-quantiles.sql", "quantiles");
    if (exact.isPresent()) {
      return exact.map(this::faultMaps);
    }
    return results
        .ask("trial-quantiles.sql", "trials")
        .map(
            answer ->
                new Section(
                    "Spread over trials",
                    "A trial looks at a sample of images, so trials spread wider than fault maps"
                        + " do; run the campaign with images: all for quantiles over chips.",
                    List.of(
                        Figure.table(
                            "Accuracy of trials: lowest, quantiles, highest, %.", answer))));
  }

  private Section faultMaps(Answer answer) {
    double most =
        answer.rows().stream().mapToDouble(r -> number(r, "percent_faulty")).max().orElseThrow();
    var shown =
        answer.of(answer.rows().stream().filter(r -> number(r, "percent_faulty") == most).toList());
    double low =
        shown.rows().stream()
            .mapToDouble(r -> number(r, "low", number(r, "accuracy")))
            .min()
            .orElseThrow();
    double high =
        shown.rows().stream()
            .mapToDouble(r -> number(r, "high", number(r, "accuracy")))
            .max()
            .orElseThrow();
    var x = new Axis("Fault maps (%)", 0, 100, false);
    var y = Axis.around("Accuracy at most (%)", low, high);
    List<Panel> panels = new ArrayList<>();
    for (String kind : shown.kinds()) {
      var its = shown.of(shown.where("kind", kind));
      String title = FaultPanels.title(kind);
      var series =
          series(
              its,
              Form.BAND,
              row ->
                  new Point(
                      number(row, "percent"),
                      number(row, "accuracy"),
                      number(row, "low", number(row, "accuracy")),
                      number(row, "high", number(row, "accuracy")),
                      Text.of(
                          "%s: %s %% of the fault maps have at most %.2f %%",
                          row.get("network"),
                          Numbers.text(row.get("percent")),
                          number(row, "accuracy"))));
      panels.add(
          Panel.of(
              title,
              new XyPanel("Quantiles of accuracy over fault maps, " + title, x, y, series, false)));
    }
    var figure =
        new Figure(
            Text.of(
                "Quantiles over fault maps with %s %% of the cells faulty.", Numbers.text(most)),
            styles.legend(shown.distinct("network")),
            panels,
            answer);
    return new Section(
        "How bad a single chip can be", "Each fault map is one chip.", List.of(figure));
  }

  private Section convergence(Answer answer) {
    double most =
        answer.rows().stream().mapToDouble(r -> number(r, "percent_faulty")).max().orElseThrow();
    var shown =
        answer.of(
            answer.rows().stream()
                .filter(r -> number(r, "percent_faulty") == most)
                .filter(r -> number(r, "half_width", 0) > 0)
                .toList());
    List<Figure> figures = new ArrayList<>();
    if (!shown.isEmpty()) {
      figures.add(
          new Figure(
              Text.of(
                  "Half-width of the 95 %% interval after so many trials, with %s %% of the cells faulty.",
                  Numbers.text(most)),
              styles.legend(shown.distinct("network")),
              convergencePanels(shown),
              answer));
    } else {
      figures.add(Figure.table("Half-width of the 95 % interval after so many trials.", answer));
    }
    return new Section(
        "Were there enough trials?",
        "On these logarithmic axes a straight line falling by half for four times the trials is"
            + " what independent trials give.",
        figures);
  }

  private List<Panel> convergencePanels(Answer shown) {
    var halves =
        shown.rows().stream().mapToDouble(r -> number(r, "half_width")).summaryStatistics();
    var trials = shown.rows().stream().mapToDouble(r -> number(r, "trials")).summaryStatistics();
    var x = new Axis("Trials", trials.getMin() / 1.2, trials.getMax() * 1.2, true);
    var y = new Axis("Half-width (points)", halves.getMin() / 1.3, halves.getMax() * 1.3, true);
    List<Panel> panels = new ArrayList<>();
    for (String kind : shown.kinds()) {
      String title = FaultPanels.title(kind);
      var series =
          series(
              shown.of(shown.where("kind", kind)),
              Form.BAND,
              row -> {
                double half = number(row, "half_width");
                return new Point(
                    number(row, "trials"),
                    half,
                    half,
                    half,
                    Text.of(
                        "%s, %,d trials: ± %.3f points",
                        row.get("network"), (int) number(row, "trials"), half));
              });
      panels.add(
          Panel.of(title, new XyPanel("Half-width against trials, " + title, x, y, series, false)));
    }
    return panels;
  }

  private Optional<Section> failed() {
    return results.haveFailedTrials()
        ? results.ask("failed-trials.sql", "trials").map(CampaignSections::failed)
        : Optional.empty();
  }

  private static Section failed(Answer answer) {
    return new Section(
        "Failed trials",
        "These trials have no result; estimates rest on the others.",
        List.of(Figure.table("Failed trials of each cell, and the error of the first.", answer)));
  }

  private List<Series> series(
      Answer answer, Form form, Function<Map<String, Object>, Point> point) {
    return styles.series(answer, form, point);
  }
}
