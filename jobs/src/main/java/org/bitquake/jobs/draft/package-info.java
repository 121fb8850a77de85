/** Configuration files to start from, with comments, fitted to the networks at hand. */
package org.bitquake.jobs.draft;
