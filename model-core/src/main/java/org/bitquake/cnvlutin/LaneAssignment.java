package org.bitquake.cnvlutin;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.bitquake.InputException;
import org.bitquake.Text;

/** Which activations of a window each lane of the accelerator processes. */
public enum LaneAssignment {
  /**
   * Of C channels, padded to C′ = lanes · ⌈C / lanes⌉, lane l has [l·C′/lanes, (l+1)·C′/lanes). Its
   * activations (window positions with x slowest, then y, then channels) are one sequence that is
   * cut into bricks, so a brick may span several positions, and only the last may be short.
   */
  CONTIGUOUS("contiguous"),

  /**
   * The C′ channels of each position are cut into bricks, and brick j goes to lane j mod lanes. All
   * lanes have work only where C′ ≥ lanes · brick.
   */
  INTERLEAVED("interleaved");

  private final String label;

  LaneAssignment(String label) {
    this.label = label;
  }

  /** The name in configurations. */
  public String label() {
    return label;
  }

  /**
   * The assignment of a label.
   *
   * @throws InputException if there is none
   */
  public static LaneAssignment of(String label) {
    return Arrays.stream(values())
        .filter(assignment -> assignment.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    Text.of(
                        "unknown lane assignment \"%s\": use one of %s",
                        label,
                        Arrays.stream(values())
                            .map(LaneAssignment::label)
                            .collect(Collectors.joining(", ")))));
  }
}
