package org.bitquake.jobs.singlefault;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.EventPlaces;
import org.bitquake.fault.FaultEvent;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultModel;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.SingleFault;
import org.bitquake.jobs.config.ProtectionSource;
import org.bitquake.jobs.config.RecordedEvent;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.Storage;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.protect.CellList;
import org.bitquake.protect.Protection;
import org.bitquake.singlefault.FaultReads;
import org.bitquake.singlefault.ProtectedReads;

/**
 * What fails together as one single fault of a network, in a memory with which protection.
 *
 * @param storage the form of the memory, which single cells without protections do not depend on
 * @param scope cells that may be faulty
 * @param protection one of several that a campaign compares, none among them; empty where it has
 *     none
 */
record Events(
    FaultEvent event, Storage storage, FaultScope scope, Optional<Protection> protection) {
  /** Of one network. */
  static Events of(
      FaultEvent event, Storage storage, FaultScope scope, Optional<Protection> protection) {
    boolean plain = event.equals(FaultEvent.CELL) && protection.isEmpty();
    return new Events(event, plain ? Storage.DEFAULT : storage, scope, protection);
  }

  /**
   * What tables and tasks say of it.
   *
   * @param json null for single cells without protections
   */
  static Events parse(String json) {
    if (json == null) {
      return of(FaultEvent.CELL, Storage.DEFAULT, FaultScope.ALL, Optional.empty());
    }
    var its = RecordedEvent.parse(json);
    return of(
        its.faultEvent(),
        its.memory().storage(),
        its.scope(),
        its.protection().map(ProtectionSource::protection));
  }

  /**
   * The same with what the files of its protection hold.
   *
   * @param hardened none where it has no files, or they are not at hand
   */
  static Events parse(String json, List<CellList> hardened) {
    var its = parse(json);
    return hardened.isEmpty() ? its : its.with(its.protection().orElseThrow().with(hardened));
  }

  /** The same with another protection. */
  Events with(Protection other) {
    return new Events(event, storage, scope, Optional.of(other));
  }

  /** The same as JSON; null for single cells without protections. */
  String json() {
    return arePlain() ? null : RecordedEvent.of(event, storage, scope, protection).json();
  }

  /** Whether each is a cell, and there are no protections. */
  boolean arePlain() {
    return areCells() && protection.isEmpty();
  }

  private boolean areCells() {
    return event.equals(FaultEvent.CELL);
  }

  /** The memory as campaigns of trials have it. */
  MemoryModel model(FaultKind kind) {
    return new MemoryModel(
        FaultModel.of(kind),
        storage,
        Optional.empty(),
        protection.filter(its -> !its.parts().isEmpty()));
  }

  MemoryLayout layout(QuantizedNetwork network) {
    return new MemoryLayout(
        storage, CampaignNetwork.weights(network), CampaignNetwork.bits(network), 1);
  }

  /** Where they can happen; empty for single cells. */
  Optional<EventPlaces> places(QuantizedNetwork network) {
    return areCells()
        ? Optional.empty()
        : Optional.of(new EventPlaces(event, layout(network), scope));
  }

  /** What is read of the weights under one. */
  FaultReads reads(QuantizedNetwork network, FaultKind kind, Encoding encoding) {
    Function<SingleFault, List<SingleFault>> together =
        places(network)
            .<Function<SingleFault, List<SingleFault>>>map(its -> its::cells)
            .orElse(List::of);
    var model = model(kind);
    return model
        .protection()
        .<FaultReads>map(
            its ->
                new ProtectedReads(
                    network, kind, encoding, together, event, scope, model.layout(its, network)))
        .orElseGet(() -> FaultReads.plain(network, kind, encoding, together));
  }
}
