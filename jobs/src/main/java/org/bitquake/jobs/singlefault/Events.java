package org.bitquake.jobs.singlefault;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.bitquake.fault.EventPlaces;
import org.bitquake.fault.FaultEvent;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.SingleFault;
import org.bitquake.jobs.config.RecordedEvent;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.Storage;
import org.bitquake.network.QuantizedNetwork;

/**
 * What fails together as one single fault of a network.
 *
 * @param storage the form of the memory, which single cells do not depend on
 * @param scope cells that may be faulty
 */
record Events(FaultEvent event, Storage storage, FaultScope scope) {
  /** Of one network. */
  static Events of(FaultEvent event, Storage storage, FaultScope scope) {
    return new Events(event, event.equals(FaultEvent.CELL) ? Storage.DEFAULT : storage, scope);
  }

  /**
   * What tables and tasks say of it.
   *
   * @param json null for single cells
   */
  static Events parse(String json) {
    if (json == null) {
      return of(FaultEvent.CELL, Storage.DEFAULT, FaultScope.ALL);
    }
    var its = RecordedEvent.parse(json);
    return of(its.faultEvent(), its.memory().storage(), its.scope());
  }

  /** The same as JSON; null for single cells. */
  String json() {
    return areCells() ? null : RecordedEvent.of(event, storage, scope).json();
  }

  boolean areCells() {
    return event.equals(FaultEvent.CELL);
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

  /** The cells that fail with one. */
  Function<SingleFault, List<SingleFault>> together(QuantizedNetwork network) {
    return places(network)
        .<Function<SingleFault, List<SingleFault>>>map(its -> its::cells)
        .orElse(List::of);
  }
}
