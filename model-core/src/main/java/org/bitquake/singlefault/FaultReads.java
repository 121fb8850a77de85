package org.bitquake.singlefault;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.SingleFault;
import org.bitquake.network.QuantizedNetwork;

/** What is read of a network's weights under a single fault. */
@FunctionalInterface
public interface FaultReads {
  /** Reads under a fault; implementations need not be thread-safe. */
  Reading read(SingleFault fault);

  /**
   * What fails, and what is read.
   *
   * @param cells of weights that fail; none where what would fail is hardened
   * @param faultyCells that fail, check cells, too
   * @param changed the weights that read as another code
   */
  record Reading(List<SingleFault> cells, int faultyCells, List<ChangedWeight> changed) {
    /** The code that is read of a weight. */
    public byte after(int layer, int weight, byte before) {
      return changed.stream()
          .filter(its -> its.layer() == layer && its.weight() == weight)
          .findFirst()
          .map(ChangedWeight::after)
          .orElse(before);
    }
  }

  /** A weight that reads as another code. */
  record ChangedWeight(int layer, int weight, byte before, byte after) {}

  /**
   * Reads from a memory without protection.
   *
   * @param together the cells that fail with a cell, itself among them
   */
  static FaultReads plain(
      QuantizedNetwork network,
      FaultKind kind,
      Encoding encoding,
      Function<SingleFault, List<SingleFault>> together) {
    byte[][] codes = network.copyCodes();
    int[] bits = network.weightLayers().stream().mapToInt(c -> c.weights().bits()).toArray();
    return fault -> {
      var cells = together.apply(fault);
      var changed =
          FaultyWeight.of(cells).stream()
              .flatMap(its -> changed(its, kind, encoding, bits, codes).stream())
              .toList();
      return new Reading(cells, cells.size(), changed);
    };
  }

  private static Optional<ChangedWeight> changed(
      FaultyWeight its, FaultKind kind, Encoding encoding, int[] bits, byte[][] codes) {
    byte before = codes[its.layer()][its.weight()];
    byte after = its.read(kind, encoding, bits[its.layer()], before);
    return before == after
        ? Optional.empty()
        : Optional.of(new ChangedWeight(its.layer(), its.weight(), before, after));
  }
}
