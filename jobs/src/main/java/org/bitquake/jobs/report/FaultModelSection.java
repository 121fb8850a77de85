package org.bitquake.jobs.report;

import static org.bitquake.jobs.report.Answer.number;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bitquake.Text;
import org.bitquake.jobs.figure.FaultPanels;
import org.bitquake.jobs.figure.HeatPanel;
import org.bitquake.jobs.figure.Panel;

/** Whether SAQ helps under each fault model, where a campaign has more than the paper's three. */
record FaultModelSection(Results results) {
  private static final int PAPERS = 3;

  Optional<Section> section() {
    return results.trainings().haveSeeds()
        ? results
            .ask("fault-models.sql", "cells", "networks")
            .filter(answer -> answer.distinct("kind").size() > PAPERS)
            .map(FaultModelSection::section)
        : Optional.empty();
  }

  private static Section section(Answer answer) {
    var rates =
        answer.rows().stream()
            .map(r -> number(r, "percent_faulty"))
            .filter(rate -> rate > 0)
            .distinct()
            .sorted()
            .toList();
    List<Panel> panels = new ArrayList<>();
    for (double rate : rates) {
      panels.add(panel(answer.of(answer.where("percent_faulty", rate)), rate));
    }
    var figure =
        new Figure(
            "What SAQ adds to accuracy, points, mean over trainings; in brackets where the 95 %"
                + " interval over all trainings there could be contains 0.",
            List.of(), panels, answer);
    return new Section("Does SAQ help under every fault model?", lead(answer), List.of(figure));
  }

  private static Panel panel(Answer its, double rate) {
    List<String> models = its.kinds();
    List<String> methods = its.rows().stream().map(FaultModelSection::method).distinct().toList();
    double low = its.rows().stream().mapToDouble(r -> number(r, "gain")).min().orElseThrow();
    double high = its.most("gain");
    List<HeatPanel.Cell> cells = new ArrayList<>();
    for (var row : its.rows()) {
      boolean shown = !row.get("verdict").equals("not shown");
      cells.add(
          new HeatPanel.Cell(
              methods.indexOf(method(row)),
              models.indexOf((String) row.get("kind")),
              number(row, "gain"),
              Text.of(shown ? "%+.1f" : "(%+.1f)", number(row, "gain")),
              tip(row)));
    }
    String title = Text.of("%s %% of the cells faulty", Numbers.text(rate));
    return Panel.of(
        title,
        new HeatPanel(
            "What SAQ adds by fault model, " + title,
            methods,
            models.stream().map(FaultPanels::title).toList(),
            "Without SAQ",
            "",
            Math.min(0, low),
            Math.max(1, high),
            cells));
  }

  private static String method(Map<String, Object> row) {
    return (String) row.get("than");
  }

  private static String tip(Map<String, Object> row) {
    return Text.of(
        "%s, %s: %.2f %% without, %.2f %% with SAQ: %+.2f points (%+.2f to %+.2f), %s, seeds: %d",
        row.get("kind"),
        row.get("than"),
        number(row, "without_saq"),
        number(row, "with_saq"),
        number(row, "gain"),
        number(row, "low"),
        number(row, "high"),
        row.get("verdict"),
        (Long) row.get("seeds"));
  }

  private static String lead(Answer answer) {
    var asked = answer.rows().stream().filter(r -> number(r, "percent_faulty") > 0).toList();
    long helps = asked.stream().filter(r -> r.get("verdict").equals("helps")).count();
    long harms = asked.stream().filter(r -> r.get("verdict").equals("harms")).count();
    return Text.of(
        "Of %d comparisons (fault model × rate × method) SAQ helps in %d and harms in %d.",
        asked.size(), helps, harms);
  }
}
