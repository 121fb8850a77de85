package org.bitquake.protect.search;

import java.util.List;

/**
 * A step of a search: designs that were measured side by side.
 *
 * @param measured with all trials that each has by then
 * @param chosen the designs that the search goes on from
 */
public record Step(Phase phase, List<Measured> measured, List<Design> chosen) {

  /** What a step is for. */
  public enum Phase {
    /** No protection, in each encoding. */
    ENCODINGS("encodings"),
    /** Faults in one bit of one layer alone: what each does. */
    HARM("harm"),
    /** The same technique everywhere: what one would do by hand. */
    UNIFORM("uniform"),
    /** The cheapest designs for their harm, nearer and nearer to the target. */
    FRONT("front"),
    /** Cheaper neighbours of the best so far. */
    TRIM("trim"),
    /** More trials of what is cheap and near the target. */
    REFINE("refine"),
    /** Fresh trials of the finalists. */
    CONFIRM("confirm");

    private final String label;

    Phase(String label) {
      this.label = label;
    }

    /** As tables say it. */
    public String label() {
      return label;
    }
  }
}
