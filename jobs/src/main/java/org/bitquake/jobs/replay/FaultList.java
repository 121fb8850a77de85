package org.bitquake.jobs.replay;

import java.util.List;
import java.util.stream.Stream;
import org.bitquake.fault.FaultMap;
import org.bitquake.fault.FaultSampler;
import org.bitquake.fault.FaultSite;
import org.bitquake.jobs.campaign.OneTrial;
import org.bitquake.network.Convolution;

/**
 * The faulty cells of one trial and what they did to the weights.
 *
 * @param layers the layers with weights
 * @param sites by layer, weight and bit
 * @param before the weight codes as trained, {@code [weight layer][code]}
 * @param after the same with all faults
 * @param tally what the faults amount to
 */
public record FaultList(
    List<Convolution> layers,
    List<FaultSite> sites,
    byte[][] before,
    byte[][] after,
    FaultMap.Tally tally) {

  /**
   * One faulty cell.
   *
   * @param layer name of the layer
   * @param filter output channel
   * @param index position of the weight within the filter, row-major over {@code [inC / groups, kH,
   *     kW]}
   * @param bit 0 the least significant
   * @param before code of the weight as trained
   * @param after its code with all its faults
   * @param mark u(seed, trial, layer, weight, bit): the cell is faulty at every rate above it
   */
  public record Fault(
      String layer, int filter, int index, int bit, int before, int after, double mark) {}

  static FaultList of(OneTrial one) {
    var trial = one.trial();
    var map =
        new FaultSampler(trial.seed(), one.weights(), one.bits(), trial.scope())
            .draw(trial.number(), trial.rate());
    byte[][] after = one.network().copyCodes();
    var tally = map.apply(trial.kind(), trial.rate(), trial.encoding(), after);
    return new FaultList(
        one.network().weightLayers(),
        map.sites(trial.rate()),
        one.network().copyCodes(),
        after,
        tally);
  }

  /** Number of faulty cells. */
  public int size() {
    return sites.size();
  }

  /** The faults by layer, filter, index and bit. */
  public Stream<Fault> faults() {
    return sites.stream().map(this::fault);
  }

  private Fault fault(FaultSite site) {
    var layer = layers.get(site.layer());
    int filterSize = before[site.layer()].length / layer.geometry().outChannels();
    return new Fault(
        layer.name(),
        site.weight() / filterSize,
        site.weight() % filterSize,
        site.bit(),
        before[site.layer()][site.weight()],
        after[site.layer()][site.weight()],
        site.mark());
  }
}
