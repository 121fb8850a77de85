/** One page of HTML, complete in itself, of what result directories hold. */
package org.bitquake.jobs.report;
