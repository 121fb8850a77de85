package org.bitquake.train;

import java.util.List;

/**
 * What one epoch did.
 *
 * @param epoch 1 for the first
 * @param loss mean cross-entropy over the epoch's batches, without the penalty
 * @param accuracy of the quantised network on the test images afterwards, 0 … 1
 * @param zeroFractions zero activations of each hidden layer over the epoch's last steps
 */
public record EpochReport(
    int epoch, int epochs, double loss, double accuracy, List<Double> zeroFractions) {}
