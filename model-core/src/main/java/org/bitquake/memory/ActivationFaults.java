package org.bitquake.memory;

/**
 * What the memory of activations makes of codes. An engine hands over each tensor that lies there,
 * after it was written and before anything reads it; {@code StoredTensors} of a network says which
 * do.
 */
@FunctionalInterface
public interface ActivationFaults {
  /** A memory without faults. */
  ActivationFaults NONE = (layer, first, images, codes) -> {};

  /**
   * Corrupts a tensor of a block of images.
   *
   * @param layer position of the layer that wrote it; {@code QuantizedNetwork.INPUT} for images
   * @param first position of the block's first image in the batch
   * @param images in the block
   */
  void corrupt(int layer, int first, int images, StoredCodes codes);

  /**
   * These faults for a part of the batch that they are of.
   *
   * @param image of the batch that the part begins with
   */
  default ActivationFaults from(int image) {
    return (layer, first, images, codes) -> corrupt(layer, image + first, images, codes);
  }

  /** These faults, and then others in what they leave. */
  default ActivationFaults then(ActivationFaults next) {
    return (layer, first, images, codes) -> {
      corrupt(layer, first, images, codes);
      next.corrupt(layer, first, images, codes);
    };
  }
}
