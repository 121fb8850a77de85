package org.bitquake.jobs.config;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.bitquake.Text;
import org.bitquake.fault.CellEffect;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.effect.Drift;
import org.bitquake.fault.effect.Drift.Direction;
import org.bitquake.fault.effect.Mixed;
import org.bitquake.fault.effect.StuckAtRandom;
import org.bitquake.fault.effect.StuckOpen;

/** How effects of faults are written. What is read is what {@link CellEffect#label} writes. */
enum EffectForm implements Form<CellEffect> {
  BIT_FLIP("bit-flip", false) {
    @Override
    public CellEffect read(Settings settings) {
      return FaultKind.BIT_FLIP;
    }
  },
  STUCK_AT_0("stuck-at-0", false) {
    @Override
    public CellEffect read(Settings settings) {
      return FaultKind.STUCK_AT_0;
    }
  },
  STUCK_AT_1("stuck-at-1", false) {
    @Override
    public CellEffect read(Settings settings) {
      return FaultKind.STUCK_AT_1;
    }
  },
  STUCK_AT_RANDOM("stuck-at-random", false) {
    @Override
    public CellEffect read(Settings settings) {
      return new StuckAtRandom();
    }
  },
  STUCK_OPEN("stuck-open", false) {
    @Override
    public CellEffect read(Settings settings) {
      return new StuckOpen();
    }
  },
  MIXED("mixed", true) {
    @Override
    public CellEffect read(Settings settings) {
      var its = settings.only("stuck-at-0", "stuck-at-1", "bit-flip");
      return new Mixed(its.share("stuck-at-0"), its.share("stuck-at-1"), its.share("bit-flip"));
    }
  },
  DRIFT("drift", true) {
    @Override
    public CellEffect read(Settings settings) {
      var its = settings.only("levels", "gray", "direction");
      return new Drift(its.count("levels"), its.flag("gray", false), direction(its));
    }
  };

  private final String label;
  private final boolean hasSettings;

  EffectForm(String label, boolean hasSettings) {
    this.label = label;
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

  private static Direction direction(Settings settings) {
    String word = settings.word("direction");
    return Arrays.stream(Direction.values())
        .filter(its -> its.label().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidValue(
                    settings.at("direction"),
                    Text.of(
                        "unknown direction \"%s\"; there are %s",
                        word,
                        Arrays.stream(Direction.values())
                            .map(Direction::label)
                            .collect(Collectors.joining(", ")))));
  }
}
