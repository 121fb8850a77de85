package org.bitquake.protect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bitquake.fault.CellEffect;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultMap;
import org.bitquake.memory.MemoryLayout;

/**
 * Weights written by column around stuck cells: every way of writing a column is tried, bit by bit.
 */
final class NaiveColumns {
  private final MemoryLayout memory;
  private final Encoding encoding;
  private final boolean ofWeightsToo;

  /** What a cell reads whatever is written, or null, {@code [layer][weight][bit]}. */
  private final Boolean[][][] stuck;

  NaiveColumns(MemoryLayout memory, Encoding encoding, boolean ofWeightsToo, Boolean[][][] stuck) {
    this.memory = memory;
    this.encoding = encoding;
    this.ofWeightsToo = ofWeightsToo;
    this.stuck = stuck;
  }

  /** Finds out which cells are stuck by writing all zeros and all ones. */
  static Boolean[][][] stuck(MemoryLayout memory, FaultMap map, CellEffect effect, double rate) {
    byte[][] zeros = new byte[memory.layers()][];
    byte[][] ones = new byte[memory.layers()][];
    for (int layer = 0; layer < zeros.length; layer++) {
      zeros[layer] = new byte[memory.weights()[layer]];
      ones[layer] = new byte[memory.weights()[layer]];
      Arrays.fill(ones[layer], (byte) -1);
    }
    byte[][] low = Arrays.stream(zeros).map(byte[]::clone).toArray(byte[][]::new);
    byte[][] high = Arrays.stream(zeros).map(byte[]::clone).toArray(byte[][]::new);
    map.apply(effect, rate, Encoding.TWOS_COMPLEMENT, zeros, low);
    map.apply(effect, rate, Encoding.TWOS_COMPLEMENT, ones, high);
    Boolean[][][] stuck = new Boolean[zeros.length][][];
    for (int layer = 0; layer < zeros.length; layer++) {
      int bits = memory.bits()[layer];
      stuck[layer] = new Boolean[zeros[layer].length][bits];
      for (int weight = 0; weight < zeros[layer].length; weight++) {
        for (int bit = 0; bit < bits; bit++) {
          boolean ofZero = ((low[layer][weight] >> bit) & 1) != 0;
          boolean ofOne = ((high[layer][weight] >> bit) & 1) != 0;
          stuck[layer][weight][bit] = ofZero == ofOne ? ofZero : null;
        }
      }
    }
    return stuck;
  }

  /** The weights of each column: those of a layer whose lowest bits are in one of an array. */
  Collection<List<Integer>> columns(int layer) {
    Map<Long, List<Integer>> columns = new TreeMap<>();
    for (int weight = 0; weight < memory.weights()[layer]; weight++) {
      var place = memory.place(memory.address(layer, weight, 0));
      columns
          .computeIfAbsent(
              place.array() * memory.columns() + place.column(), its -> new ArrayList<>())
          .add(weight);
    }
    return columns.values();
  }

  /** What is read of each weight. */
  byte[][] read(byte[][] pristine) {
    byte[][] read = new byte[pristine.length][];
    for (int layer = 0; layer < read.length; layer++) {
      read[layer] = new byte[pristine[layer].length];
      for (var column : columns(layer)) {
        long least = Long.MAX_VALUE;
        List<Byte> best = List.of();
        for (int negate = 0; negate < 2; negate++) {
          for (int inverted = 0; inverted < 1 << memory.bits()[layer]; inverted++) {
            List<Byte> its = new ArrayList<>();
            for (int weight : column) {
              its.add(read(layer, weight, pristine[layer][weight], negate == 1, inverted));
            }
            long error = error(column, its, pristine[layer]);
            if (error < least) {
              least = error;
              best = its;
            }
          }
        }
        for (int i = 0; i < best.size(); i++) {
          read[layer][column.get(i)] = best.get(i);
        }
      }
    }
    return read;
  }

  static long error(List<Integer> column, List<Byte> read, byte[] pristine) {
    long error = 0;
    for (int i = 0; i < read.size(); i++) {
      long distance = (long) read.get(i) - pristine[column.get(i)];
      error += distance * distance;
    }
    return error;
  }

  private byte read(int layer, int weight, byte code, boolean negate, int inverted) {
    int bits = memory.bits()[layer];
    int most = (1 << (bits - 1)) - 1;
    int target = negate ? Math.min(-code, most) : code;
    int first = through(layer, weight, encoding.encode(target, bits), inverted);
    int best = encoding.decode(first, bits);
    for (int cells = 0; ofWeightsToo && cells < 1 << bits; cells++) {
      int its = encoding.decode(through(layer, weight, cells, inverted), bits);
      best = Math.abs(its - target) < Math.abs(best - target) ? its : best;
    }
    return (byte) (negate ? Math.min(-best, most) : best);
  }

  /**
   * Cells that are read of those that were to be written, some slices inverted before and after.
   */
  private int through(int layer, int weight, int cells, int inverted) {
    int read = 0;
    for (int bit = 0; bit < memory.bits()[layer]; bit++) {
      boolean invert = ((inverted >> bit) & 1) != 0;
      boolean written = (((cells >> bit) & 1) != 0) ^ invert;
      var its = stuck[layer][weight][bit];
      boolean isRead = (its == null ? written : its) ^ invert;
      read |= isRead ? 1 << bit : 0;
    }
    return read;
  }
}
