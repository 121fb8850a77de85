package org.bitquake.protect.search;

import java.util.Arrays;
import org.bitquake.fault.Encoding;

/**
 * One way to keep a network's weights: how codes are stored, and which technique of a {@link
 * DesignSpace} protects each bit of each weight layer. Immutable.
 */
public final class Design {
  /** Of a bit that nothing protects. */
  public static final int NONE = -1;

  private final Encoding encoding;
  private final byte[][] techniques;

  private Design(Encoding encoding, byte[][] techniques) {
    this.encoding = encoding;
    this.techniques = techniques;
  }

  /**
   * Without protection.
   *
   * @param bits of each weight, per weight layer
   */
  static Design bare(Encoding encoding, int[] bits) {
    byte[][] none = new byte[bits.length][];
    for (int layer = 0; layer < bits.length; layer++) {
      none[layer] = new byte[bits[layer]];
      Arrays.fill(none[layer], (byte) NONE);
    }
    return new Design(encoding, none);
  }

  /** The same with a bit protected otherwise. */
  Design with(int layer, int bit, int technique) {
    var copy = copy();
    copy.techniques[layer][bit] = (byte) technique;
    return copy;
  }

  /** The same with some bits of a layer protected otherwise. */
  Design with(int layer, int first, int end, int technique) {
    var copy = copy();
    Arrays.fill(copy.techniques[layer], first, end, (byte) technique);
    return copy;
  }

  /** The same with a layer protected as another design does it. */
  Design withLayer(int layer, Design other) {
    var copy = copy();
    copy.techniques[layer] = other.techniques[layer].clone();
    return copy;
  }

  /** The same with everything that nothing protects protected. */
  Design withRest(int technique) {
    var copy = copy();
    for (byte[] layer : copy.techniques) {
      for (int bit = 0; bit < layer.length; bit++) {
        layer[bit] = layer[bit] == NONE ? (byte) technique : layer[bit];
      }
    }
    return copy;
  }

  /** The same with what another design protects and does not just spare. */
  Design withUnspared(Design other) {
    var copy = copy();
    for (int layer = 0; layer < techniques.length; layer++) {
      for (int bit = 0; bit < techniques[layer].length; bit++) {
        if (other.techniques[layer][bit] != DesignSpace.SPARED) {
          copy.techniques[layer][bit] = other.techniques[layer][bit];
        }
      }
    }
    return copy;
  }

  private Design copy() {
    return new Design(
        encoding, Arrays.stream(techniques).map(byte[]::clone).toArray(byte[][]::new));
  }

  public Encoding encoding() {
    return encoding;
  }

  /** What protects a bit: its position in the space's techniques, or {@link #NONE}. */
  public int technique(int layer, int bit) {
    return techniques[layer][bit];
  }

  int layers() {
    return techniques.length;
  }

  int bits(int layer) {
    return techniques[layer].length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Design its
        && its.encoding == encoding
        && Arrays.deepEquals(its.techniques, techniques);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.deepHashCode(techniques) + encoding.label().hashCode();
  }

  @Override
  public String toString() {
    return encoding.label() + " " + Arrays.deepToString(techniques);
  }
}
