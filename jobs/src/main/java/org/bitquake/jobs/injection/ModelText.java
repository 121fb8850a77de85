package org.bitquake.jobs.injection;

import java.io.Serializable;
import java.util.Optional;

/**
 * A {@link MemoryModel} as text, which is how it travels to the executors.
 *
 * @param json null for classic faults
 */
public record ModelText(String name, String json) implements Serializable {
  public static ModelText of(MemoryModel model) {
    return new ModelText(model.name(), model.text().orElse(null));
  }

  /** The model. */
  public MemoryModel model() {
    return MemoryModel.of(name, Optional.ofNullable(json));
  }
}
