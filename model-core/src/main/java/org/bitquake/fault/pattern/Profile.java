package org.bitquake.fault.pattern;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.fault.CellEffect;
import org.bitquake.fault.EventStream;
import org.bitquake.fault.FaultPattern;
import org.bitquake.fault.FaultyMemory;
import org.bitquake.fault.Philox;
import org.bitquake.fault.pattern.Chip.Measure;
import org.bitquake.memory.MemoryLayout;

/**
 * Measured chips, which say where faults fall and what they do. A trial draws one of the chips, and
 * the row of it that row 0 of the network's memory lies in, each as likely as any other; the other
 * rows follow, from the chip's last row on with its first again.
 *
 * <p>The chips fail at a rate of their own, {@link #most}: the mean over chips of the share of
 * cells that fail. A cell of probability p is faulty at that rate iff its mark u, uniform on [0,
 * 1), is below p; at λ times that rate (λ ≤ 1) iff u is below λ · p. A cell of threshold voltage t
 * is faulty at supply voltage V iff t &gt; V, which is at the rate of the mean share of thresholds
 * above V; at rates between two such shares a random part of the cells of the next threshold fails,
 * too, those whose u is lowest. So either way the mean over chips and places is the rate, and
 * faults at a lower rate are a subset of those at a higher one.
 */
public final class Profile implements FaultPattern, CellEffect, Serializable {
  /** Chips of a profile, at most. */
  public static final int MOST_CHIPS = 64;

  /** Cells that all its chips list, at most. */
  public static final long MOST_LISTED = 1L << 22;

  private static final long serialVersionUID = 1L;
  private static final long PLACE = 7L << 32;
  private static final long MARKS = 8L << 32;
  private static final int WORDS = 4; // of a block

  private final ArrayList<Chip> chips;
  private final double most;

  /** Thresholds that cells have, the highest first; none where they have probabilities. */
  private final double[] thresholds;

  /** Mean share of cells with one of the first n thresholds, n = 0 … {@code thresholds.length}. */
  private final double[] shares;

  /**
   * A profile.
   *
   * @param chips at least one, no two equal, all of the same measure
   */
  public Profile(List<Chip> chips) {
    this.chips = new ArrayList<>(chips);
    require(chips);
    thresholds =
        measure() == Measure.THRESHOLD
            ? descending(chips.stream().flatMapToDouble(c -> Arrays.stream(c.values())).toArray())
            : new double[0];
    shares = new double[thresholds.length + 1];
    double sum = 0;
    for (var chip : chips) {
      sum += Arrays.stream(chip.values()).sum() / chip.form().cells();
      addShares(chip);
    }
    Arrays.setAll(shares, n -> shares[n] / chips.size());
    most = thresholds.length > 0 ? shares[thresholds.length] : sum / chips.size();
  }

  private static void require(List<Chip> chips) {
    if (chips.isEmpty() || chips.size() > MOST_CHIPS) {
      throw new IllegalArgumentException(
          Text.of("a profile of %d chips; give 1 to %d", chips.size(), MOST_CHIPS));
    }
    if (chips.stream().mapToLong(Chip::size).sum() > MOST_LISTED) {
      throw new IllegalArgumentException(
          Text.of("the chips list more than %d cells in all", MOST_LISTED));
    }
    var contents = new HashSet<String>();
    for (var chip : chips) {
      if (!contents.add(chip.sha256())) {
        throw new IllegalArgumentException(
            Text.of("%s holds the same as another of the chips", chip.name()));
      }
      if (chip.measure() != chips.get(0).measure()) {
        throw new IllegalArgumentException(
            Text.of(
                "%s has %s, but %s %s; give chips of one kind",
                chip.name(),
                chip.measure().label(),
                chips.get(0).name(),
                chips.get(0).measure().label()));
      }
    }
  }

  private static double[] descending(double[] values) {
    double[] ascending = Arrays.stream(values).sorted().distinct().toArray();
    double[] descending = new double[ascending.length];
    Arrays.setAll(descending, i -> ascending[ascending.length - 1 - i]);
    return descending;
  }

  private void addShares(Chip chip) {
    long[] counts = new long[thresholds.length + 1];
    for (int i = 0; i < chip.size() && thresholds.length > 0; i++) {
      counts[above(Math.nextDown(chip.value(i)))]++;
    }
    Arrays.parallelPrefix(counts, Long::sum);
    for (int n = 0; n < counts.length; n++) {
      shares[n] += (double) counts[n] / chip.form().cells();
    }
  }

  /** How many thresholds lie above a voltage. */
  private int above(double voltage) {
    int low = 0;
    int high = thresholds.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (thresholds[middle] > voltage) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  public List<Chip> chips() {
    return List.copyOf(chips);
  }

  /** What the chips say of their cells. */
  public Measure measure() {
    return chips.get(0).measure();
  }

  /** The highest rate that there is: that of the chips as they were measured. */
  public double most() {
    return most;
  }

  /**
   * The mean share of cells that fail at a supply voltage.
   *
   * @throws IllegalStateException if the chips have probabilities
   */
  public double rateAt(double voltage) {
    if (measure() != Measure.THRESHOLD) {
      throw new IllegalStateException("probabilities say nothing of voltages");
    }
    return shares[above(voltage)];
  }

  @Override
  public String label() {
    return chips.stream()
        .map(chip -> Text.of("{file: %s, sha256: %s}", chip.name(), chip.sha256()))
        .collect(Collectors.joining(", ", "profile: [", "]"));
  }

  /**
   * Of probabilities λ, of thresholds the rate.
   *
   * @throws InputException if the rate is above {@link #most}
   */
  @Override
  public double mark(double rate) {
    if (rate > most) {
      throw new InputException(
          Text.of(
              "the measured chips fail at a rate of %s at most, not %s; give that or a lower one",
              most, rate));
    }
    return measure() == Measure.PROBABILITY ? rate / most : rate;
  }

  @Override
  public double rate(double mark) {
    return measure() == Measure.PROBABILITY ? mark * most : mark;
  }

  @Override
  public void requireFits(int rows, int columns) {
    for (var chip : chips) {
      if (chip.form().rows() != rows || chip.form().columns() != columns) {
        throw new IllegalArgumentException(
            Text.of(
                "%s has arrays of %dx%d cells, but those of the memory are %dx%d",
                chip.name(), chip.form().rows(), chip.form().columns(), rows, columns));
      }
    }
  }

  /**
   * A chip, and the row of it that row 0 of the memory lies in.
   *
   * @param first 0 to its rows − 1, rows of all arrays numbered through
   */
  private record Place(Chip chip, int first) {
    int row(long row) {
      return (int) ((row + first) % chip.form().allRows());
    }
  }

  private Place place(long chipWord, long rowWord) {
    var chip = chips.get(below(chips.size(), chipWord));
    return new Place(chip, below(chip.form().allRows(), rowWord));
  }

  /** A number 0 to count − 1, each as likely as the others but for 2⁻⁴⁰. */
  private static int below(int count, long word) {
    return (int) Math.multiplyHigh(word >>> 1, 2L * count);
  }

  @Override
  public void draw(EventStream events, MemoryLayout memory, double mark, Addresses out) {
    requireFits(memory.storage().rows(), memory.columns());
    events.block(0, PLACE);
    var place = place(events.word(0), events.word(1));
    var chip = place.chip();
    int perRow = memory.storage().wordsPerRow();
    for (long row = 0; row * perRow < memory.words(); row++) {
      int its = place.row(row);
      for (int i = chip.start(its); i < chip.start(its + 1); i++) {
        long address = row * memory.columns() + chip.column(i);
        events.block(address / WORDS, MARKS);
        double u = Philox.unitClosedOpen(events.word((int) (address % WORDS)));
        out.faulty(row, chip.column(i), markOf(chip.value(i), u));
      }
    }
  }

  private double markOf(double value, double u) {
    if (measure() == Measure.PROBABILITY) {
      return value > 0 ? u / value : Double.POSITIVE_INFINITY;
    }
    int n = above(value);
    double high = shares[n + 1];
    return Math.min(shares[n] + u * (high - shares[n]), Math.nextDown(high));
  }

  @Override
  public boolean isUniform() {
    return false;
  }

  @Override
  public Variants variants(FaultyMemory memory) {
    var layout = memory.layout();
    var place = place(memory.eventWord(0, PLACE, 0), memory.eventWord(0, PLACE, 1));
    return (layer, weight, cell) ->
        place
            .chip()
            .effect(place.row(layout.row(layer, weight)), layout.column(layer, weight, cell));
  }

  @Override
  public int apply(int stored, int bits, int zeros, int ones, int flips) {
    return ((stored & ~zeros) | ones) ^ flips;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Profile its && chips.equals(its.chips);
  }

  @Override
  public int hashCode() {
    return chips.hashCode();
  }
}
