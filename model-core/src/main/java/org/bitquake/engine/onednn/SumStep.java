package org.bitquake.engine.onednn;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.BytePointer;

/** The global sum, in Java: it is a thousandth of a network's work. */
final class SumStep implements Step {
  private final int n;
  private final Codes in;
  private final Codes out;
  private final ByteBuffer from;
  private final ByteBuffer to;
  private final byte[] image;
  private final byte[] split;
  private final int[] sums;

  /**
   * @param from {@code [n, H, W, C · parts]}
   * @param to {@code [n, C · parts]}
   */
  SumStep(int n, Codes in, Codes out, BytePointer from, BytePointer to) {
    this.n = n;
    this.in = in;
    this.out = out;
    this.from = from.asByteBuffer();
    this.to = to.asByteBuffer();
    this.image = new byte[Math.toIntExact(in.bytesPerImage())];
    this.split = new byte[Math.toIntExact(n * out.bytesPerImage())];
    this.sums = new int[in.channels()];
  }

  @Override
  public void run(stream queue) {
    for (int i = 0; i < n; i++) {
      from.get(i * image.length, image);
      addUp();
      for (int c = 0; c < sums.length; c++) {
        split(sums[c], (i * sums.length + c) * out.parts());
      }
    }
    to.put(0, split);
  }

  private void addUp() {
    Arrays.fill(sums, 0);
    for (int k = 0; k < image.length; ) {
      for (int c = 0; c < sums.length; c++) {
        for (int p = 0; p < in.parts(); p++) {
          sums[c] += image[k++] & 0xff;
        }
      }
    }
  }

  private void split(int sum, int at) {
    int rest = sum;
    for (int p = 0; p < out.parts(); p++) {
      int part = Math.min(rest, Codes.MAX_BYTE);
      split[at + p] = (byte) part;
      rest -= part;
    }
  }
}
