package org.bitquake.protect.search;

import java.util.List;
import org.bitquake.stats.DifferenceTally;

/** Runs trials of designs; equal questions get equal answers. */
@FunctionalInterface
public interface Meter {
  /**
   * Trials with these numbers, in each of which all designs see the same faults and images.
   *
   * @param designs of one encoding
   * @param from the first number
   * @param to one past the last
   * @return a tally for each design
   */
  List<DifferenceTally> measure(List<Design> designs, long from, long to);
}
