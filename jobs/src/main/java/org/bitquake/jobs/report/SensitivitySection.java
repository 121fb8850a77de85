package org.bitquake.jobs.report;

import static org.bitquake.jobs.report.Answer.number;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bitquake.Text;
import org.bitquake.jobs.figure.FaultPanels;
import org.bitquake.jobs.figure.HeatPanel;
import org.bitquake.jobs.figure.Panel;

/** How accuracy under faults depends on λ, ρ and the quantiser, where a campaign has a grid. */
record SensitivitySection(Results results) {
  /** Points between the palest and the darkest shade, at least: noise should look pale. */
  private static final double LEAST_SPAN = 10;

  Optional<Section> section() {
    if (!results.trainings().mayBeGrid()) {
      return Optional.empty();
    }
    return results
        .ask("sensitivity.sql", "cells", "networks")
        .filter(SensitivitySection::isGrid)
        .map(SensitivitySection::section);
  }

  /** More than the paper's four methods: three values of something, or several quantisers. */
  private static boolean isGrid(Answer answer) {
    return numbers(answer, "lambda").size() > 2
        || numbers(answer, "rho").size() > 2
        || quantizers(answer).size() > 1;
  }

  private static Section section(Answer answer) {
    double rate = answer.most("percent_faulty");
    var shown = answer.of(answer.where("percent_faulty", rate));
    List<Panel> panels = new ArrayList<>();
    for (String quantizer : quantizers(shown)) {
      for (String kind : shown.kinds()) {
        var its =
            shown.of(
                shown.where("kind", kind).stream()
                    .filter(row -> quantizer(row).equals(quantizer))
                    .toList());
        if (!its.isEmpty()) {
          panels.add(
              panel(quantizer + ", " + FaultPanels.title(kind).toLowerCase(Locale.ROOT), its));
        }
      }
    }
    var figure =
        new Figure(
            Text.of(
                "Mean accuracy (%%) with %s %% of the cells faulty, for each λ (sparsity) and ρ (SAQ), a panel for each"
                    + " quantiser and fault kind; darker is more, each panel on its own scale. Empty: no"
                    + " such network.",
                Numbers.text(rate)),
            List.of(),
            panels,
            answer);
    return new Section("Sensitivity to λ, ρ and the quantiser", lead(shown), List.of(figure));
  }

  private static String lead(Answer shown) {
    String kind = shown.kinds().get(0);
    var its = shown.where("kind", kind);
    var best =
        its.stream().max(Comparator.comparingDouble(r -> number(r, "accuracy"))).orElseThrow();
    String first =
        Text.of(
            "With %s %% of the cells faulty (%s), %s keeps the most, %.1f %%.",
            Numbers.text(best.get("percent_faulty")),
            FaultPanels.title(kind).toLowerCase(Locale.ROOT),
            setting(best),
            number(best, "accuracy"));
    return its.stream()
        .filter(r -> r.get("gain") != null)
        .max(Comparator.comparingDouble(r -> number(r, "gain")))
        .map(
            most ->
                Text.of(
                    "%s SAQ adds the most, %+.1f points (%+.1f to %+.1f), with %s.",
                    first,
                    number(most, "gain"),
                    number(most, "gain_low"),
                    number(most, "gain_high"),
                    setting(most)))
        .orElse(first);
  }

  private static String setting(Map<String, Object> row) {
    return Text.of(
        "λ %s, ρ %s, %s",
        Numbers.setting(row.get("lambda")), Numbers.setting(row.get("rho")), quantizer(row));
  }

  private static Panel panel(String title, Answer its) {
    List<Double> lambdas = numbers(its, "lambda");
    List<Double> rhos = numbers(its, "rho");
    double high = its.most("accuracy");
    double low = its.rows().stream().mapToDouble(r -> number(r, "accuracy")).min().orElseThrow();
    List<HeatPanel.Cell> cells = new ArrayList<>();
    for (var row : its.rows()) {
      double accuracy = number(row, "accuracy");
      cells.add(
          new HeatPanel.Cell(
              rhos.indexOf(number(row, "rho")),
              lambdas.indexOf(number(row, "lambda")),
              accuracy,
              Text.of("%.1f", accuracy),
              tip(row)));
    }
    return Panel.of(
        title,
        new HeatPanel(
            "Accuracy by λ and ρ, " + title,
            rhos.stream().map(Numbers::setting).toList(),
            lambdas.stream().map(Numbers::setting).toList(),
            "ρ (sharpness-aware quantisation)",
            "λ",
            Math.min(low, high - LEAST_SPAN),
            high,
            cells));
  }

  private static String tip(Map<String, Object> row) {
    String accuracy =
        Text.of(
            "%s: %.2f %% (%.2f to %.2f), clean %.2f %%, seeds: %d",
            setting(row),
            number(row, "accuracy"),
            number(row, "low"),
            number(row, "high"),
            number(row, "clean"),
            (Long) row.get("seeds"));
    return row.get("gain") == null
        ? accuracy
        : accuracy + Text.of("; SAQ adds %+.2f points", number(row, "gain"));
  }

  private static List<String> quantizers(Answer answer) {
    return answer.rows().stream().map(SensitivitySection::quantizer).distinct().sorted().toList();
  }

  private static String quantizer(Map<String, Object> row) {
    return row.get("quantizer") == null ? "quantiser unknown" : (String) row.get("quantizer");
  }

  private static List<Double> numbers(Answer answer, String column) {
    return answer.rows().stream().map(r -> number(r, column)).distinct().sorted().toList();
  }
}
