/** A network's file and a campaign's directory, in words. */
package org.bitquake.jobs.inspect;
