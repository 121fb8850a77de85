/**
 * Fault campaigns: what is asked, which waves of seeded trials answer it, and what tables are made
 * of them. How a trial runs is in {@link org.bitquake.jobs.trial}.
 */
package org.bitquake.jobs.campaign;
