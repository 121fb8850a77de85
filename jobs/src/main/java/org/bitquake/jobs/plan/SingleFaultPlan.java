package org.bitquake.jobs.plan;

import java.util.ArrayList;
import java.util.List;
import org.bitquake.Text;
import org.bitquake.fault.FaultStratum;
import org.bitquake.jobs.console.TextTable;
import org.bitquake.jobs.singlefault.SingleFaultCampaign;

/**
 * How many single faults a campaign injects and how long that takes.
 *
 * @param secondsPerFault CPU seconds of a fault, for each network; under all protections together
 * @param cores numbers of cores to tell the time on
 */
public record SingleFaultPlan(
    SingleFaultCampaign campaign, List<Double> secondsPerFault, List<Integer> cores) {

  /** For people. */
  public String text() {
    List<String> titles =
        new ArrayList<>(List.of("network", campaign.places(), "faults", "µs a fault", "CPU time"));
    cores.forEach(n -> titles.add(Figures.count(n) + (n == 1 ? " core" : " cores")));
    var table = new TextTable(titles);
    double total = 0;
    long cells = 0;
    for (int network = 0; network < campaign.networks().size(); network++) {
      double seconds = secondsPerFault.get(network) * campaign.faults(network);
      long its = campaign.strata(network).stream().mapToLong(FaultStratum::population).sum();
      cells += its;
      total += seconds;
      String cost = Figures.microseconds(1e9 * secondsPerFault.get(network));
      row(
          table,
          campaign.networks().get(network).name(),
          its,
          campaign.faults(network),
          cost,
          seconds);
    }
    row(table, "all", cells, campaign.faults(), null, total);
    return Text.of(
            "Plan of campaign %s: single %s on %s images each%s%n",
            campaign.name(),
            campaign.title(),
            Figures.count(campaign.images()),
            campaign.times() == 1 ? "" : Text.of(", under %d protections", campaign.times()))
        + table.render()
        + "Times are this machine's; Spark's start and the commit of each wave come on top.\n";
  }

  private void row(
      TextTable table, String name, long cells, long faults, String cost, double seconds) {
    List<String> line = new ArrayList<>(List.of(name, Figures.count(cells), Figures.count(faults)));
    line.add(cost);
    line.add(Figures.duration(seconds));
    cores.forEach(n -> line.add(Figures.duration(seconds / n)));
    table.add(line);
  }
}
