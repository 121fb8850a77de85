package org.bitquake.jobs.faultmap;

import java.util.ArrayList;
import java.util.List;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultMap;
import org.bitquake.fault.FaultSite;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.jobs.injection.WeightMemory;
import org.bitquake.memory.MemoryLayout;

/**
 * A network's memory in one trial of one fault model at one rate.
 *
 * @param cells that may be faulty
 * @param faulty cells by layer, weight and cell
 */
public record TrialMemory(
    CampaignNetwork network,
    MemoryModel model,
    double rate,
    MemoryLayout layout,
    long cells,
    List<FaultyPlace> faulty,
    FaultMap.Tally tally) {

  /** Draws a trial as a campaign of that seed does. */
  public static TrialMemory of(
      CampaignNetwork network,
      MemoryModel model,
      Encoding encoding,
      long seed,
      long trial,
      double rate) {
    int[] weights = CampaignNetwork.weights(network.network());
    int[] bits = CampaignNetwork.bits(network.network());
    var layout = model.layout(weights, bits);
    var memory =
        WeightMemory.of(model, seed, network.network(), network.scope(), WeightMemory.Sources.NEW);
    byte[][] before = network.network().copyCodes();
    byte[][] after = network.network().copyCodes();
    var tally = memory.read(trial, rate, rate, encoding, before, after);
    List<FaultyPlace> faulty = new ArrayList<>();
    for (FaultSite site : memory.draw(trial, rate).sites(rate)) {
      int layer = site.layer();
      int width = bits[layer];
      int written = encoding.encode(before[layer][site.weight()], width);
      int read = encoding.encode(after[layer][site.weight()], width);
      faulty.add(
          new FaultyPlace(
              layout.place(layout.address(layer, site.weight(), site.bit())),
              layer,
              site.weight(),
              site.bit(),
              FaultyPlace.Reads.of(
                  held(written, site.bit(), width, layout.bitsPerCell()),
                  held(read, site.bit(), width, layout.bitsPerCell()))));
    }
    return new TrialMemory(
        network, model, rate, layout, memory.cells(), List.copyOf(faulty), tally);
  }

  /** The bits of one cell; a code is split from its top bit. */
  private static int held(int code, int cell, int width, int bitsPerCell) {
    int cells = (width + bitsPerCell - 1) / bitsPerCell;
    int high = width - (cells - 1 - cell) * bitsPerCell;
    int low = Math.max(0, high - bitsPerCell);
    return (code >> low) & ((1 << (high - low)) - 1);
  }

  /** The faulty cells of one array. */
  public List<FaultyPlace> in(long array) {
    return faulty.stream().filter(it -> it.place().array() == array).toList();
  }

  /** The array with the most faulty cells, the first of them. */
  public long worstArray() {
    long[] counts = new long[Math.toIntExact(layout.arrays())];
    faulty.forEach(it -> counts[(int) it.place().array()]++);
    int worst = 0;
    for (int array = 1; array < counts.length; array++) {
      worst = counts[array] > counts[worst] ? array : worst;
    }
    return worst;
  }
}
