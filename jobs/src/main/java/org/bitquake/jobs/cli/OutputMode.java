package org.bitquake.jobs.cli;

/** What to do where there is something already. */
enum OutputMode {
  ERROR,
  OVERWRITE
}
