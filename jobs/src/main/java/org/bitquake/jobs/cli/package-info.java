/**
 * The command line: one class per command, thin over the packages that do the work. {@link
 * org.bitquake.jobs.cli.Main} lists them and starts the one that is asked for; what they throw
 * becomes a line and an {@link org.bitquake.jobs.cli.ExitCode}.
 */
package org.bitquake.jobs.cli;
