package org.bitquake.fault;

import org.bitquake.InputException;
import org.bitquake.Text;

/**
 * How a signed weight code is stored in {@code bits} memory cells, 2 to 8. Unsigned codes q are
 * kept as q − 2^(bits−1): {@link #OFFSET_BINARY} holds q itself, {@link #GRAY} its Gray code. A
 * single bit, such as a check bit, is a code of 1 cell, in two's complement 0 or −1.
 */
public enum Encoding {
  /** The code modulo 2^bits. */
  TWOS_COMPLEMENT("twos-complement") {
    @Override
    int toCells(int code, int bits) {
      return code & ((1 << bits) - 1);
    }

    @Override
    int toCode(int cells, int bits) {
      return cells - ((cells >> (bits - 1)) << bits);
    }
  },

  /** The code plus 2^(bits−1), straight binary. */
  OFFSET_BINARY("offset-binary") {
    @Override
    int toCells(int code, int bits) {
      return code + (1 << (bits - 1));
    }

    @Override
    int toCode(int cells, int bits) {
      return cells - (1 << (bits - 1));
    }
  },

  /** A sign bit on top of the absolute value; a set sign bit over 0 also reads as 0. */
  SIGN_MAGNITUDE("sign-magnitude") {
    @Override
    int toCells(int code, int bits) {
      return code < 0 ? -code | (1 << (bits - 1)) : code;
    }

    @Override
    int toCode(int cells, int bits) {
      int magnitude = cells & ((1 << (bits - 1)) - 1);
      return cells == magnitude ? magnitude : -magnitude;
    }

    @Override
    public boolean represents(int code, int bits) {
      return super.represents(code, bits) && code != -(1 << (bits - 1));
    }
  },

  /**
   * The reflected binary code (Gray, US 2,632,058) of the code plus 2^(bits−1): neighbours differ
   * in one cell.
   */
  GRAY("gray") {
    @Override
    int toCells(int code, int bits) {
      int level = code + (1 << (bits - 1));
      return level ^ (level >> 1);
    }

    @Override
    int toCode(int cells, int bits) {
      int level = cells ^ (cells >> 4);
      level ^= level >> 2;
      level ^= level >> 1;
      return level - (1 << (bits - 1));
    }
  };

  /** The fewest cells of a weight. */
  public static final int MIN_BITS = 2;

  /** The most cells of a weight. */
  public static final int MAX_BITS = 8;

  private final String label;

  Encoding(String label) {
    this.label = label;
  }

  /** The name used in configurations and tables. */
  public String label() {
    return label;
  }

  /**
   * The encoding of that label.
   *
   * @throws InputException if there is none
   */
  public static Encoding of(String label) {
    return Labels.find("encoding", values(), Encoding::label, label);
  }

  abstract int toCells(int code, int bits);

  abstract int toCode(int cells, int bits);

  /**
   * The cells that hold a code, bit 0 the least significant.
   *
   * @param code one that this encoding {@linkplain #represents represents}
   */
  public int encode(int code, int bits) {
    if (!represents(code, bits)) {
      throw new IllegalArgumentException(Text.of("%s has no %d-bit code %d", label, bits, code));
    }
    return toCells(code, bits);
  }

  /**
   * The code that cells hold.
   *
   * @param cells 0 … 2^bits − 1
   */
  public int decode(int cells, int bits) {
    requireBits(bits);
    if (cells >> bits != 0) {
      throw new IllegalArgumentException(Text.of("%d does not fit %d cells", cells, bits));
    }
    return toCode(cells, bits);
  }

  /**
   * True if {@code bits} cells can hold the code: all of −2^(bits−1) … 2^(bits−1) − 1, except the
   * first of them in sign-magnitude.
   */
  public boolean represents(int code, int bits) {
    requireBits(bits);
    int half = 1 << (bits - 1);
    return code >= -half && code < half;
  }

  /**
   * Checks that the cells can hold every weight code of a network.
   *
   * @param codes {@code [weight layer][code]}
   * @param bits cells of each weight, per weight layer
   * @throws InputException if they cannot
   */
  public void requireRepresentable(byte[][] codes, int[] bits, String networkName) {
    for (int layer = 0; layer < codes.length; layer++) {
      for (byte code : codes[layer]) {
        if (!TWOS_COMPLEMENT.represents(code, bits[layer])) {
          throw new IllegalArgumentException(
              Text.of(
                  "network %s, weight layer %d: %d is no %d-bit code",
                  networkName, layer, code, bits[layer]));
        }
        if (!represents(code, bits[layer])) {
          throw new InputException(
              Text.of(
                  "network %s, weight layer %d: the encoding %s has no %d-bit code %d; use %s or %s, or train with codes from %d",
                  networkName,
                  layer,
                  label,
                  bits[layer],
                  code,
                  TWOS_COMPLEMENT.label,
                  OFFSET_BINARY.label,
                  1 - (1 << (bits[layer] - 1))));
        }
      }
    }
  }

  private static void requireBits(int bits) {
    if (bits < 1 || bits > MAX_BITS) {
      throw new IllegalArgumentException("a code has 1 to 8 cells, not " + bits);
    }
  }
}
