package org.bitquake.fault;

import java.util.Set;

/**
 * Which cells may be faulty.
 *
 * @param layers positions in {@code QuantizedNetwork.weightLayers()}; empty means all
 * @param bits bit positions, 0 the least significant; empty means all
 */
public record FaultScope(Set<Integer> layers, Set<Integer> bits) {
  /** Every cell of every layer. */
  public static final FaultScope ALL = new FaultScope(Set.of(), Set.of());

  public FaultScope {
    layers = Set.copyOf(layers);
    bits = Set.copyOf(bits);
  }
}
