/**
 * Where values lie that are computed in vectors with an image in each lane: what the integer engine
 * on 16-bit lanes and the landscape on floats have in common. Arrays themselves are theirs.
 */
package org.bitquake.lanes;
