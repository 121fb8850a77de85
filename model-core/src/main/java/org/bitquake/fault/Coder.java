package org.bitquake.fault;

/** Codes of one width to cells and back, by table. */
public final class Coder {
  private static final short NONE = -1;

  private final Encoding encoding;
  private final int bits;
  private final short[] cells;
  private final byte[] codes;

  /**
   * @param bits of a code, 1 to 8
   */
  public Coder(Encoding encoding, int bits) {
    this.encoding = encoding;
    this.bits = bits;
    cells = new short[1 << bits];
    codes = new byte[1 << bits];
    int half = 1 << (bits - 1);
    for (int i = 0; i < 1 << bits; i++) {
      boolean isCode = encoding.represents(i - half, bits);
      cells[i] = isCode ? (short) encoding.encode(i - half, bits) : NONE;
      codes[i] = (byte) encoding.decode(i, bits);
    }
  }

  /** As {@link Encoding#encode}, which says what is no code. */
  public int cells(byte code) {
    int its = cells[code + cells.length / 2];
    return its == NONE ? encoding.encode(code, bits) : its;
  }

  /** As {@link Encoding#decode}. */
  public byte code(int cells) {
    return codes[cells];
  }
}
