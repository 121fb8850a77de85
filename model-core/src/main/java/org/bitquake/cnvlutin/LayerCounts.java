package org.bitquake.cnvlutin;

import java.util.OptionalDouble;

/**
 * What one layer takes for one image, or for several: all numbers add up.
 *
 * @param baselineCycles of the baseline
 * @param cnvlutinCycles of Cnvlutin; the baseline's where the layer is not encoded
 * @param windowCycles those of {@code cnvlutinCycles} that are not pipeline latency: over all
 *     windows, the cycles of the slowest lane
 * @param laneCycles over all windows and lanes, the cycles in which the lane works
 * @param activations the layer reads, each counted once, padding not counted
 * @param zeroActivations those that are 0
 * @param macs multiply-accumulates, with spatial padding, as {@code Convolution.macs()}
 * @param effectualMacs those whose activation is not 0
 * @param baseline memory accesses of the baseline
 * @param cnvlutin memory accesses of Cnvlutin
 */
public record LayerCounts(
    long baselineCycles,
    long cnvlutinCycles,
    long windowCycles,
    long laneCycles,
    long activations,
    long zeroActivations,
    long macs,
    long effectualMacs,
    Accesses baseline,
    Accesses cnvlutin) {
  /** Of no image. */
  public static final LayerCounts NONE =
      new LayerCounts(0, 0, 0, 0, 0, 0, 0, 0, Accesses.NONE, Accesses.NONE);

  /** The sums. */
  public LayerCounts plus(LayerCounts other) {
    return new LayerCounts(
        Math.addExact(baselineCycles, other.baselineCycles),
        Math.addExact(cnvlutinCycles, other.cnvlutinCycles),
        Math.addExact(windowCycles, other.windowCycles),
        Math.addExact(laneCycles, other.laneCycles),
        Math.addExact(activations, other.activations),
        Math.addExact(zeroActivations, other.zeroActivations),
        Math.addExact(macs, other.macs),
        Math.addExact(effectualMacs, other.effectualMacs),
        baseline.plus(other.baseline),
        cnvlutin.plus(other.cnvlutin));
  }

  /** Baseline over Cnvlutin cycles. */
  public double speedUp() {
    return (double) baselineCycles / cnvlutinCycles;
  }

  /** The part of the activations that is 0. */
  public double zeroFraction() {
    return (double) zeroActivations / activations;
  }

  /** 1 / (1 − zero fraction); empty where all activations are 0. */
  public OptionalDouble idealSpeedUp() {
    return zeroActivations == activations
        ? OptionalDouble.empty()
        : OptionalDouble.of((double) activations / (activations - zeroActivations));
  }

  /**
   * Cycles of the slowest lane over the mean lane's, each window weighted by its cycles: 1 where
   * all lanes are equally busy, {@code lanes} where only one is.
   */
  public double laneImbalance(int lanes) {
    return (double) Math.multiplyExact(windowCycles, lanes) / laneCycles;
  }
}
