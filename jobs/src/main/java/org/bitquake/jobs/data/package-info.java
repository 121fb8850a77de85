/** What is in a set of labelled images: as text, and as a picture to look at. */
package org.bitquake.jobs.data;
