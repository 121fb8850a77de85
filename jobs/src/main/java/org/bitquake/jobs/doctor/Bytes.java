package org.bitquake.jobs.doctor;

import org.bitquake.Text;

/** Amounts of memory, for people. */
final class Bytes {
  static final long MIB = 1 << 20;
  static final long GIB = 1 << 30;

  private Bytes() {}

  static String text(long bytes) {
    return bytes < GIB ? bytes / MIB + " MiB" : Text.of("%.1f GiB", (double) bytes / GIB);
  }
}
