/**
 * The search for the cheapest protection that keeps a network's accuracy, as a job: what is asked
 * ({@link org.bitquake.jobs.protect.SearchPlan}), the {@linkplain org.bitquake.protect.search
 * search} of each network with its trials on executors, fresh trials of the finalists, tables, and
 * a configuration that runs each winner again.
 */
package org.bitquake.jobs.protect;
