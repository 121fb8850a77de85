package org.bitquake.jobs.doctor;

import java.util.Locale;

/** Amounts of memory, for people. */
final class Bytes {
  static final long MIB = 1 << 20;
  static final long GIB = 1 << 30;

  private Bytes() {}

  static String text(long bytes) {
    return bytes < GIB
        ? bytes / MIB + " MiB"
        : String.format(Locale.ROOT, "%.1f GiB", (double) bytes / GIB);
  }
}
