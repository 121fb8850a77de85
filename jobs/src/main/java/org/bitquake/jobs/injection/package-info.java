/**
 * What all jobs that inject faults have in common: networks and which of their memory cells may be
 * faulty, the engines of a task, and rows that are run again from what they say themselves.
 */
package org.bitquake.jobs.injection;
