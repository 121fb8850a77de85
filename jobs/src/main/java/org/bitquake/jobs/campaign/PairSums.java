package org.bitquake.jobs.campaign;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitquake.stats.PairTally;

/** Adds up differences between cells over trials that arrive one after another, exactly. */
final class PairSums {
  private final List<Pair> pairs;
  private final PairTally[] tallies;
  private final int[] images;
  private final int[] differences;
  private long current = -1;

  /** Two cells of a campaign. */
  record Pair(int a, int b) implements Serializable {}

  PairSums(int cells, List<Pair> pairs) {
    this.pairs = pairs;
    this.tallies = new PairTally[pairs.size()];
    Arrays.fill(tallies, PairTally.EMPTY);
    this.images = new int[cells];
    this.differences = new int[cells];
  }

  /**
   * Takes one row in. Rows of one trial must follow one another.
   *
   * @param difference correct less golden correct
   */
  void add(long trial, int cell, int itsImages, int difference) {
    if (trial != current) {
      finishTrial();
      current = trial;
    }
    images[cell] = itsImages;
    differences[cell] = difference;
  }

  /** The sums of the pairs that share trials, in the order of the pairs. */
  Map<Pair, PairTally> tallies() {
    finishTrial();
    Map<Pair, PairTally> result = new LinkedHashMap<>();
    for (int i = 0; i < tallies.length; i++) {
      if (tallies[i].trials() > 0) {
        result.put(pairs.get(i), tallies[i]);
      }
    }
    return result;
  }

  private void finishTrial() {
    for (int i = 0; i < tallies.length; i++) {
      int a = pairs.get(i).a();
      int b = pairs.get(i).b();
      if (images[a] > 0 && images[b] > 0) {
        long unit = (long) images[a] / gcd(images[a], images[b]) * images[b];
        long x = unit / images[a] * differences[a] - unit / images[b] * differences[b];
        var value = BigInteger.valueOf(x);
        var one = new PairTally(unit, 1, value, value.pow(2), value.pow(3));
        tallies[i] = tallies[i].merge(one);
      }
    }
    Arrays.fill(images, 0);
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
