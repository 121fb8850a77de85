/**
 * How a network's weight codes lie in memory (words, arrays of rows and columns, and the address of
 * each cell), and what a memory of activations can do to codes between layers.
 */
package org.bitquake.memory;
