package org.bitquake.cnvlutin;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * Activations in the zero-free neuron array format (ZFNAf, section IV-B of the paper): cut into
 * bricks, of which only the last may be short; a brick holds the values that are not 0, each with
 * its offset in the brick. Immutable.
 */
public final class ZeroFreeArray {
  private final int length;
  private final int brick;
  private final int[] ends;
  private final int[] values;
  private final int[] offsets;

  /**
   * An array from its parts.
   *
   * @param length activations, zeros included
   * @param brick activations of a brick
   * @param counts pairs in each brick
   * @param values of all pairs, brick after brick
   * @param offsets of all pairs
   * @throws IllegalArgumentException unless there is an array that {@link #encode} makes this of:
   *     as many counts as bricks, no value 0, offsets that ascend and stay inside their brick
   */
  public static ZeroFreeArray of(int length, int brick, int[] counts, int[] values, int[] offsets) {
    requireSizes(length, brick);
    int[] ends = new int[counts.length];
    long sum = 0;
    for (int k = 0; k < counts.length; k++) {
      require(counts[k] >= 0 && counts[k] <= brick, "brick %d has %d pairs", k, counts[k]);
      sum += counts[k];
      require(sum <= values.length, "%d pairs, fewer than the bricks say", values.length);
      ends[k] = (int) sum;
    }
    require(
        counts.length == bricks(length, brick),
        "%d bricks, but %d activations make %d",
        counts.length,
        length,
        bricks(length, brick));
    require(
        values.length == sum && offsets.length == sum,
        "%d values and %d offsets for %d pairs",
        values.length,
        offsets.length,
        sum);
    var array = new ZeroFreeArray(length, brick, ends, values.clone(), offsets.clone());
    for (int k = 0; k < counts.length; k++) {
      array.requirePairs(k);
    }
    return array;
  }

  private void requirePairs(int k) {
    int size = Math.min(brick, length - k * brick);
    int last = -1;
    for (int pair = begin(k); pair < ends[k]; pair++) {
      require(values[pair] != 0, "brick %d holds a 0", k);
      require(
          offsets[pair] > last && offsets[pair] < size,
          "brick %d of %d activations has offset %d after %d",
          k,
          size,
          offsets[pair],
          last);
      last = offsets[pair];
    }
  }

  private ZeroFreeArray(int length, int brick, int[] ends, int[] values, int[] offsets) {
    this.length = length;
    this.brick = brick;
    this.ends = ends;
    this.values = values;
    this.offsets = offsets;
  }

  /** Leaves out the zeros. */
  public static ZeroFreeArray encode(int[] activations, int brick) {
    requireSizes(activations.length, brick);
    int[] ends = new int[bricks(activations.length, brick)];
    int[] values = new int[activations.length];
    int[] offsets = new int[activations.length];
    int pairs = 0;
    for (int i = 0; i < activations.length; i++) {
      if (activations[i] != 0) {
        values[pairs] = activations[i];
        offsets[pairs++] = i % brick;
      }
      ends[i / brick] = pairs;
    }
    return new ZeroFreeArray(
        activations.length,
        brick,
        ends,
        Arrays.copyOf(values, pairs),
        Arrays.copyOf(offsets, pairs));
  }

  /** Puts the zeros back. */
  public int[] decode() {
    int[] activations = new int[length];
    for (int k = 0; k < ends.length; k++) {
      for (int pair = begin(k); pair < ends[k]; pair++) {
        activations[k * brick + offsets[pair]] = values[pair];
      }
    }
    return activations;
  }

  /** Number of bricks. */
  public int bricks() {
    return ends.length;
  }

  /** Pairs in a brick; 0 where all its activations are 0. */
  public int pairs(int brickIndex) {
    return ends[brickIndex] - begin(brickIndex);
  }

  /** The value of a pair of a brick. */
  public int value(int brickIndex, int pair) {
    return values[index(brickIndex, pair)];
  }

  /** The offset of a pair of a brick. */
  public int offset(int brickIndex, int pair) {
    return offsets[index(brickIndex, pair)];
  }

  private int index(int brickIndex, int pair) {
    return begin(brickIndex) + Objects.checkIndex(pair, pairs(brickIndex));
  }

  private int begin(int brickIndex) {
    return brickIndex == 0 ? 0 : ends[brickIndex - 1];
  }

  private static int bricks(int length, int brick) {
    return (int) (((long) length + brick - 1) / brick);
  }

  private static void requireSizes(int length, int brick) {
    require(
        length >= 0 && brick >= 1 && brick <= Accelerator.MAX_BRICK,
        "%d activations in bricks of %d",
        length,
        brick);
  }

  private static void require(boolean ok, String format, Object... arguments) {
    if (!ok) {
      throw new IllegalArgumentException(
          "not a zero-free array: " + String.format(Locale.ROOT, format, arguments));
    }
  }
}
