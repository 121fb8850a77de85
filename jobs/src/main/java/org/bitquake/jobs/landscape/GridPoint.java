package org.bitquake.jobs.landscape;

/**
 * One point of the weights' space: codes + α·δ + β·η.
 *
 * @param network position in the configuration
 * @param direction number of δ
 * @param second number of η; null where there is none
 * @param beta null where there is none
 */
record GridPoint(int network, Kind kind, long direction, double alpha, Long second, Double beta) {
  /** What a point belongs to. */
  enum Kind {
    LINE("line"),
    SURFACE("surface"),
    RADIUS("radius");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** As in tables. */
    String label() {
      return label;
    }
  }
}
