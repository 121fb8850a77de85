package org.bitquake.jobs.faultmap;

import java.util.List;
import org.bitquake.Text;
import org.bitquake.fault.FaultModel;
import org.bitquake.fault.pattern.Chip;
import org.bitquake.fault.pattern.Profile;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.network.Convolution;

/** Totals of one trial's faults against what is expected, for people. */
public record TrialMemoryText(TrialMemory memory, long trial) {
  /** A line for the memory, one for the trial, one for each layer and one for all. */
  public String text() {
    var layout = memory.layout();
    var storage = layout.storage();
    var text = new StringBuilder();
    text.append(
        Text.of(
            "%s: %,d words of %d bits in %,d arrays of %d × %d%s%n",
            memory.network().name(),
            layout.words(),
            storage.word(),
            layout.arrays(),
            storage.rows(),
            layout.columns(),
            storage.interleave() ? ", interleaved" : ""));
    text.append(
        Text.of(
            "%s (%s), rate %s, trial %d%n%n",
            memory.model().name(), words(memory.model().faults()), memory.rate(), trial));
    text.append(
        Text.of(
            "%-20s %12s %10s %10s %10s %10s%n",
            "layer", "cells", "faulty", "expected", "too low", "too high"));
    List<Convolution> layers = memory.network().network().weightLayers();
    int[] weights = CampaignNetwork.weights(memory.network().network());
    int[] cells = layout.cells();
    for (int layer = 0; layer < layers.size(); layer++) {
      int its = layer;
      long may = 0;
      for (int cell = 0; cell < cells[layer]; cell++) {
        may += memory.network().scope().contains(layer, cell) ? weights[layer] : 0;
      }
      text.append(
          line(
              layers.get(layer).name(),
              may,
              memory.faulty().stream().filter(f -> f.layer() == its).toList()));
    }
    text.append(line("all", memory.cells(), memory.faulty()));
    text.append(
        Text.of(
            "%nweights that read differently: %,d of %,d%n",
            memory.tally().changedWeights(), memory.network().network().weightCount()));
    return text.toString();
  }

  private static String words(FaultModel model) {
    if (model.pattern() instanceof Profile profile) {
      return "profile: " + String.join(", ", profile.chips().stream().map(Chip::name).toList());
    }
    return model.pattern().label() + ", " + model.effect().label();
  }

  private String line(String name, long cells, List<FaultyPlace> faulty) {
    return Text.of(
        "%-20s %,12d %,10d %,10.1f %,10d %,10d%n",
        name,
        cells,
        faulty.size(),
        cells * memory.rate(),
        count(faulty, FaultyPlace.Reads.LOWER),
        count(faulty, FaultyPlace.Reads.HIGHER));
  }

  private static long count(List<FaultyPlace> faulty, FaultyPlace.Reads reads) {
    return faulty.stream().filter(f -> f.reads() == reads).count();
  }
}
