package org.bitquake.fault;

import java.util.function.Function;
import java.util.stream.Stream;
import org.bitquake.fault.effect.Drift;
import org.bitquake.fault.effect.Drift.Direction;
import org.bitquake.fault.effect.Mixed;
import org.bitquake.fault.effect.StuckAtRandom;
import org.bitquake.fault.effect.StuckOpen;

/**
 * An effect, and what a faulty cell reads by definition. A new effect is a line in {@link #all}.
 *
 * @param reading by what each cell does: see {@link Nature}
 */
record KnownEffect(CellEffect effect, Function<Nature, NaiveFaults.Reading> reading) {
  /** Levels in the order of the reflected Gray code. */
  private static final int[] GRAY = {0, 1, 3, 2, 6, 7, 5, 4, 12, 13, 15, 14, 10, 11, 9, 8};

  /**
   * What each cell does where that is random, seen in memories of zeros and of ones. It belongs to
   * a cell and a trial, so it is the same for other codes, encodings and rates.
   */
  interface Nature {
    /** What a cell reads that holds its lowest or highest value. */
    int ofZero(int array, int row, int column);

    int ofOnes(int array, int row, int column);
  }

  static Stream<KnownEffect> all() {
    return Stream.of(
        simple(FaultKind.BIT_FLIP, (memory, a, r, c, levels) -> 1 - memory.held(a, r, c)),
        simple(FaultKind.STUCK_AT_0, (memory, a, r, c, levels) -> 0),
        simple(FaultKind.STUCK_AT_1, (memory, a, r, c, levels) -> 1),
        new KnownEffect(new StuckAtRandom(), KnownEffect::asItsNature),
        new KnownEffect(new Mixed(0.5, 0.3, 0.2), KnownEffect::asItsNature),
        new KnownEffect(new Mixed(0, 1, 0), KnownEffect::asItsNature),
        simple(new StuckOpen(), KnownEffect::lineAbove),
        drift(1, false, Direction.UP),
        drift(2, false, Direction.UP),
        drift(2, true, Direction.DOWN),
        drift(2, true, Direction.EITHER),
        drift(4, false, Direction.EITHER),
        drift(4, true, Direction.UP));
  }

  @Override
  public String toString() {
    return effect.label();
  }

  private static KnownEffect simple(CellEffect effect, NaiveFaults.Reading reading) {
    return new KnownEffect(effect, nature -> reading);
  }

  private static NaiveFaults.Reading asItsNature(Nature nature) {
    return (memory, array, row, column, levels) ->
        memory.held(array, row, column) == 0
            ? nature.ofZero(array, row, column)
            : nature.ofOnes(array, row, column);
  }

  /** Up the column to the first sound place; 1 above the top. */
  private static int lineAbove(NaiveFaults memory, int array, int row, int column, int levels) {
    if (row == 0) {
      return 1;
    }
    return memory.faulty(array, row - 1, column)
        ? lineAbove(memory, array, row - 1, column, levels)
        : memory.held(array, row - 1, column);
  }

  private static KnownEffect drift(int bitsPerCell, boolean gray, Direction direction) {
    return new KnownEffect(
        new Drift(bitsPerCell, gray, direction),
        nature ->
            (memory, array, row, column, levels) -> {
              boolean up =
                  direction == Direction.UP
                      || (direction == Direction.EITHER && nature.ofZero(array, row, column) != 0);
              int level = 0;
              while (value(level, gray) != memory.held(array, row, column)) {
                level++;
              }
              level += up ? 1 : -1;
              return value(Math.max(0, Math.min(levels - 1, level)), gray);
            });
  }

  private static int value(int level, boolean gray) {
    return gray ? GRAY[level] : level;
  }
}
