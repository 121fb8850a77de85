package org.bitquake.fault;

import org.bitquake.memory.MemoryLayout;

/**
 * Where faults fall: one half of a {@link FaultModel}. A pattern is made of <b>events</b>, each at
 * a place of its own and with a mark, a random number that is a function of (seed, trial, place)
 * and of nothing else. At a rate the events are there whose mark is below {@link #mark mark(rate)},
 * and every cell is then faulty with probability {@code rate}. So faults at a lower rate are a
 * subset of those at a higher one, and everything that shares a trial sees the same events.
 */
public interface FaultPattern {
  /** What configurations call it, with its settings. */
  String label();

  /** The mark below which events are there at a rate; 0 at rate 0, and strictly increasing. */
  double mark(double rate);

  /** The rate at which an event of that mark comes: the inverse of {@link #mark}. */
  double rate(double mark);

  /**
   * Draws the events of a trial.
   *
   * @param mark all events with lower marks are drawn; others may be, too
   */
  void draw(EventStream events, MemoryLayout memory, double mark, Addresses out);

  /**
   * Checks that it goes with arrays of a form.
   *
   * @throws IllegalArgumentException if it does not
   */
  default void requireFits(int rows, int columns) {}

  /** Whether its events are whole rows, with whatever columns these have. */
  default boolean takesWholeRows() {
    return false;
  }

  /** What draws this pattern in a memory. */
  default FaultSource source(long seed, MemoryLayout memory, FaultScope scope) {
    return new PatternSampler(seed, this, memory, scope);
  }

  /** Takes the addresses of faulty cells. */
  @FunctionalInterface
  interface Addresses {
    /**
     * A faulty place, which need not hold a cell.
     *
     * @param row array · rows + row in the array
     */
    void faulty(long row, int column, double mark);
  }
}
