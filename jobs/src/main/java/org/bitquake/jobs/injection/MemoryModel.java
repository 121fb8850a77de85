package org.bitquake.jobs.injection;

import java.util.Optional;
import org.bitquake.cnvlutin.OffsetFaultSampler;
import org.bitquake.fault.ActivationFaultSampler;
import org.bitquake.fault.ActivationFaultSampler.Scope;
import org.bitquake.fault.BufferSampler;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultModel;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.FaultSource;
import org.bitquake.fault.FaultTarget;
import org.bitquake.fault.TargetMemory;
import org.bitquake.jobs.config.RecordedModel;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.Storage;
import org.bitquake.network.QuantizedNetwork;

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
    return new MemoryModel(
        new FaultModel(name, its.target().memory(), its.pattern().pattern(), its.effect().effect()),
        its.memory().storage());
  }

  /** What tables call it. */
  public String name() {
    return faults.name();
  }

  /** Whether cells fail independently, in one of the ways that its name says all of. */
  public boolean isClassic() {
    return isClassic(faults);
  }

  /** Whether it is the memory of weights that fails. */
  public boolean isOfWeights() {
    return faults.memory().target() == FaultTarget.WEIGHTS;
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

  /** What draws its faults in the memory of a network's weights. */
  public FaultSource source(long seed, int[] weights, int[] bits, FaultScope scope) {
    return faults.source(seed, storage, weights, bits, scope);
  }

  /**
   * What draws its faults in the memory of a network's activations, or of their offsets.
   *
   * @throws org.bitquake.InputException if its cells do not fail so
   */
  public BufferSampler sampler(long seed, QuantizedNetwork network) {
    if (faults.memory() instanceof TargetMemory.Offsets offsets) {
      return new OffsetFaultSampler(seed, network, offsets, faults.pattern(), storage);
    }
    var its = (TargetMemory.Activations) faults.memory();
    var scope = new Scope(storage, its.input(), its.isTransient());
    return new ActivationFaultSampler(seed, network, faults.pattern(), scope);
  }
}
