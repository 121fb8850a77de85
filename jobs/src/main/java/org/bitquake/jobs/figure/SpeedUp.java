package org.bitquake.jobs.figure;

/**
 * One bar of {@link SpeedUpFigure}.
 *
 * @param network name of the network
 * @param layer name of the layer, or of all layers together
 * @param factor baseline over Cnvlutin cycles
 */
public record SpeedUp(String network, String layer, double factor) {
  public SpeedUp {
    if (!(factor > 0 && Double.isFinite(factor))) {
      throw new IllegalArgumentException("a speed-up is finite and above 0: " + factor);
    }
  }
}
