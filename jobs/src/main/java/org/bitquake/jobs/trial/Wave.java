package org.bitquake.jobs.trial;

import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What is run and committed together: for each cell of the campaign a range of trial numbers.
 *
 * @param from first trial number of each cell
 * @param to one past the last; equal to {@code from} where the cell has nothing to do
 * @param images of a trial of each cell
 */
public record Wave(long[] from, long[] to, int[] images) implements Serializable {

  /** The same range for all cells. */
  public static Wave of(int cells, long first, long end, int images) {
    long[] from = new long[cells];
    long[] to = new long[cells];
    int[] each = new int[cells];
    Arrays.fill(from, first);
    Arrays.fill(to, end);
    Arrays.fill(each, images);
    return new Wave(from, to, each);
  }

  boolean isActive(int cell, long number) {
    return from[cell] <= number && number < to[cell];
  }

  public long rows() {
    return busy().mapToLong(cell -> to[cell] - from[cell]).sum();
  }

  /** The first trial number of any cell. */
  public long first() {
    return busy().mapToLong(cell -> from[cell]).min().orElse(0);
  }

  /** One past the last trial number of any cell. */
  public long end() {
    return busy().mapToLong(cell -> to[cell]).max().orElse(0);
  }

  /** The most images of a trial. */
  int mostImages() {
    return busy().map(cell -> images[cell]).max().orElse(1);
  }

  private IntStream busy() {
    return IntStream.range(0, from.length).filter(cell -> to[cell] > from[cell]);
  }
}
