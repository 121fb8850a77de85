package org.bitquake.jobs.injection;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.bitquake.fault.pattern.Profile;
import org.bitquake.protect.CellList;

/**
 * A {@link MemoryModel} as it travels to the executors: as text, and what the files that it names
 * hold.
 *
 * @param json null for classic faults
 * @param chips null where faults are not those of measured chips
 * @param hardened lists of hardened cells, in the order of the protection
 */
public record ModelText(String name, String json, Profile chips, List<CellList> hardened)
    implements Serializable {
  public static ModelText of(MemoryModel model) {
    return new ModelText(
        model.name(),
        model.text().orElse(null),
        model.faults().pattern() instanceof Profile chips ? chips : null,
        model.hardenedCells());
  }

  /** The model. */
  public MemoryModel model() {
    var model = MemoryModel.of(name, Optional.ofNullable(json));
    var complete = chips == null ? model : model.with(chips);
    return hardened.isEmpty() ? complete : complete.with(hardened);
  }
}
