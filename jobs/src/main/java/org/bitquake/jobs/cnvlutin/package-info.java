/** Cycles and memory accesses of the Cnvlutin accelerator, with and without faults, into tables. */
package org.bitquake.jobs.cnvlutin;
