package org.bitquake.jobs.report;

import static org.bitquake.jobs.report.Answer.number;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.bitquake.Text;
import org.bitquake.jobs.figure.BarPanel;
import org.bitquake.jobs.figure.Panel;

/** What sparse activations are worth on an accelerator that skips zeros. */
record CnvlutinSection(Results results, Styles styles) {

  Optional<Section> section() {
    return results.ask("cnvlutin-speed-up.sql", "cnvlutin_layers").map(this::section);
  }

  private Section section(Answer answer) {
    boolean many = answer.distinct("network").size() > Styles.MOST;
    var shown = many ? answer.of(answer.where("layer", "all")) : answer;
    List<Panel> panels =
        List.of(
            panel("Speed-up over DaDianNao", "times", shown, true, row -> number(row, "speed_up")),
            panel(
                "Latency on Cnvlutin",
                "thousand cycles an image",
                shown,
                false,
                row -> number(row, "cnvlutin_cycles") / 1000),
            panel("Activations read that are 0", "%", shown, false, row -> number(row, "zeros")));
    List<Figure> figures = new ArrayList<>();
    figures.add(
        many
            ? new Figure("All layers together, without faults.", List.of(), panels, answer)
            : new Figure(
                "Layer by layer, without faults; all layers together last.",
                styles.legend(answer.distinct("network"), Panel::bar),
                panels,
                answer));
    results
        .ask("cnvlutin-under-faults.sql", "cnvlutin_layers")
        .map(faults -> Figure.table("Speed-up of all layers under memory faults.", faults))
        .ifPresent(figures::add);
    return new Section("Cnvlutin: latency and sparsity", lead(answer), figures);
  }

  private static String lead(Answer answer) {
    var whole = answer.where("layer", "all");
    var best =
        whole.stream()
            .max((a, b) -> Double.compare(number(a, "speed_up"), number(b, "speed_up")))
            .orElseThrow();
    return Text.of(
        "%s gains the most: %s cycles an image instead of %s, %.2f times faster.",
        best.get("network"),
        Text.of("%,.0f", number(best, "cnvlutin_cycles")),
        Text.of("%,.0f", number(best, "baseline_cycles")),
        number(best, "speed_up"));
  }

  private Panel panel(
      String title,
      String axis,
      Answer answer,
      boolean one,
      ToDoubleFunction<Map<String, Object>> value) {
    boolean many = answer.distinct("network").size() > Styles.MOST;
    List<BarPanel.Bar> bars = new ArrayList<>();
    for (var row : answer.rows()) {
      String network = (String) row.get("network");
      String layer = (String) row.get("layer");
      double number = value.applyAsDouble(row);
      String tip = Text.of("%s, %s: %s %s", network, layer, Numbers.text(number), axis);
      bars.add(
          many
              ? new BarPanel.Bar(network, network, 0, number, tip)
              : new BarPanel.Bar(layer, network, styles.of(network), number, tip));
    }
    String what = title + (many ? " of each network" : " of each layer");
    return Panel.of(title, new BarPanel(what, axis, one, bars));
  }
}
