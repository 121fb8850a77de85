package org.bitquake.protect;

import java.util.Arrays;
import org.bitquake.fault.Coder;
import org.bitquake.fault.WrongBits;

/**
 * How the weights of one layer are written around cells that are known to be stuck; see {@link
 * Part.Remap}. Not thread-safe.
 *
 * <p>By column, a choice is a number: bit b inverts bit b of the column's weights, and the bit
 * above them all negates the weights. The lowest code has no negative; it is written as the
 * highest, and such errors count, too. The choice with the least squared error of the whole column
 * is taken, of several the least number, so a column without faults stays as it is.
 */
final class Remapping {
  private static final int BYTE_MASK = 0xFF;
  private static final int WEIGHT_SHIFT = 2 * Byte.SIZE;

  private final int layer;
  private final Part.Remap.By by;
  private final WeightColumns columns;

  /** The bit of a choice that negates. */
  private final int negated;

  private final byte lowest;

  /** Of each column; empty by weight. */
  private final short[] choices;

  /** One past the last stuck weight of each column. */
  private final int[] ends;

  private final long[] errors;
  private final int[] distances;

  /** Weights with stuck cells, those cells, and the wrong ones of them, packed; and by column. */
  private long[] stuck = new long[WrongBits.BLOCK];

  private long[] byColumn = {};
  private int size;

  private byte[][] pristine = {};

  /** Where the lowest code is, ascending, and how often in each column. */
  private int[] lowestWeights = {};

  private final int[] lowestInColumn;
  private int nextLowest;

  Remapping(int layer, Part.Remap.By by, WeightColumns columns, int bits) {
    this.layer = layer;
    this.by = by;
    this.columns = columns;
    negated = 1 << bits;
    lowest = (byte) -(negated >> 1);
    int all = by.isOfColumns() ? columns.end() : 0;
    choices = new short[all];
    ends = new int[all];
    lowestInColumn = new int[all];
    errors = new long[2 * negated];
    distances = new int[2 * negated];
  }

  /**
   * Begins with a trial: chooses how each column is written.
   *
   * @param data of the trial; its place in the layer is lost
   * @param pristine {@code [weight layer][code]}; the same array must always hold the same codes
   */
  void begin(WrongBits data, Coder coder, byte[][] pristine) {
    if (!by.isOfColumns()) {
      return;
    }
    byte[] codes = pristine[layer];
    if (this.pristine != pristine) {
      findLowest(codes);
      this.pristine = pristine;
    }
    nextLowest = 0;
    gather(data);
    sort();
    int first = 0;
    for (int column = 0; column < choices.length; column++) {
      choices[column] = (short) choice(column, first, ends[column], coder, codes);
      first = ends[column];
    }
  }

  private void findLowest(byte[] codes) {
    Arrays.fill(lowestInColumn, 0);
    int[] found = new int[codes.length];
    int count = 0;
    for (int weight = 0; weight < codes.length; weight++) {
      if (codes[weight] == lowest) {
        found[count++] = weight;
        lowestInColumn[columns.of(weight)]++;
      }
    }
    lowestWeights = Arrays.copyOf(found, count);
  }

  private void gather(WrongBits data) {
    size = 0;
    data.beginLayer(layer);
    while (data.end() < columns.weights()) {
      data.next();
      if (size + data.size() > stuck.length) {
        stuck = Arrays.copyOf(stuck, 2 * stuck.length);
      }
      for (int i = 0; i < data.size(); i++) {
        stuck[size++] =
            ((long) data.weight(i) << WEIGHT_SHIFT) | (data.faulty(i) << Byte.SIZE) | data.wrong(i);
      }
    }
  }

  private static int weight(long stuck) {
    return (int) (stuck >> WEIGHT_SHIFT);
  }

  /** Sorts stuck weights by column. */
  private void sort() {
    Arrays.fill(ends, 0);
    for (int i = 0; i < size; i++) {
      ends[columns.of(weight(stuck[i]))]++;
    }
    int before = 0;
    for (int column = 0; column < ends.length; column++) {
      int its = ends[column];
      ends[column] = before;
      before += its;
    }
    if (byColumn.length < size) {
      byColumn = new long[stuck.length];
    }
    for (int i = 0; i < size; i++) {
      byColumn[ends[columns.of(weight(stuck[i]))]++] = stuck[i];
    }
  }

  private int choice(int column, int first, int end, Coder coder, byte[] codes) {
    if (first == end) {
      return 0;
    }
    Arrays.fill(errors, 0, negated, 0);
    Arrays.fill(errors, negated, errors.length, lowestInColumn[column]);
    for (int i = first; i < end; i++) {
      int cells = (int) (byColumn[i] >> Byte.SIZE) & BYTE_MASK;
      addErrors(coder, codes[weight(byColumn[i])], cells, (int) byColumn[i] & BYTE_MASK);
    }
    int best = 0;
    for (int choice = 1; choice < errors.length; choice++) {
      best = errors[choice] < errors[best] ? choice : best;
    }
    return best;
  }

  /** Adds the errors of a weight; how cells that are not stuck are written does not matter. */
  private void addErrors(Coder coder, byte code, int stuck, int wrongBits) {
    int fixed = (coder.cells(code) ^ wrongBits) & stuck;
    int which = stuck | negated;
    for (int choice = which; choice >= 0; choice = choice == 0 ? -1 : (choice - 1) & which) {
      int distance = read(coder, code, stuck, fixed, choice) - code;
      int counted = code == lowest && (choice & negated) != 0 ? 1 : 0;
      distances[choice] = distance * distance - counted;
    }
    for (int choice = 0; choice < errors.length; choice++) {
      errors[choice] += distances[choice & which];
    }
  }

  /**
   * What is read of a weight.
   *
   * @param fixed what its stuck cells read
   */
  private byte read(Coder coder, byte code, int stuck, int fixed, int choice) {
    boolean negates = (choice & negated) != 0;
    byte written = negates ? negative(code) : code;
    int its = (fixed ^ choice) & stuck;
    int cells =
        by.isOfWeights()
            ? closest(coder, written, stuck, its)
            : (coder.cells(written) & ~stuck) | its;
    byte read = coder.code(cells);
    return negates ? negative(read) : read;
  }

  private byte negative(byte code) {
    return (byte) Math.min(-code, -lowest - 1);
  }

  /** The wrong bits of a weight with stuck cells, some of which would be wrong as it is. */
  int wrong(Coder coder, int weight, byte code, int stuck, int wrongBits) {
    int cells = coder.cells(code);
    int fixed = (cells ^ wrongBits) & stuck;
    if (!by.isOfColumns()) {
      return closest(coder, code, stuck, fixed) ^ cells;
    }
    int choice = choices[columns.of(weight)];
    int wrong = coder.cells(read(coder, code, stuck, fixed, choice)) ^ cells;
    return code == lowest && (choice & negated) != 0 ? wrong ^ lowestWrong(coder) : wrong;
  }

  /** Adds what is wrong of lowest codes where they are negated, whether cells are stuck or not. */
  void addLowest(Coder coder, int end, WordWindow window) {
    for (; nextLowest < lowestWeights.length && lowestWeights[nextLowest] < end; nextLowest++) {
      int weight = lowestWeights[nextLowest];
      if ((choices[columns.of(weight)] & negated) != 0) {
        window.data(weight, lowestWrong(coder));
      }
    }
  }

  private int lowestWrong(Coder coder) {
    return coder.cells(lowest) ^ coder.cells(negative(negative(lowest)));
  }

  /**
   * The cells that can be read with some bits stuck and lie closest to a code; the least such
   * number of two as close.
   */
  private int closest(Coder coder, byte code, int stuck, int fixed) {
    int free = (negated - 1) & ~stuck;
    int best = (coder.cells(code) & free) | fixed;
    int least = Math.abs(coder.code(best) - code);
    int rest = 0;
    do {
      int distance = Math.abs(coder.code(rest | fixed) - code);
      if (distance < least) {
        best = rest | fixed;
        least = distance;
      }
      rest = (rest - free) & free;
    } while (rest != 0);
    return best;
  }
}
