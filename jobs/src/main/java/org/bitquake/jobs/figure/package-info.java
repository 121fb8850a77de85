/** Figures for papers and reports, drawn without a display. */
package org.bitquake.jobs.figure;
