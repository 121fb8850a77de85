/** Looks over a machine before work is trusted to it: each check says what is amiss and the fix. */
package org.bitquake.jobs.doctor;
