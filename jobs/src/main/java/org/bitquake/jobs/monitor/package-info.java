/** What Spark's UI, its event log and the log say of a running job. */
package org.bitquake.jobs.monitor;
