package org.bitquake.engine.onednn;

import org.bitquake.network.Convolution;
import org.bitquake.network.Convolution.WeightCodes;
import org.bitquake.network.Layer;
import org.bitquake.network.MaxPool;
import org.bitquake.network.QuantizedNetwork;

/**
 * In what form each tensor of a network of any kind lies in memory, and which layers multiply bytes
 * instead of floats: those whose integers fit, on processors that sum their products exactly.
 */
final class Forms {
  /** How a tensor lies in memory. */
  enum Form {
    /** Unsigned bytes: the codes. */
    CODES(1),
    /** Floats: code − zero. */
    VALUES(Float.BYTES);

    private final int bytes;

    Form(int bytes) {
      this.bytes = bytes;
    }

    /** Of one element. */
    int bytes() {
      return bytes;
    }

    Form other() {
      return this == CODES ? VALUES : CODES;
    }
  }

  private final QuantizedNetwork network;
  private final boolean[] inBytes;
  private final Form[] written;
  private final boolean[] both;

  Forms(QuantizedNetwork network, Isa isa) {
    this.network = network;
    int layers = network.layers().size();
    inBytes = new boolean[layers];
    written = new Form[layers + 1];
    both = new boolean[layers + 1];
    for (int i = 0; i < layers; i++) {
      inBytes[i] = network.layers().get(i) instanceof Convolution c && fits(c, isa);
    }
    written[0] = readInBytes(QuantizedNetwork.INPUT) ? Form.CODES : Form.VALUES;
    for (int i = 0; i < layers; i++) {
      written[i + 1] = form(i);
    }
    for (int i = 0; i < layers; i++) {
      var sources = network.layers().get(i).inputs();
      for (int k = 0; k < sources.size(); k++) {
        both[sources.get(k) + 1] |= read(i, k) != of(sources.get(k));
      }
    }
    both[layers] |= written[layers] != Form.VALUES; // which callers ask for
  }

  private boolean fits(Convolution layer, Isa isa) {
    var read = network.codes(layer.input());
    return read.max() <= Codes.MAX_BYTE
        && fitsByte(layer.weights())
        && isa.sumsExactly(signedBits(layer.weights().reach()), read.max())
        && (read.zero() == 0 || subtractsExactly(layer, isa));
  }

  /** oneDNN subtracts what a zero point adds from sums of codes that are floats already. */
  private boolean subtractsExactly(Convolution layer, Isa isa) {
    long taps = layer.geometry().taps(layer.inputShape());
    long most = taps * layer.weights().reach() * network.maxCode(layer.input());
    return isa.subtractsZeroPoints() && most <= FloatWeights.EXACT;
  }

  private static boolean fitsByte(WeightCodes weights) {
    int half = 1 << (weights.bits() - 1);
    for (int offset : weights.offset()) {
      if (offset - weights.gain() * half < Byte.MIN_VALUE
          || offset + weights.gain() * (half - 1) > Byte.MAX_VALUE) {
        return false;
      }
    }
    return true;
  }

  /** Bits of a signed number of at most this magnitude. */
  private static int signedBits(int reach) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(reach - 1) + 1;
  }

  /** Whether a product of bytes reads it, or maxima of it. */
  private boolean readInBytes(int position) {
    for (int i = Math.max(0, position); i < inBytes.length; i++) {
      Layer layer = network.layers().get(i);
      if (layer.input() == position
          && (inBytes[i] || (layer instanceof MaxPool && readInBytes(i)))) {
        return true;
      }
    }
    return false;
  }

  private Form form(int position) {
    Layer layer = network.layers().get(position);
    if (layer instanceof MaxPool p) {
      return of(p.input());
    }
    return inBytes[position] && roundsInside((Convolution) layer) && readInBytes(position)
        ? Form.CODES
        : Form.VALUES;
  }

  /** Whether the primitive can make the codes, too: it adds no zero point before it rounds. */
  private static boolean roundsInside(Convolution layer) {
    return layer.residual().isEmpty() && layer.activation().filter(a -> a.zero() == 0).isPresent();
  }

  /** Whether the layer at this position multiplies bytes. */
  boolean inBytes(int position) {
    return inBytes[position];
  }

  /** What the layer at this position (or {@code INPUT}) writes. */
  Form of(int position) {
    return written[position + 1];
  }

  /** Whether somebody reads the other form of it. */
  boolean inBoth(int position) {
    return both[position + 1];
  }

  /**
   * The form that a layer reads one of its {@linkplain Layer#inputs tensors} in.
   *
   * @param k which of them
   */
  Form read(int position, int k) {
    Layer layer = network.layers().get(position);
    if (layer instanceof MaxPool p) {
      return of(p.input());
    }
    return k == 0 && inBytes[position] ? Form.CODES : Form.VALUES;
  }
}
