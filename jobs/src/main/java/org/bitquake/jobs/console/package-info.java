/** What people see while they wait, and tables they can read: no Spark, no files. */
package org.bitquake.jobs.console;
