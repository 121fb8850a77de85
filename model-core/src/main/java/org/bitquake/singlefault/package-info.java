/** Single faults: one memory cell at a time, on the same images, and what becomes of them. */
package org.bitquake.singlefault;
