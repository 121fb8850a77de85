package org.bitquake.jobs.plan;

import static org.bitquake.jobs.plan.Figures.count;
import static org.bitquake.jobs.plan.Figures.duration;
import static org.bitquake.jobs.plan.Figures.fraction;
import static org.bitquake.jobs.plan.Figures.hundredths;
import static org.bitquake.jobs.plan.Figures.microseconds;
import static org.bitquake.jobs.plan.Figures.percent;
import static org.bitquake.jobs.plan.Figures.times;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.bitquake.Text;
import org.bitquake.jobs.campaign.Campaign;
import org.bitquake.jobs.console.TextTable;

/**
 * A plan in words and tables.
 *
 * @param cores of the machines to tell the time on
 */
public record PlanReport(CampaignPlan plan, List<Integer> cores) {
  /** The whole report. */
  public String text() {
    return String.join("\n", heading(), cells(), costs(), totals(), notes());
  }

  private Campaign campaign() {
    return plan.campaign();
  }

  private String heading() {
    return Text.of(
        "Plan of campaign %s for intervals of ± %s %% at %s %% confidence%n",
        campaign().name(), percent(plan.halfWidth()), percent(campaign().confidence()));
  }

  /** A row for each network × kind × rate. */
  String cells() {
    boolean fixed = campaign().halfWidth().isEmpty();
    List<String> titles =
        new ArrayList<>(
            List.of("network", "kind", "rate", "sd over maps", "image variance", "best images"));
    titles.addAll(List.of("images", "trials", "± %", "CPU time", "all images", "saved"));
    if (fixed) {
      titles.add(Text.of("± %% after %s trials", count(campaign().trials())));
    }
    var table = new TextTable(titles);
    for (var cell : plan.cells()) {
      List<String> line = new ArrayList<>(line(cell));
      cell.configured().ifPresent(its -> line.add(hundredths(its.halfWidth())));
      table.add(line);
    }
    return table.render();
  }

  private List<String> line(CellPlan cell) {
    var work = cell.wanted().work();
    var all = cell.allImages().map(its -> its.work().seconds());
    return Arrays.asList(
        name(cell.cell().network()),
        cell.cell().kind().name(),
        percent(cell.cell().rate()) + " %",
        fraction(Math.sqrt(cell.variance().betweenMaps())),
        fraction(cell.variance().withinMap()),
        cell.cell().rate() == 0 ? null : count(cell.bestImages()),
        count(cell.images()),
        count(work.trials()),
        hundredths(cell.wanted().halfWidth()),
        duration(work.seconds()),
        all.map(Figures::duration).orElse(null),
        all.filter(its -> work.seconds() > 0).map(its -> times(its / work.seconds())).orElse(null));
  }

  /** A row for each network. */
  String costs() {
    var table =
        new TextTable(
            "network", "pilot trials", "of images", "µs a trial", "model", "µs an image", "model ");
    for (int network = 0; network < campaign().networks().size(); network++) {
      int index = network;
      var cells = plan.cells().stream().filter(c -> c.cell().network() == index).toList();
      var pilot = plan.pilot().get(plan.cells().indexOf(cells.get(0))).tally();
      table.add(
          name(network),
          count(pilot.trials()),
          count(pilot.images()),
          median(cells, cell -> cell.measured().perTrial()),
          median(cells, cell -> cell.model().perTrial()),
          median(cells, cell -> cell.measured().perImage()),
          median(cells, cell -> cell.model().perImage()));
    }
    return table.render();
  }

  /** A row for each design. */
  String totals() {
    List<String> titles = new ArrayList<>(List.of("design", "trials", "images", "CPU time"));
    cores.forEach(number -> titles.add(count(number) + (number == 1 ? " core" : " cores")));
    var table = new TextTable(titles);
    plan.configured()
        .ifPresent(
            work ->
                total(
                    table,
                    count(campaign().trials()) + " trials a cell, as configured",
                    work,
                    Scaling::fixed));
    String interval = "± " + percent(plan.halfWidth()) + " %";
    String images = campaign().autoImages() ? "auto" : count(campaign().images());
    total(table, Text.of("%s, images: %s", interval, images), plan.wanted(), Scaling::adaptive);
    if (!campaign().autoImages()) {
      total(table, interval + ", images: auto", plan.auto(), Scaling::adaptive);
    }
    total(table, "the same intervals, all images", plan.allImages(), Scaling::adaptive);
    return table.render();
  }

  private void total(
      TextTable table, String design, Work work, BiFunction<Work, Integer, Scaling.Cut> cut) {
    List<String> line = new ArrayList<>(List.of(design, count(work.trials())));
    line.addAll(List.of(count(work.images()), duration(work.seconds())));
    cores.forEach(
        number ->
            line.add(duration(Scaling.MEASURED.seconds(work, cut.apply(work, number), number))));
    table.add(line);
  }

  private String notes() {
    var comparable = plan.comparable();
    var with = CampaignPlan.sum(comparable, CellPlan::wanted);
    int left = plan.cells().size() - comparable.size();
    int fewest =
        plan.pilot().stream().mapToInt(cell -> (int) cell.tally().trials()).min().orElseThrow();
    var text = new StringBuilder();
    if (with.seconds() > 0) {
      text.append(
          Text.of(
              "Trials of all images take %s the CPU time for the same intervals%s.%n",
              times(plan.allImages().seconds() / with.seconds()),
              left == 0 ? "" : Text.of(" (%d cells left out: no variance over maps seen)", left)));
    }
    if (plan.cells().stream().anyMatch(cell -> cell.wanted().halfWidth() > plan.halfWidth())) {
      text.append("Cells wider than asked for have as many trials as they may.\n");
    }
    text.append(
        Text.of(
            """
            Foretold from %d trials a cell, so variances and trials hold to about ± %.0f %%, less well where
            a few fault maps ruin a network. Times are this machine's, with what Spark adds by a model
            of a local disk and a near network.
            """,
            fewest, 100 * Math.sqrt(2.0 / (fewest - 1))));
    return text.toString();
  }

  private String name(int network) {
    return campaign().networks().get(network).name();
  }

  /** Over the cells where faults are possible, or over all if there are none. */
  private static String median(List<CellPlan> cells, ToDoubleFunction<CellPlan> nanos) {
    double[] sorted =
        cells.stream()
            .filter(cell -> cell.measured().perImage() > 0)
            .mapToDouble(nanos)
            .sorted()
            .toArray();
    int n = sorted.length;
    double middle =
        IntStream.of((n - 1) / 2, n / 2).mapToDouble(i -> n == 0 ? Double.NaN : sorted[i]).sum()
            / 2;
    return n == 0 ? null : microseconds(middle);
  }
}
