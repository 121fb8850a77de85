/**
 * Cycles and memory accesses of Cnvlutin (Albericio et al., "Cnvlutin: Ineffectual-neuron-free deep
 * neural network computing", ISCA 2016, <a
 * href="https://doi.org/10.1145/3007787.3001138">doi:10.1145/3007787.3001138</a>) and of its
 * baseline DaDianNao, for the activations of an integer network.
 *
 * <p>{@link org.bitquake.cnvlutin.LiteralSimulator} walks the machine cycle by cycle and defines
 * every count; {@link org.bitquake.cnvlutin.CountingSimulator} gives the same counts thousands of
 * times faster.
 */
package org.bitquake.cnvlutin;
