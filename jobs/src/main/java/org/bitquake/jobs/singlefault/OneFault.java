package org.bitquake.jobs.singlefault;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.fault.SingleFault;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.jobs.injection.OneRow;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.singlefault.FaultReads;
import org.bitquake.singlefault.FaultReads.Reading;
import org.bitquake.singlefault.SingleFaultRunner;

/**
 * One single fault alone. A campaign follows most faults through traces of the golden run; alone, a
 * fault is not worth a trace, so an engine runs every image whole.
 *
 * @param network of the content hash that the row names
 * @param data the row's data set, with at least the row's number of images
 */
public record OneFault(RecordedFault fault, QuantizedNetwork network, Dataset data)
    implements OneRow {
  /** By layer, weight and bit. */
  public static final Comparator<SingleFault> BY_PLACE =
      Comparator.comparingInt(SingleFault::layer)
          .thenComparingInt(SingleFault::weight)
          .thenComparingInt(SingleFault::bit);

  /** The images that the fault is tried on, {@code [n]}. */
  @Override
  public int[] images() {
    return ChosenImages.draw(fault.seed(), data, fault.images());
  }

  /**
   * The faulty cell.
   *
   * @throws InputException if the network has none there
   */
  public SingleFault cell() {
    var layers = network.weightLayers();
    for (int i = 0; i < layers.size(); i++) {
      var layer = layers.get(i);
      int filters = layer.geometry().outChannels();
      int filterSize = layer.weights().codes().length / filters;
      boolean holds =
          layer.name().equals(fault.layer())
              && fault.filter() < filters
              && fault.index() < filterSize
              && fault.bit() < layer.weights().bits();
      if (holds) {
        return new SingleFault(i, fault.filter() * filterSize + fault.index(), fault.bit());
      }
    }
    throw new InputException(
        Text.of(
            "network %s has no cell %s, filter %d, index %d, bit %d: the row is damaged, run the campaign again",
            network.name(), fault.layer(), fault.filter(), fault.index(), fault.bit()));
  }

  /**
   * All cells that fail where none is hardened, by layer, weight and bit: of an event the faulty
   * cell is only the first.
   *
   * @throws InputException if the network has no such cell, or no such memory
   */
  public List<SingleFault> cells() {
    try {
      var places = fault.events().places(network);
      if (places.isEmpty()) {
        return List.of(cell());
      }
      if (!places.get().isFirst(cell())) {
        throw new IllegalArgumentException("no event begins at its cell");
      }
      return places.get().cells(cell()).stream().sorted(BY_PLACE).toList();
    } catch (IllegalArgumentException e) {
      throw new InputException(
          Text.of(
              "network %s: %s: the row is damaged, run the campaign again",
              network.name(), e.getMessage()),
          e);
    }
  }

  /**
   * What is read of the weights.
   *
   * @throws InputException as {@link #cells}
   */
  public Reading reading() {
    cells();
    return reads().read(cell());
  }

  private FaultReads reads() {
    return fault.events().reads(network, fault.kind(), fault.encoding());
  }

  /** Where cells lie in memory; empty for single cells that do not depend on it. */
  public Optional<MemoryLayout> layout() {
    return fault.events().arePlain()
        ? Optional.empty()
        : Optional.of(fault.events().layout(network));
  }

  /**
   * Runs it.
   *
   * @return its row of the table {@code single_faults}; with an error if the run failed
   */
  @Override
  public Row run(EngineSource engines) {
    byte[][] images = ChosenImages.pixelsAndLabels(data, images());
    try (var runner =
        new SingleFaultRunner(
            network, reads(), images[0], images[1], () -> engines.prepare(network))) {
      int golden = runner.goldenCorrect();
      var result = runner.run(List.of(cell())).get(0);
      return FaultRow.of(FaultTask.Plan.of(fault), 0, network)
          .of(fault.number(), result, fault.images(), golden);
    }
  }
}
