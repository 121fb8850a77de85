/**
 * Experiments as files: a strict YAML reader and the records it fills. What a key means, its bounds
 * and its default are declared once, with {@link org.bitquake.jobs.config.Key}; all that people
 * read of them is made from that.
 */
package org.bitquake.jobs.config;
