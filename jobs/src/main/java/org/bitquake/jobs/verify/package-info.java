/** Audits a result directory: its files, its plan, its values, and a sample of its rows. */
package org.bitquake.jobs.verify;
