package org.bitquake.jobs.injection;

import java.util.Optional;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultModel;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.FaultSource;
import org.bitquake.fault.pattern.Profile;
import org.bitquake.jobs.config.RecordedModel;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.Storage;

/**
 * How a memory fails, and its form, which those faults may depend on.
 *
 * @param storage the default one for {@linkplain #isClassic classic} faults, which do not
 */
public record MemoryModel(FaultModel faults, Storage storage) {
  public MemoryModel {
    storage = isClassic(faults) ? Storage.DEFAULT : storage;
  }

  /**
   * What tables and tasks say of it.
   *
   * @param model its JSON; empty for classic faults
   * @throws org.bitquake.InputException if that is none
   */
  public static MemoryModel of(String name, Optional<String> model) {
    if (model.isEmpty()) {
      return new MemoryModel(FaultModel.of(FaultKind.of(name)), Storage.DEFAULT);
    }
    var its = RecordedModel.parse(model.get());
    return new MemoryModel(its.model(name), its.memory().storage());
  }

  /** The same in measured chips that were only named. */
  public MemoryModel with(Profile chips) {
    return new MemoryModel(new FaultModel(name(), chips, chips), storage);
  }

  /** What tables call it. */
  public String name() {
    return faults.name();
  }

  /** Whether cells fail independently, in one of the ways that its name says all of. */
  public boolean isClassic() {
    return isClassic(faults);
  }

  private static boolean isClassic(FaultModel faults) {
    return faults.effect() instanceof FaultKind kind && faults.equals(FaultModel.of(kind));
  }

  /** All of it but its name, as JSON; empty for classic faults. */
  public Optional<String> text() {
    return isClassic() ? Optional.empty() : Optional.of(RecordedModel.of(faults, storage).json());
  }

  /**
   * Where a network's cells lie.
   *
   * @param weights number of weights of each weight layer
   * @param bits of each weight, per weight layer
   */
  public MemoryLayout layout(int[] weights, int[] bits) {
    return new MemoryLayout(storage, weights, bits, faults.effect().bitsPerCell());
  }

  /** What draws its faults in a network's memory. */
  public FaultSource source(long seed, int[] weights, int[] bits, FaultScope scope) {
    return faults.source(seed, storage, weights, bits, scope);
  }
}
