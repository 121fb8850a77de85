package org.bitquake.jobs.report;

import java.util.List;
import org.bitquake.jobs.figure.Panel;

/**
 * Panels that belong together, the values behind them, and the question that found these.
 *
 * @param caption what there is to see
 * @param legend name and swatch (as {@code title} and {@code markup}) of each series
 * @param panels at least one, or none for a table alone
 */
record Figure(String caption, List<Panel> legend, List<Panel> panels, Answer answer) {
  /** Values without a picture. */
  static Figure table(String caption, Answer answer) {
    return new Figure(caption, List.of(), List.of(), answer);
  }
}
