package org.bitquake.jobs.report;

import static org.bitquake.jobs.report.Answer.number;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bitquake.Text;
import org.bitquake.jobs.figure.HeatPanel;
import org.bitquake.jobs.figure.Panel;

/** What faults in each bit of each layer alone cost, as a search found it. */
record HarmSection(Results results) {

  Optional<Section> section() {
    return results
        .ask("protect-harm.sql", "protection_frontier", "protection_steps")
        .map(HarmSection::section);
  }

  private static Section section(Answer answer) {
    var chosen = answer.of(answer.where("chosen", true));
    double most = Math.max(1, chosen.most("loss"));
    var figure =
        new Figure(
            "Accuracy that faults in one bit of one layer alone cost, points, in the encoding that the"
                + " protection has; the highest bit is the sign.",
            List.of(),
            chosen.distinct("network").stream()
                .map(network -> panel(network, chosen.where("network", network), most))
                .toList(),
            answer);
    return new Section("What is worth protecting", lead(chosen), List.of(figure));
  }

  private static String lead(Answer chosen) {
    var worst =
        chosen.rows().stream()
            .max(Comparator.comparingDouble(row -> number(row, "loss")))
            .orElseThrow();
    return Text.of(
        "Most is lost where %s of %s in %s fails and nothing else does: %.1f points.",
        "bit " + bit(worst), worst.get("layer"), worst.get("network"), number(worst, "loss"));
  }

  private static int bit(Map<String, Object> row) {
    return (int) number(row, "bit", 0);
  }

  private static Panel panel(String network, List<Map<String, Object>> rows, double most) {
    List<Object> layers = rows.stream().map(row -> row.get("layer")).distinct().toList();
    List<Integer> bits =
        rows.stream().map(HarmSection::bit).distinct().sorted(Comparator.reverseOrder()).toList();
    List<HeatPanel.Cell> cells = new ArrayList<>();
    for (var row : rows) {
      double loss = number(row, "loss");
      cells.add(
          new HeatPanel.Cell(
              bits.indexOf(bit(row)),
              layers.indexOf(row.get("layer")),
              loss,
              Text.of("%.1f", Math.round(10 * loss) / 10.0),
              Text.of(
                  "%s, bit %d: %.2f ± %.2f points",
                  row.get("layer"), bit(row), loss, number(row, "half_width", 0))));
    }
    String encoding = (String) rows.get(0).get("encoding");
    return Panel.of(
        network + ", " + encoding,
        new HeatPanel(
            "Accuracy that faults in a bit of a layer cost, " + network,
            bits.stream().map(String::valueOf).toList(),
            layers.stream().map(Object::toString).toList(),
            "Bit",
            "",
            0,
            most,
            cells));
  }
}
