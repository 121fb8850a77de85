package org.bitquake.jobs.injection;

import java.io.Serializable;
import java.util.Optional;
import org.bitquake.fault.pattern.Profile;

/**
 * A {@link MemoryModel} as it travels to the executors: as text, and what measured chips hold.
 *
 * @param json null for classic faults
 * @param chips null where faults are not those of measured chips
 */
public record ModelText(String name, String json, Profile chips) implements Serializable {
  public static ModelText of(MemoryModel model) {
    return new ModelText(
        model.name(),
        model.text().orElse(null),
        model.faults().pattern() instanceof Profile chips ? chips : null);
  }

  /** The model. */
  public MemoryModel model() {
    var model = MemoryModel.of(name, Optional.ofNullable(json));
    return chips == null ? model : model.with(chips);
  }
}
