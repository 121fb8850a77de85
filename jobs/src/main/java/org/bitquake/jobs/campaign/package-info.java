/** Fault campaigns: thousands of seeded trials, in waves, over Spark. */
package org.bitquake.jobs.campaign;
