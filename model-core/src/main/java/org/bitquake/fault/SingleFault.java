package org.bitquake.fault;

/**
 * One faulty memory cell, the only one of the network, or the first of an event: {@link
 * EventPlaces}.
 *
 * @param layer position in {@code QuantizedNetwork.weightLayers()}
 * @param weight position in the layer's codes
 * @param bit 0 the least significant
 */
public record SingleFault(int layer, int weight, int bit) {}
