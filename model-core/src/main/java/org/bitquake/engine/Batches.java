package org.bitquake.engine;

import org.bitquake.Text;
import org.bitquake.network.QuantizedNetwork;

/** What every engine does with what it is handed, before it computes. */
public final class Batches {
  private final QuantizedNetwork network;
  private final int weightLayers;
  private final int block;

  /**
   * @param block most images that the engine takes at once
   */
  public Batches(QuantizedNetwork network, int block) {
    this.network = network;
    this.weightLayers = network.weightLayers().size();
    this.block = block;
  }

  /**
   * Refuses arrays that are too short for a batch.
   *
   * @param images unsigned input codes {@code [count, C, H, W]}
   * @param results length of the array that takes the results
   * @param perImage results of an image
   * @throws IllegalArgumentException if there are too few bytes or too little room
   */
  public void check(byte[] images, int count, int results, int perImage) {
    long bytes = (long) count * network.inputShape().size();
    long wanted = (long) count * perImage;
    if (count < 0 || bytes > images.length || wanted > results) {
      throw new IllegalArgumentException(
          Text.of(
              "%d images of %s need %d bytes and %d results; there are %d and %d",
              count, network.inputShape(), bytes, wanted, images.length, results));
    }
  }

  /**
   * Refuses weights that are not one array for each layer that has any.
   *
   * @throws IllegalArgumentException if there are more arrays or fewer
   */
  public void check(byte[][] codes) {
    if (codes.length != weightLayers) {
      throw new IllegalArgumentException(
          Text.of("%d arrays of codes for %d layers with weights", codes.length, weightLayers));
    }
  }

  /**
   * Images to take at once, at least 1: blocks of about equal size, so that a batch just above one
   * block is not slow.
   */
  public int evenBlock(int count) {
    int blocks = Math.max(1, (count + block - 1) / block);
    return Math.max(1, (count + blocks - 1) / blocks);
  }
}
