package org.bitquake.memory;

/** Codes of one tensor in memory, for a block of images. */
public interface StoredCodes {
  /**
   * The code that is read.
   *
   * @param image position in the block
   * @param position in {@code [C, H, W]}
   */
  int get(int image, int position);

  /**
   * Writes a code.
   *
   * @param image position in the block
   * @param position in {@code [C, H, W]}
   * @param code 0 to the tensor's largest
   */
  void set(int image, int position, int code);
}
