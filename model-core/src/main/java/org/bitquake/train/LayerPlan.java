package org.bitquake.train;

import java.util.OptionalInt;

/**
 * A layer with weights, as the trainer sees it.
 *
 * @param name its name in the integer network; the DL4J vertex that writes its output has it too
 * @param vertex name of the DL4J layer that holds its weights
 * @param outputs neurons or filters
 * @param normalized true where batch normalisation follows, in place of a bias
 * @param inputStep index of the activation step that it reads; empty for pixels
 * @param outputStep index of the activation step that it writes; empty for the logits
 * @param inputArea positions that the global average before it averages; 1 without
 */
record LayerPlan(
    String name,
    String vertex,
    int outputs,
    boolean normalized,
    OptionalInt inputStep,
    OptionalInt outputStep,
    int inputArea) {}
