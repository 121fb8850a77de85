/** What one trial's faults look like in memory: arrays as they lie, and totals. */
package org.bitquake.jobs.faultmap;
