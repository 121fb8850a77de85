package org.bitquake.landscape;

/**
 * The loss of a network at one point of its weights' space.
 *
 * @param loss mean cross-entropy over the images, in nats
 * @param correct images predicted right
 * @param images how many there were
 */
public record LossPoint(double loss, int correct, int images) {
  /** {@code correct / images}. */
  public double accuracy() {
    return (double) correct / images;
  }
}
