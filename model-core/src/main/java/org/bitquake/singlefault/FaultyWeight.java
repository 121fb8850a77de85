package org.bitquake.singlefault;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.SingleFault;

/**
 * A weight of which one or more cells fail together.
 *
 * @param layer position in {@code QuantizedNetwork.weightLayers()}
 * @param weight position in the layer's codes
 * @param cells that fail, cell 0 the least significant bit
 */
public record FaultyWeight(int layer, int weight, int cells) {
  private record Place(int layer, int weight) {}

  /** The weights that some cells belong to, in the order of their first cells. */
  public static List<FaultyWeight> of(List<SingleFault> cells) {
    if (cells.size() == 1) {
      var cell = cells.get(0);
      return List.of(new FaultyWeight(cell.layer(), cell.weight(), 1 << cell.bit()));
    }
    Map<Place, Integer> masks = new LinkedHashMap<>();
    for (var cell : cells) {
      masks.merge(new Place(cell.layer(), cell.weight()), 1 << cell.bit(), (a, b) -> a | b);
    }
    return masks.entrySet().stream()
        .map(e -> new FaultyWeight(e.getKey().layer(), e.getKey().weight(), e.getValue()))
        .toList();
  }

  /**
   * The code that is read where {@code code} was written.
   *
   * @param bits of a weight of the layer
   */
  public byte read(FaultKind kind, Encoding encoding, int bits, byte code) {
    return (byte) encoding.decode(kind.apply(encoding.encode(code, bits), cells), bits);
  }
}
