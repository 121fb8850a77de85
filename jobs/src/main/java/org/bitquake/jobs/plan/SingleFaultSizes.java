package org.bitquake.jobs.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitquake.Text;
import org.bitquake.jobs.campaign.Campaign;
import org.bitquake.jobs.console.TextTable;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.stats.SampleSize;

/**
 * How many single faults to inject, by {@link SampleSize}: for a proportion of the whole network,
 * of each layer, or of each bit of each layer.
 */
public record SingleFaultSizes(Campaign campaign, SampleSize size) {
  private static final int POLARITIES = 2; // stuck at 0, stuck at 1

  /** Cells of one bit position of one layer. */
  private record Stratum(String layer, int bit, long cells) {}

  /** The tables of all networks. */
  public String text() {
    var text = new StringBuilder();
    text.append(
        Text.of(
            "Single faults to inject for a proportion known to ± %s %% at %s %% confidence (t = %.4f)%n",
            Figures.percent(size.margin()), Figures.percent(size.confidence()), size.quantile()));
    Map<List<Stratum>, List<String>> memories = new LinkedHashMap<>(); // alike ones share a table
    campaign
        .networks()
        .forEach(n -> memories.computeIfAbsent(strata(n), key -> new ArrayList<>()).add(n.name()));
    memories.forEach(
        (bits, names) -> text.append(Text.of("\n%s:%n%s", String.join(", ", names), table(bits))));
    return text.toString();
  }

  private String table(List<Stratum> bits) {
    if (bits.isEmpty()) {
      return "no cell in scope\n";
    }
    var layers = layers(bits);
    var table = new TextTable("layer", "bit", "cells", "bit flips", "stuck-at");
    row(table, "all", "all", List.of(bits.stream().mapToLong(Stratum::cells).sum()));
    layers.forEach(
        (layer, cells) -> {
          row(table, layer, "all", List.of(cells));
          bits.stream()
              .filter(s -> s.layer().equals(layer))
              .forEach(s -> row(table, layer, Integer.toString(s.bit()), List.of(s.cells())));
        });
    row(table, "sum over layers", "", layers.values());
    row(table, "sum over bits", "", bits.stream().map(Stratum::cells).toList());
    return table.render();
  }

  private static Map<String, Long> layers(List<Stratum> bits) {
    Map<String, Long> layers = new LinkedHashMap<>();
    bits.forEach(s -> layers.merge(s.layer(), s.cells(), Long::sum));
    return layers;
  }

  private void row(TextTable table, String layer, String bit, Collection<Long> cells) {
    table.add(
        layer,
        bit,
        Figures.count(cells.stream().mapToLong(Long::longValue).sum()),
        Figures.count(cells.stream().mapToLong(size::of).sum()),
        Figures.count(cells.stream().mapToLong(n -> size.of(POLARITIES * n)).sum()));
  }

  private static List<Stratum> strata(CampaignNetwork network) {
    List<Stratum> strata = new ArrayList<>();
    var layers = network.network().weightLayers();
    for (int layer = 0; layer < layers.size(); layer++) {
      var weights = layers.get(layer).weights();
      for (int bit = weights.bits() - 1; bit >= 0; bit--) {
        if (network.scope().contains(layer, bit)) {
          strata.add(new Stratum(layers.get(layer).name(), bit, weights.codes().length));
        }
      }
    }
    return strata;
  }
}
