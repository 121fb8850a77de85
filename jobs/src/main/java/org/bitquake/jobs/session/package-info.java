/** How Spark is started, and one line for what its surroundings lack. */
package org.bitquake.jobs.session;
