/**
 * Protections of a memory: hardened cells, check bits, and codes written around stuck cells. A
 * {@link org.bitquake.protect.Protection} says which cells get what; {@link
 * org.bitquake.protect.ProtectedLayout} lays it over one network's memory and counts what it costs;
 * {@link org.bitquake.protect.ProtectedMemory} draws faults in it and reads it through its
 * decoders.
 */
package org.bitquake.protect;
