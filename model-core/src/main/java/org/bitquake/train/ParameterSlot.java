package org.bitquake.train;

/**
 * Where the weights and biases of one layer lie in the flat parameter vector.
 *
 * @param fanIn inputs of one neuron or filter
 */
record ParameterSlot(
    String name, int weightOffset, int weights, int biasOffset, int biases, int fanIn) {}
