package org.bitquake.fault;

/**
 * One faulty memory cell.
 *
 * @param layer position in {@code QuantizedNetwork.weightLayers()}
 * @param weight position in the layer's codes
 * @param bit 0 the least significant
 * @param mark u(seed, trial, layer, weight, bit): the cell is faulty at every rate above it
 */
public record FaultSite(int layer, int weight, int bit, double mark) {}
