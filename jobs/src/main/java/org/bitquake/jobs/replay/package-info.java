/** One row of the table trials run again, alone, and the faults behind it. */
package org.bitquake.jobs.replay;
