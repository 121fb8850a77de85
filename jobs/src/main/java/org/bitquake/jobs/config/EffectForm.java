package org.bitquake.jobs.config;

import java.util.Arrays;
import java.util.function.Function;
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
  BIT_FLIP("bit-flip", FaultKind.BIT_FLIP),
  STUCK_AT_0("stuck-at-0", FaultKind.STUCK_AT_0),
  STUCK_AT_1("stuck-at-1", FaultKind.STUCK_AT_1),
  STUCK_AT_RANDOM("stuck-at-random", new StuckAtRandom()),
  STUCK_OPEN("stuck-open", new StuckOpen()),
  MIXED("mixed", EffectForm::mixed),
  DRIFT("drift", EffectForm::drift);

  private final String label;
  private final boolean hasSettings;
  private final Function<Settings, CellEffect> reader;

  EffectForm(String label, CellEffect effect) {
    this.label = label;
    this.hasSettings = false;
    this.reader = none -> effect;
  }

  EffectForm(String label, Function<Settings, CellEffect> reader) {
    this.label = label;
    this.hasSettings = true;
    this.reader = reader;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public boolean hasSettings() {
    return hasSettings;
  }

  @Override
  public CellEffect read(Settings settings) {
    return reader.apply(settings);
  }

  private static CellEffect mixed(Settings settings) {
    var its = settings.only("stuck-at-0", "stuck-at-1", "bit-flip");
    return new Mixed(its.share("stuck-at-0"), its.share("stuck-at-1"), its.share("bit-flip"));
  }

  private static CellEffect drift(Settings settings) {
    var its = settings.only("levels", "gray", "direction");
    return new Drift(its.count("levels"), its.flag("gray", false), direction(its));
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
