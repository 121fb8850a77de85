package org.bitquake.jobs.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.bitquake.fault.FaultEvent;
import org.bitquake.fault.FaultScope;
import org.bitquake.memory.Storage;
import org.bitquake.protect.Protection;

/**
 * What fails together as a single fault, in a memory of which form, as tables hold it and tasks
 * receive it: one line of JSON.
 *
 * @param layers positions of the weight layers in scope; empty for all
 * @param bits in scope; empty for all
 * @param protection of the memory, {@code none} where other rows have one; empty where none has
 */
public record RecordedEvent(
    @Key("what fails together") String event,
    @Key("the form of the memory") MemoryConfig memory,
    @Key(value = "weight layers in scope", otherwise = "all") Optional<List<Integer>> layers,
    @Key(value = "bits in scope", otherwise = "all") Optional<List<Integer>> bits,
    @Key(value = "what protects it", otherwise = "nothing") Optional<ProtectionSource> protection) {
  private static final int LONGEST = 1 << 14;

  public RecordedEvent {
    FaultEvent.of(event);
  }

  /** What tables say of an event. */
  public static RecordedEvent of(
      FaultEvent event, Storage storage, FaultScope scope, Optional<Protection> protection) {
    return new RecordedEvent(
        event.label(),
        MemoryConfig.of(storage),
        Optional.of(List.copyOf(scope.layers())).filter(its -> !its.isEmpty()),
        Optional.of(List.copyOf(scope.bits())).filter(its -> !its.isEmpty()),
        protection.map(ProtectionSource::of));
  }

  /**
   * Reads JSON.
   *
   * @throws org.bitquake.InputException if it says no event
   */
  public static RecordedEvent parse(String json) {
    if (json.length() > LONGEST) {
      throw new IllegalArgumentException("an event longer than " + LONGEST + " characters");
    }
    return Yaml.parse(json, "event", RecordedEvent.class);
  }

  /** The event. */
  public FaultEvent faultEvent() {
    return FaultEvent.of(event);
  }

  /** The cells that may be faulty. */
  public FaultScope scope() {
    return new FaultScope(
        new HashSet<>(layers.orElse(List.of())), new HashSet<>(bits.orElse(List.of())));
  }

  /** The same as JSON, always in the same words. */
  public String json() {
    var node = JsonNodeFactory.instance.objectNode().put("event", event);
    memory.putIn(node);
    layers.ifPresent(its -> its.forEach(node.withArray("layers")::add));
    bits.ifPresent(its -> its.forEach(node.withArray("bits")::add));
    protection.ifPresent(
        its -> {
          if (its.parts().isEmpty()) {
            node.put("protection", Protection.NONE.name());
          } else {
            node.set("protection", its.json());
          }
        });
    return node.toString();
  }
}
