/**
 * One page of HTML, complete in itself, of what result directories hold, and its figures as files.
 */
package org.bitquake.jobs.report;
