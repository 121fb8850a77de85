/** The command line: one class per command, thin over the packages that do the work. */
package org.bitquake.jobs.cli;
