package org.bitquake.jobs.report;

import static org.bitquake.jobs.report.Answer.number;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.bitquake.Text;
import org.bitquake.jobs.figure.BarPanel;
import org.bitquake.jobs.figure.FaultPanels;
import org.bitquake.jobs.figure.Panel;

/**
 * What each network of a campaign offers: accuracy, sparsity, and its latency on Cnvlutin where a
 * directory of the page knows it, for the same network by content.
 *
 * @param all directories of the page
 */
record SideBySideSection(Results results, List<Results> all, Styles styles) {

  Optional<Section> section() {
    return results
        .ask("accuracy-and-sparsity.sql", "cells", "networks", "activations")
        .map(this::section);
  }

  private Section section(Answer answer) {
    String kind = answer.kinds().get(0);
    List<Map<String, Object>> networks =
        answer.where("kind", kind).stream()
            .sorted(
                Comparator.<Map<String, Object>, String>comparing(
                        row -> styles.name((String) row.get("network")))
                    .thenComparing(row -> (String) row.get("network")))
            .toList();
    List<Panel> panels = new ArrayList<>();
    panels.add(panel("Accuracy without faults", "%", networks, row -> number(row, "clean")));
    panels.add(
        panel(
            Text.of(
                "Accuracy, %s %% %s",
                Numbers.text(networks.get(0).get("percent_faulty")),
                FaultPanels.title(kind).toLowerCase(Locale.ROOT)),
            "%",
            networks,
            row -> number(row, "accuracy")));
    panels.add(panel("Activations that are 0", "%", networks, row -> number(row, "zeros")));
    List<Figure> figures = new ArrayList<>();
    var cycles = latency(answer);
    if (cycles.isPresent()) {
      var known = cycles.get();
      var its =
          networks.stream()
              .filter(row -> !known.where("content", row.get("content")).isEmpty())
              .toList();
      panels.add(
          panel(
              "Latency on Cnvlutin",
              "thousand cycles an image",
              its,
              row ->
                  number(known.where("content", row.get("content")).get(0), "cnvlutin_cycles")
                      / 1000));
    }
    var legend =
        styles.areGroups()
            ? networks.stream().map(row -> (String) row.get("network")).toList()
            : List.<String>of();
    figures.add(
        new Figure(
            "Each network, measure by measure; zeros are those after ReLU, before pooling.",
            styles.legend(legend, Panel::bar),
            panels,
            answer));
    cycles.ifPresent(known -> figures.add(Figure.table("Cycles of an image, all layers.", known)));
    return new Section(
        cycles.isPresent()
            ? "Accuracy, sparsity and latency side by side"
            : "Accuracy and sparsity side by side",
        "A network that is sparse enough to be fast has to be accurate too, with faults and without.",
        figures);
  }

  private Optional<Answer> latency(Answer answer) {
    return all.stream()
        .flatMap(r -> r.ask("cnvlutin-latency.sql", "cnvlutin_layers").stream())
        .filter(
            found ->
                answer.rows().stream()
                    .anyMatch(row -> !found.where("content", row.get("content")).isEmpty()))
        .findFirst();
  }

  private Panel panel(
      String title,
      String unit,
      List<Map<String, Object>> networks,
      ToDoubleFunction<Map<String, Object>> value) {
    List<BarPanel.Bar> bars = new ArrayList<>();
    for (var row : networks) {
      String network = (String) row.get("network");
      double number = value.applyAsDouble(row);
      String tip = Text.of("%s: %.2f %s", network, number, unit);
      bars.add(new BarPanel.Bar(network, network, styles.of(network), number, tip));
    }
    return Panel.of(title, new BarPanel(title + " of each network", unit, false, bars));
  }
}
