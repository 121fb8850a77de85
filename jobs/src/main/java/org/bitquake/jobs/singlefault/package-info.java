/** Campaigns of single faults: one memory cell at a time, over Spark. */
package org.bitquake.jobs.singlefault;
