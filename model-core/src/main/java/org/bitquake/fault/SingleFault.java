package org.bitquake.fault;

/**
 * One faulty memory cell, the only one of the network.
 *
 * @param layer position in {@code QuantizedNetwork.weightLayers()}
 * @param weight position in the layer's codes
 * @param bit 0 the least significant
 */
public record SingleFault(int layer, int weight, int bit) {
  /**
   * The code that is read where {@code code} was written.
   *
   * @param bits cells of a weight of the layer
   */
  public byte apply(FaultKind kind, Encoding encoding, int bits, byte code) {
    return (byte) encoding.decode(kind.apply(encoding.encode(code, bits), 1 << bit), bits);
  }
}
