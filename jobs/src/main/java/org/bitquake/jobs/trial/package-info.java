/**
 * A trial, and what runs it on an executor: one number's faults and images on networks, for each
 * fault kind and rate. It knows which numbers it is to run, not why.
 */
package org.bitquake.jobs.trial;
