package org.bitquake.engine.onednn;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Checks millions of weight codes in a fraction of a millisecond. */
final class CodeRange {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private CodeRange() {}

  /**
   * Whether all codes are in {@code −2^(bits−1) … 2^(bits−1) − 1}: the sign bit of such a code, bit
   * 7, is repeated down to bit {@code bits − 1}. Eight codes are looked at at once.
   */
  static boolean holds(byte[] codes, int bits) {
    int differing = 0x7f & -(1 << (bits - 1));
    long mask = differing * 0x0101010101010101L;
    long seen = 0;
    int i = 0;
    for (; i <= codes.length - Long.BYTES; i += Long.BYTES) {
      long x = (long) LONGS.get(codes, i);
      seen |= x ^ (x >>> 1);
    }
    for (; i < codes.length; i++) {
      seen |= (codes[i] ^ (codes[i] >> 1)) & 0xff;
    }
    return (seen & mask) == 0;
  }
}
