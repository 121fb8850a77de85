package org.bitquake.engine;

import org.bitquake.memory.ActivationFaults;

/**
 * Runs one integer network on batches of images, with weight codes that change from trial to trial.
 * Not thread-safe: one engine per task thread.
 */
public interface Engine extends AutoCloseable {
  /** Such as {@code reference}. */
  String name();

  /**
   * Uses these weight codes from now on; they are copied.
   *
   * @param codes {@code [weight layer][outC, inC / groups, kH, kW]}, as {@code
   *     QuantizedNetwork.copyCodes}
   */
  void load(byte[][] codes);

  /**
   * Runs with this memory of activations from now on: what it makes of the codes of {@code
   * StoredTensors}, in the order of the layers, is what their readers see. Images are numbered in
   * the batch of each call.
   *
   * @param faults {@link ActivationFaults#NONE} for a memory without faults, as at first
   */
  void activations(ActivationFaults faults);

  /**
   * Logits of {@code count} images; where the network's last layer writes codes, the real values of
   * those, {@code step · (code − zero)} in float32.
   *
   * @param images pixels {@code [count, C, H, W]}, which the network's {@code input()} turns into
   *     codes
   * @param logits written, {@code [count, classes]}
   */
  void logits(byte[] images, int count, float[] logits);

  /**
   * Predicted classes of {@code count} images: the first maximum of the logits.
   *
   * @param images pixels {@code [count, C, H, W]}
   * @param predictions written, {@code [count]}
   */
  void predict(byte[] images, int count, int[] predictions);

  @Override
  void close();
}
