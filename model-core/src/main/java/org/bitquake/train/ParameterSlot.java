package org.bitquake.train;

import java.util.OptionalInt;

/**
 * Where the parameters of one layer lie in the flat vector of master parameters.
 *
 * @param biasOffset of the biases, or of β where the layer is normalised
 * @param gammaOffset of γ, as many as biases, where the layer is normalised
 * @param fanIn inputs of one neuron or filter
 */
record ParameterSlot(
    String name,
    int weightOffset,
    int weights,
    int biasOffset,
    int biases,
    OptionalInt gammaOffset,
    int fanIn) {}
