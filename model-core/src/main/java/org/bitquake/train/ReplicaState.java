package org.bitquake.train;

/**
 * The state of a {@link Replica}, which alone knows what the numbers mean.
 *
 * @param momentum as long as {@code parameters}
 */
public record ReplicaState(double[] parameters, double[] momentum) {}
