package org.bitquake.jobs.cnvlutin;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.bitquake.Text;
import org.bitquake.cnvlutin.LayerCounts;
import org.bitquake.jobs.console.TextTable;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.MemoryModel;

/**
 * The end of a simulation in words: each network layer by layer without faults, then what faults do
 * to the whole.
 *
 * @param layers rows of the table {@code cnvlutin_layers}
 * @param place where the tables lie
 */
record CnvlutinReport(Simulation simulation, List<Row> layers, String place) {
  String text() {
    var text = new StringBuilder();
    for (String network : names()) {
      text.append(network).append(": means of an image\n");
      text.append(layersOf(network)).append('\n');
    }
    for (MemoryModel kind : simulation.kinds()) {
      text.append(
          Text.of(
              "%s: speed-up of all layers, ± standard deviation over fault maps\n", kind.name()));
      text.append(faults(kind)).append('\n');
    }
    text.append(
        Text.of(
            "%,d images; tables cnvlutin_layers, cnvlutin_slices in %s%n",
            simulation.images(), place));
    text.append(
        Text.of(
            """
        Ask them with
          submit/bitquake sql --results %s "SELECT network, layer, speed_up, zero_fraction FROM cnvlutin_layers WHERE kind IS NULL"
        """,
            place));
    return text.toString();
  }

  private List<String> names() {
    return simulation.networks().stream().map(CampaignNetwork::name).toList();
  }

  private String layersOf(String network) {
    List<String> titles =
        new ArrayList<>(
            List.of(
                "layer",
                "baseline cycles",
                "Cnvlutin cycles",
                "speed-up",
                "ideal",
                "zeros",
                "lane imbalance"));
    if (simulation.energy().isPresent()) {
      titles.addAll(List.of("baseline nJ", "Cnvlutin nJ"));
    }
    var table = new TextTable(titles);
    var whole = LayerCounts.NONE;
    for (Row row : faultFree(network)) {
      var counts = SliceRow.counts(row);
      whole = whole.plus(counts);
      String name = row.getAs("layer");
      var ideal = counts.idealSpeedUp();
      table.add(
          line(
              row.<Boolean>getAs("encoded") ? name : name + " (plain)",
              counts,
              ideal.isPresent() ? hundredths(ideal.getAsDouble()) : null));
    }
    return table.add(line("all", whole, null)).render();
  }

  /**
   * @param ideal speed-up; null for none: of several layers it is no mean of theirs
   */
  private List<String> line(String name, LayerCounts counts, String ideal) {
    List<String> line =
        new ArrayList<>(
            Arrays.asList(
                name,
                perImage(counts.baselineCycles()),
                perImage(counts.cnvlutinCycles()),
                hundredths(counts.speedUp()),
                ideal,
                hundredths(100 * counts.zeroFraction()) + " %",
                hundredths(counts.laneImbalance(simulation.accelerator().lanes()))));
    simulation
        .energy()
        .ifPresent(
            its -> {
              line.add(nanojoules(its.baseline().energy().of(counts.baseline())));
              line.add(nanojoules(its.cnvlutin().energy().of(counts.cnvlutin())));
            });
    return line;
  }

  private List<Row> faultFree(String network) {
    return layers.stream()
        .filter(row -> row.getAs("network").equals(network) && row.getAs("kind") == null)
        .sorted((a, b) -> Integer.compare(a.getAs("position"), b.getAs("position")))
        .toList();
  }

  private String faults(MemoryModel kind) {
    List<String> titles = new ArrayList<>(List.of("rate"));
    titles.addAll(names());
    var table = new TextTable(titles);
    List<String> none = new ArrayList<>(List.of("0 %"));
    names().forEach(name -> none.add(hundredths(whole(faultFree(name)).speedUp())));
    table.add(none);
    for (double rate : simulation.rates()) {
      List<String> line = new ArrayList<>(List.of(percent(rate) + " %"));
      names().forEach(name -> line.add(spread(speedUps(name, kind, rate))));
      table.add(line);
    }
    return table.renderEitherWay("network");
  }

  /** The speed-up of all layers of a network under each fault map, in their order. */
  private List<Double> speedUps(String network, MemoryModel kind, double rate) {
    Map<Long, List<Row>> byMap =
        layers.stream()
            .filter(
                row ->
                    row.getAs("network").equals(network)
                        && kind.name().equals(row.getAs("kind"))
                        && row.<Double>getAs("rate") == rate)
            .collect(
                Collectors.groupingBy(
                    row -> row.<Long>getAs("fault_map"), TreeMap::new, Collectors.toList()));
    return byMap.values().stream().map(rows -> whole(rows).speedUp()).toList();
  }

  private static LayerCounts whole(List<Row> rows) {
    return rows.stream().map(SliceRow::counts).reduce(LayerCounts.NONE, LayerCounts::plus);
  }

  private static String spread(List<Double> values) {
    double mean = values.stream().mapToDouble(v -> v).average().orElseThrow();
    if (values.size() < 2) {
      return hundredths(mean);
    }
    double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    return hundredths(mean) + " ± " + hundredths(Math.sqrt(squares / (values.size() - 1)));
  }

  private String perImage(long cycles) {
    return Text.of("%,.1f", (double) cycles / simulation.images());
  }

  private String nanojoules(double picojoules) {
    return Text.of("%,.2f", picojoules / 1000 / simulation.images());
  }

  private static String hundredths(double value) {
    return Text.of("%.2f", value);
  }

  private static String percent(double probability) {
    return BigDecimal.valueOf(probability).movePointRight(2).stripTrailingZeros().toPlainString();
  }
}
