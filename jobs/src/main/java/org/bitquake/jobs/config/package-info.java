/** Experiments as files: a strict YAML reader and the records it fills. */
package org.bitquake.jobs.config;
