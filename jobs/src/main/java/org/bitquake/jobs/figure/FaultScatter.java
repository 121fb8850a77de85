package org.bitquake.jobs.figure;

/**
 * A network's sharpness and what faults cost it.
 *
 * @param kind label of the fault kind
 * @param rate fault rate, a fraction
 * @param error standard error of the sharpness
 * @param lost accuracy lost, a fraction
 * @param halfWidth half of its confidence interval
 */
public record FaultScatter(
    String network,
    String kind,
    double rate,
    double sharpness,
    double error,
    double lost,
    double halfWidth) {}
