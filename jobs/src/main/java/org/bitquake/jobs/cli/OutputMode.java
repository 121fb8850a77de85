package org.bitquake.jobs.cli;

import java.util.Locale;

/** What to do where there is something already. */
enum OutputMode {
  ERROR,
  OVERWRITE;

  /** As people type it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
