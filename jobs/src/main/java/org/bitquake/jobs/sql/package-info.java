/** SQL over a result directory: reading only, for people and for pipes. */
package org.bitquake.jobs.sql;
