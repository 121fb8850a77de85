package org.bitquake.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.nd4j.linalg.api.memory.deallocation.DeallocatableReference;
import org.nd4j.linalg.api.memory.deallocation.DeallocatorService;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Keeps the native memory that a thread allocates during a piece of work until the work is done.
 *
 * <p>ND4J 1.0.0-M2.1 frees an array once Java cannot reach it, even while a native call still reads
 * it: the call holds an address, not the array. Alone in its process a training thread never sees
 * that, because nobody collects garbage while it is in native code; beside Spark's threads, or
 * other training threads, it does.
 */
public final class HeldArrays {
  private static final ThreadLocal<List<Object>> HELD = new ThreadLocal<>();

  static {
    watchAllocations(Nd4j.getDeallocatorService());
  }

  private HeldArrays() {}

  /** Does the work and holds until its end; work within work until the end of the outer one. */
  public static <T> T during(Supplier<T> work) {
    if (HELD.get() != null) {
      return work.get();
    }
    HELD.set(new ArrayList<>());
    try {
      return work.get();
    } finally {
      HELD.remove();
    }
  }

  /** Every new array enters this map, in the thread that makes it. */
  private static final class Allocations extends ConcurrentHashMap<String, DeallocatableReference> {
    private static final long serialVersionUID = 1L;

    @Override
    public DeallocatableReference put(String id, DeallocatableReference reference) {
      var held = HELD.get();
      if (held != null) {
        held.add(reference.get());
      }
      return super.put(id, reference);
    }
  }

  /** The map is a private field, and there is no other place where one learns of an allocation. */
  private static void watchAllocations(DeallocatorService service) {
    try {
      var field = DeallocatorService.class.getDeclaredField("referenceMap");
      field.setAccessible(true);
      var allocations = new Allocations();
      @SuppressWarnings("unchecked")
      var before = (Map<String, DeallocatableReference>) field.get(service);
      field.set(service, allocations);
      allocations.putAll(before);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("not the ND4J that bitquake was built with", e);
    }
  }
}
