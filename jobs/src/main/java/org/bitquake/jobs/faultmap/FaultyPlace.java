package org.bitquake.jobs.faultmap;

import org.bitquake.memory.MemoryLayout.Place;

/**
 * A faulty cell where it lies.
 *
 * @param layer position in {@code QuantizedNetwork.weightLayers()}
 * @param weight position in the layer's codes
 * @param cell of the weight, 0 the least significant
 * @param reads what came of it
 */
public record FaultyPlace(Place place, int layer, int weight, int cell, Reads reads) {
  /** What a faulty cell reads against what was written. */
  public enum Reads {
    LOWER("reads too low", 0),
    HIGHER("reads too high", 1),
    SAME("reads what was written", 2);

    private final String label;
    private final int style;

    Reads(String label, int style) {
      this.label = label;
      this.style = style;
    }

    /** How {@link org.bitquake.jobs.figure.ArrayPanel} draws it. */
    int style() {
      return style;
    }

    public String label() {
      return label;
    }

    static Reads of(int written, int read) {
      if (written == read) {
        return SAME;
      }
      return read < written ? LOWER : HIGHER;
    }
  }
}
