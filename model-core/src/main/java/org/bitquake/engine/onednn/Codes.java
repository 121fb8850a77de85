package org.bitquake.engine.onednn;

import org.bitquake.network.QuantizedNetwork;

/**
 * The form of one tensor in native memory: unsigned bytes {@code [n, H, W, C · parts]}.
 *
 * <p>A global sum may exceed a byte. Its codes are then split into {@code parts} bytes that add up
 * to it, each filled to 255 before the next, as neighbouring channels; the layer that reads them
 * has each of its weights {@code parts} times. Sums stay exact, and so does a maximum.
 */
record Codes(int channels, int height, int width, int parts) {
  static final int MAX_BYTE = 255;

  /** The form of what the layer at this position (or {@code INPUT}) writes. */
  static Codes of(QuantizedNetwork network, int position) {
    var shape = network.shapeOf(position);
    int parts = Math.max(1, (network.maxCode(position) + MAX_BYTE - 1) / MAX_BYTE);
    return new Codes(shape.channels(), shape.height(), shape.width(), parts);
  }

  /** Channels as oneDNN sees them. */
  long byteChannels() {
    return (long) channels * parts;
  }

  long bytesPerImage() {
    return byteChannels() * height * width;
  }

  /** Logical dimensions {@code [n, C · parts, H, W]}. */
  long[] dims(int n) {
    return new long[] {n, byteChannels(), height, width};
  }
}
