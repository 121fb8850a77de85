/**
 * One row of the tables {@code trials} and {@code single_faults} run again, alone, and the faults
 * behind it.
 */
package org.bitquake.jobs.replay;
