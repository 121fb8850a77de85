package org.bitquake.jobs.injection;

import java.util.List;
import java.util.Optional;
import org.bitquake.Text;
import org.bitquake.cnvlutin.OffsetFaultSampler;
import org.bitquake.fault.ActivationFaultSampler;
import org.bitquake.fault.ActivationFaultSampler.Scope;
import org.bitquake.fault.BufferSampler;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultModel;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.FaultSource;
import org.bitquake.fault.FaultTarget;
import org.bitquake.fault.TargetMemory;
import org.bitquake.fault.pattern.Profile;
import org.bitquake.jobs.config.ProtectionSource;
import org.bitquake.jobs.config.RecordedModel;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.Storage;
import org.bitquake.network.Convolution;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.protect.CellList;
import org.bitquake.protect.HardenedCells;
import org.bitquake.protect.ProtectedLayout;
import org.bitquake.protect.Protection;

/**
 * How a memory fails, its form, which those faults may depend on, how codes lie in it, and what
 * protects it.
 *
 * @param storage the default one for independent cells without a protection, which do not
 * @param encoding of weight codes; empty where a campaign says it for all its models
 */
public record MemoryModel(
    FaultModel faults,
    Storage storage,
    Optional<Encoding> encoding,
    Optional<Protection> protection) {
  private static final String IN = " in ";
  private static final String WITH = " + ";

  public MemoryModel {
    storage = protection.isEmpty() && isClassic(faults) ? Storage.DEFAULT : storage;
  }

  /** A memory without protection. */
  public MemoryModel(FaultModel faults, Storage storage) {
    this(faults, storage, Optional.empty(), Optional.empty());
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
    var encoding = its.encoding().map(Encoding::of);
    var protection = its.protection().map(ProtectionSource::protection);
    String suffix = suffix(encoding, protection);
    if (!name.endsWith(suffix)) {
      throw new IllegalArgumentException(
          Text.of("\"%s\" does not end in \"%s\", as its model says", name, suffix));
    }
    String faults = name.substring(0, name.length() - suffix.length());
    return new MemoryModel(its.model(faults), its.memory().storage(), encoding, protection);
  }

  /** The same in measured chips that were only named. */
  public MemoryModel with(Profile chips) {
    return new MemoryModel(
        new FaultModel(faults.name(), chips, chips), storage, encoding, protection);
  }

  /** The parts of its protection whose cells a file lists. */
  List<HardenedCells> hardened() {
    return protection.map(Protection::listed).orElse(List.of());
  }

  /** What the files of its protection hold, in their order, once they are read. */
  public List<CellList> hardenedCells() {
    return hardened().stream().map(its -> its.cells().orElseThrow()).toList();
  }

  /** The same with what the files of its protection hold, in their order. */
  public MemoryModel with(List<CellList> hardened) {
    return new MemoryModel(faults, storage, encoding, protection.map(its -> its.with(hardened)));
  }

  /** The same with codes stored so. */
  public MemoryModel in(Encoding codes) {
    return new MemoryModel(faults, storage, Optional.of(codes), protection);
  }

  /** What tables call it: the faults, how codes are stored, and what protects them. */
  public String name() {
    return faults.name() + suffix(encoding, protection);
  }

  private static String suffix(Optional<Encoding> encoding, Optional<Protection> protection) {
    return encoding.map(its -> IN + its.label()).orElse("")
        + protection.map(its -> WITH + its.name()).orElse("");
  }

  /**
   * Whether nothing protects it, it says no encoding, and cells fail independently, in one of the
   * ways that its name says all of.
   */
  public boolean isClassic() {
    return encoding.isEmpty() && protection.isEmpty() && isClassic(faults);
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
    return isClassic()
        ? Optional.empty()
        : Optional.of(RecordedModel.of(faults, storage, encoding, protection).json());
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

  /**
   * Where check bits lie beside a network's cells.
   *
   * @throws IllegalArgumentException if the protection does not go with the network or the memory
   */
  public ProtectedLayout layout(Protection protection, QuantizedNetwork network) {
    return ProtectedLayout.of(
        protection,
        network.weightLayers().stream().map(Convolution::name).toList(),
        network.weightLayers().stream().mapToInt(its -> its.geometry().outChannels()).toArray(),
        layout(CampaignNetwork.weights(network), CampaignNetwork.bits(network)));
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
