/**
 * How a network's weight codes lie in memory: words, arrays of rows and columns, and the address of
 * each cell.
 */
package org.bitquake.memory;
