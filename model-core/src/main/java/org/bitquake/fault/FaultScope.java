package org.bitquake.fault;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bitquake.InputException;
import org.bitquake.Text;

/**
 * Which cells may be faulty.
 *
 * @param layers positions in {@code QuantizedNetwork.weightLayers()}, ascending; empty means all
 * @param bits bit positions, 0 the least significant, ascending; empty means all
 * @param except cells that never fail all the same
 */
public record FaultScope(Set<Integer> layers, Set<Integer> bits, List<FaultScope> except) {
  /** Every cell of every layer. */
  public static final FaultScope ALL = new FaultScope(Set.of(), Set.of());

  public FaultScope {
    // Sorted: the order of Set.copyOf changes from one virtual machine to the next.
    layers = Collections.unmodifiableSet(new TreeSet<>(layers));
    bits = Collections.unmodifiableSet(new TreeSet<>(bits));
    except = List.copyOf(except);
    if (layers.stream().anyMatch(layer -> layer < 0)) {
      throw new IllegalArgumentException("a layer position is not negative: " + layers);
    }
    if (bits.stream().anyMatch(bit -> bit < 0 || bit >= Encoding.MAX_BITS)) {
      throw new IllegalArgumentException("a bit position is 0 to 7: " + bits);
    }
  }

  /** The cells of these bits of these layers. */
  public FaultScope(Set<Integer> layers, Set<Integer> bits) {
    this(layers, bits, List.of());
  }

  /** This scope without some cells. */
  public FaultScope without(List<FaultScope> cells) {
    return new FaultScope(layers, bits, cells);
  }

  /** True if the cells of this bit of this layer may be faulty. */
  public boolean contains(int layer, int bit) {
    boolean in =
        (layers.isEmpty() || layers.contains(layer)) && (bits.isEmpty() || bits.contains(bit));
    for (int i = 0; in && i < except.size(); i++) { // which makes no garbage
      in = !except.get(i).contains(layer, bit);
    }
    return in;
  }

  /**
   * The number of cells that may be faulty.
   *
   * @param weights number of weights of each weight layer
   * @param cells of each weight, per weight layer
   */
  public long cells(int[] weights, int[] cells) {
    long all = 0;
    for (int layer = 0; layer < weights.length; layer++) {
      for (int cell = 0; cell < cells[layer]; cell++) {
        all += contains(layer, cell) ? weights[layer] : 0;
      }
    }
    return all;
  }

  /**
   * Checks that a network has every layer and bit that this scope names.
   *
   * @param layerBits cells of each weight, per weight layer of the network
   * @throws InputException if it names one that the network does not have
   */
  public void requireWithin(int[] layerBits, String networkName) {
    for (int layer : layers) {
      if (layer >= layerBits.length) {
        throw new InputException(
            Text.of(
                "the fault scope names layer %d, but network %s has the weight layers 0 to %d: name one of those",
                layer, networkName, layerBits.length - 1));
      }
    }
    int widest = Arrays.stream(layerBits).max().orElse(0);
    for (int bit : bits) {
      if (bit >= widest) {
        throw new InputException(
            Text.of(
                "the fault scope names bit %d, but the weights of network %s have the bits 0 to %d: name one of those",
                bit, networkName, widest - 1));
      }
    }
  }
}
