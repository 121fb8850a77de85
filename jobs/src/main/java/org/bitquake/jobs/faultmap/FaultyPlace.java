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
    LOWER("reads too low"),
    HIGHER("reads too high"),
    SAME("reads what was written");

    private final String label;

    Reads(String label) {
      this.label = label;
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
