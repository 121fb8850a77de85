package org.bitquake.jobs.doctor;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.bitquake.Text;

/**
 * Memory for Java's heap, and beside it for native libraries.
 *
 * @param heap that Java may take, bytes
 * @param physical of the machine or its container, bytes
 */
record MemoryCheck(long heap, long physical) implements Check {
  private static final String SUBJECT = "memory";
  private static final long LEAST_HEAP = Bytes.MIB * 512;
  private static final long GOOD_HEAP = Bytes.MIB * 1000; // a collector keeps some of 1 GiB apart

  static MemoryCheck here() {
    var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new MemoryCheck(Runtime.getRuntime().maxMemory(), system.getTotalMemorySize());
  }

  @Override
  public List<Finding> look() {
    String found = Text.of("heap %s of %s", Bytes.text(heap), Bytes.text(physical));
    String larger = "a larger heap: bitquake COMMAND … -- --driver-memory 2g";
    if (heap < LEAST_HEAP) {
      return List.of(
          Finding.problem(SUBJECT, found + ": Spark needs 512 MiB of heap or more", larger));
    }
    if (heap < GOOD_HEAP) {
      return List.of(Finding.warning(SUBJECT, found + ": enough for small campaigns only", larger));
    }
    if (physical - heap < Bytes.GIB) {
      return List.of(
          Finding.warning(
              SUBJECT,
              found + ": native libraries need memory beside the heap, about 1 GiB",
              "a smaller heap: bitquake COMMAND … -- --driver-memory 1g"));
    }
    return List.of(Finding.ok(SUBJECT, found));
  }
}
