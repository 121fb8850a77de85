package org.bitquake.jobs.config;

import org.bitquake.fault.FaultTarget;
import org.bitquake.fault.TargetMemory;
import org.bitquake.fault.TargetMemory.Activations;
import org.bitquake.fault.TargetMemory.Offsets;

/** How the memory that fails is written. What is read is what {@link TargetMemory#label} writes. */
enum TargetForm implements Form<TargetMemory> {
  WEIGHTS(FaultTarget.WEIGHTS, false) {
    @Override
    public TargetMemory read(Settings settings) {
      return TargetMemory.WEIGHTS;
    }
  },
  ACTIVATIONS(FaultTarget.ACTIVATIONS, false) {
    @Override
    public TargetMemory read(Settings settings) {
      return new Activations(false, false);
    }
  },
  OFFSETS(FaultTarget.OFFSETS, false) {
    @Override
    public TargetMemory read(Settings settings) {
      return new Offsets(false, Offsets.PUBLISHED_BRICK, false, false);
    }
  },
  ACTIVATIONS_WITH_SETTINGS(FaultTarget.ACTIVATIONS, true) {
    @Override
    public TargetMemory read(Settings settings) {
      var its = settings.only(TRANSIENT, INPUT);
      return new Activations(its.flag(TRANSIENT, false), its.flag(INPUT, false));
    }
  },
  OFFSETS_WITH_SETTINGS(FaultTarget.OFFSETS, true) {
    @Override
    public TargetMemory read(Settings settings) {
      var its = settings.only(TRANSIENT, INPUT, FULLY_CONNECTED, BRICK);
      return new Offsets(
          its.flag(TRANSIENT, false),
          its.count(BRICK, Offsets.PUBLISHED_BRICK),
          its.flag(INPUT, false),
          its.flag(FULLY_CONNECTED, false));
    }
  };

  private static final String TRANSIENT = "transient";
  private static final String INPUT = "input";
  private static final String FULLY_CONNECTED = "fullyConnected";
  private static final String BRICK = "brick";

  private final String label;
  private final boolean hasSettings;

  TargetForm(FaultTarget target, boolean hasSettings) {
    this.label = target.label();
    this.hasSettings = hasSettings;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public boolean hasSettings() {
    return hasSettings;
  }
}
