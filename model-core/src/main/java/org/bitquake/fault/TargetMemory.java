package org.bitquake.fault;

import java.util.ArrayList;
import java.util.List;
import org.bitquake.Text;

/** The memory that fails, and for how long: one part of a {@link FaultModel}. */
public sealed interface TargetMemory {
  /** The codes of weights; a cell fails for a trial. */
  TargetMemory WEIGHTS = new Weights();

  /** What is in it. */
  FaultTarget target();

  /** Whether cells fail anew for each image; otherwise for a trial. */
  boolean isTransient();

  /**
   * What configurations call it, as YAML: a word, or {@code activations: {transient: true}} with
   * the settings that are not the default ones.
   */
  String label();

  /** The codes of weights. */
  record Weights() implements TargetMemory {
    @Override
    public FaultTarget target() {
      return FaultTarget.WEIGHTS;
    }

    @Override
    public boolean isTransient() {
      return false;
    }

    @Override
    public String label() {
      return target().label();
    }
  }

  /**
   * The codes between layers: {@link ActivationFaultSampler}.
   *
   * @param input whether the image lies there, too
   */
  record Activations(boolean isTransient, boolean input) implements TargetMemory {
    @Override
    public FaultTarget target() {
      return FaultTarget.ACTIVATIONS;
    }

    @Override
    public String label() {
      return TargetMemory.label(this, flags(isTransient, input));
    }
  }

  /**
   * The offsets that Cnvlutin stores with values that are not 0.
   *
   * @param brick values that are encoded together, 2 to {@link #MOST_BRICK}
   * @param input whether the image is stored without its zeros, too
   * @param fullyConnected whether what fully connected layers read is
   */
  record Offsets(boolean isTransient, int brick, boolean input, boolean fullyConnected)
      implements TargetMemory {
    /** The bricks of Cnvlutin as published. */
    public static final int PUBLISHED_BRICK = 16;

    /** Values of a brick at most: their offsets have 8 bits. */
    public static final int MOST_BRICK = 1 << Byte.SIZE;

    public Offsets {
      if (brick < 2 || brick > MOST_BRICK) {
        throw new IllegalArgumentException(
            Text.of(
                "bricks of %d values; faults of offsets are for bricks of 2 to %d",
                brick, MOST_BRICK));
      }
    }

    @Override
    public FaultTarget target() {
      return FaultTarget.OFFSETS;
    }

    @Override
    public String label() {
      List<String> settings = flags(isTransient, input);
      if (brick != PUBLISHED_BRICK) {
        settings.add("brick: " + brick);
      }
      if (fullyConnected) {
        settings.add("fullyConnected: true");
      }
      return TargetMemory.label(this, settings);
    }
  }

  private static List<String> flags(boolean isTransient, boolean input) {
    List<String> settings = new ArrayList<>();
    if (isTransient) {
      settings.add("transient: true");
    }
    if (input) {
      settings.add("input: true");
    }
    return settings;
  }

  private static String label(TargetMemory memory, List<String> settings) {
    String word = memory.target().label();
    return settings.isEmpty() ? word : Text.of("%s: {%s}", word, String.join(", ", settings));
  }
}
