package org.bitquake.jobs.replay;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bitquake.fault.FaultMap;
import org.bitquake.fault.FaultSite;
import org.bitquake.fault.SingleFault;
import org.bitquake.jobs.injection.WeightMemory;
import org.bitquake.jobs.singlefault.OneFault;
import org.bitquake.jobs.trial.OneTrial;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.network.Convolution;

/**
 * The faulty cells of one trial, or those of a single fault, and what they did to the weights.
 * Check cells are counted, not listed.
 *
 * @param layers the layers with weights
 * @param cells by layer, weight and bit
 * @param marks of the cells of a trial, {@code [cell]}; a single fault has none
 * @param layout where cells lie in memory; empty where faults do not depend on it
 * @param before the weight codes as trained, {@code [weight layer][code]}
 * @param after the same with all faults
 * @param tally what the faults amount to
 * @param buffer those of a trial in the memory of activations or offsets, which leave all weights
 *     as they are; empty for others
 */
public record FaultList(
    List<Convolution> layers,
    List<SingleFault> cells,
    Optional<double[]> marks,
    Optional<MemoryLayout> layout,
    byte[][] before,
    byte[][] after,
    FaultMap.Tally tally,
    Optional<BufferFaultList> buffer) {

  /**
   * One faulty cell.
   *
   * @param layer name of the layer
   * @param filter output channel
   * @param index position of the weight within the filter, row-major over {@code [inC / groups, kH,
   *     kW]}
   * @param bit 0 the least significant; of cells that hold several bits, the cell
   * @param before code of the weight as trained
   * @param after its code with all its faults
   * @param mark the cell is faulty at every rate above it; of independent cells u(seed, trial,
   *     layer, weight, bit); a single fault has none
   * @param place in memory; empty where faults do not depend on it
   */
  public record Fault(
      String layer,
      int filter,
      int index,
      int bit,
      int before,
      int after,
      OptionalDouble mark,
      Optional<MemoryLayout.Place> place) {}

  static FaultList of(OneTrial one) {
    var trial = one.trial();
    var kind = trial.kind();
    if (!kind.isOfWeights()) {
      return new FaultList(
          one.network().weightLayers(),
          List.of(),
          Optional.of(new double[0]),
          Optional.empty(),
          one.network().copyCodes(),
          one.network().copyCodes(),
          new FaultMap.Tally(0, 0),
          Optional.of(BufferFaultList.of(one)));
    }
    var memory =
        WeightMemory.of(kind, trial.seed(), one.network(), trial.scope(), WeightMemory.Sources.NEW);
    byte[][] after = one.network().copyCodes();
    var tally =
        memory.read(
            trial.number(),
            trial.rate(),
            trial.rate(),
            trial.encoding(),
            one.network().copyCodes(),
            after);
    List<FaultSite> sites = memory.draw(trial.number(), trial.rate()).sites(trial.rate());
    return new FaultList(
        one.network().weightLayers(),
        sites.stream().map(s -> new SingleFault(s.layer(), s.weight(), s.bit())).toList(),
        Optional.of(sites.stream().mapToDouble(FaultSite::mark).toArray()),
        kind.isClassic() ? Optional.empty() : Optional.of(kind.layout(one.weights(), one.bits())),
        one.network().copyCodes(),
        after,
        tally,
        Optional.empty());
  }

  static FaultList of(OneFault one) {
    var reading = one.reading();
    byte[][] after = one.network().copyCodes();
    reading.changed().forEach(its -> after[its.layer()][its.weight()] = its.after());
    return new FaultList(
        one.network().weightLayers(),
        reading.cells().stream().sorted(OneFault.BY_PLACE).toList(),
        Optional.empty(),
        one.layout(),
        one.network().copyCodes(),
        after,
        new FaultMap.Tally(reading.faultyCells(), reading.changed().size()),
        Optional.empty());
  }

  /** What the faults amount to; of those in a buffer once images were run. */
  @Override
  public FaultMap.Tally tally() {
    return buffer.map(BufferFaultList::tally).orElse(tally);
  }

  /** Number of faulty cells. */
  public int size() {
    return cells.size();
  }

  /** The faults by layer, filter, index and bit. */
  public Stream<Fault> faults() {
    return IntStream.range(0, cells.size()).mapToObj(this::fault);
  }

  private Fault fault(int position) {
    var cell = cells.get(position);
    var layer = layers.get(cell.layer());
    int filterSize = before[cell.layer()].length / layer.geometry().outChannels();
    return new Fault(
        layer.name(),
        cell.weight() / filterSize,
        cell.weight() % filterSize,
        cell.bit(),
        before[cell.layer()][cell.weight()],
        after[cell.layer()][cell.weight()],
        marks.map(its -> OptionalDouble.of(its[position])).orElse(OptionalDouble.empty()),
        layout.map(its -> its.place(its.address(cell.layer(), cell.weight(), cell.bit()))));
  }
}
