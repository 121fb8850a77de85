package org.bitquake.jobs.report;

import static org.bitquake.jobs.report.Answer.number;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bitquake.Text;
import org.bitquake.jobs.figure.HeatPanel;
import org.bitquake.jobs.figure.Panel;

/** What single faults do, layer by layer and bit by bit. */
record SingleFaultSection(Results results) {

  Optional<Section> section() {
    return results.ask("single-fault-map.sql", "single_fault_rates").map(this::section);
  }

  private Section section(Answer answer) {
    List<Panel> panels = new ArrayList<>();
    List<String> kinds = answer.kinds();
    for (String network : answer.distinct("network")) {
      for (String kind : kinds) {
        var its = answer.of(answer.of(answer.where("network", network)).where("kind", kind));
        if (!its.isEmpty()) {
          panels.add(panel(kinds.size() == 1 ? network : network + ", " + kind, its));
        }
      }
    }
    List<Figure> figures = new ArrayList<>();
    figures.add(
        new Figure(
            "Faults that change at least one prediction, % of the faults of a layer and bit; the"
                + " highest bit is the sign.",
            List.of(), panels, answer));
    results
        .ask("single-faults.sql", "single_fault_rates")
        .map(worst -> Figure.table("The layers and bits to protect first.", worst))
        .ifPresent(figures::add);
    results
        .ask("single-fault-protections.sql", "single_fault_rates", "protections")
        .map(its -> Figure.table("What protections remove of that, and what they cost.", its))
        .ifPresent(figures::add);
    return new Section("Single faults", lead(answer), figures);
  }

  private static String lead(Answer answer) {
    var worst =
        answer.rows().stream()
            .max((a, b) -> Double.compare(number(a, "critical"), number(b, "critical")))
            .orElseThrow();
    return Text.of(
        "Most sensitive: bit %s of %s in %s, where %.1f %% of the single faults (%s) change a"
            + " prediction.",
        worst.get("bit"),
        worst.get("layer"),
        worst.get("network"),
        number(worst, "critical"),
        worst.get("kind"));
  }

  private static Panel panel(String title, Answer its) {
    List<String> layers = its.distinct("layer");
    List<Integer> bits =
        its.rows().stream()
            .map(row -> (Integer) row.get("bit"))
            .distinct()
            .sorted((a, b) -> b - a)
            .toList();
    List<HeatPanel.Cell> cells = new ArrayList<>();
    for (var row : its.rows()) {
      cells.add(
          new HeatPanel.Cell(
              bits.indexOf(row.get("bit")),
              layers.indexOf(row.get("layer")),
              number(row, "critical"),
              String.format(
                  Locale.ROOT,
                  number(row, "critical") < 9.95 ? "%.1f" : "%.0f",
                  number(row, "critical")),
              Text.of(
                  "%s, bit %s: %.2f %% (%.2f to %.2f) of %,d faults",
                  row.get("layer"),
                  row.get("bit"),
                  number(row, "critical"),
                  number(row, "low"),
                  number(row, "high"),
                  (Long) row.get("injected"))));
    }
    return Panel.of(
        title,
        new HeatPanel(
            "Share of single faults that change a prediction, by layer and bit, " + title,
            bits.stream().map(String::valueOf).toList(),
            layers,
            "Bit",
            "",
            0,
            100,
            cells));
  }
}
