package org.bitquake.network;

/**
 * The second operand of a residual addition: the codes of layer {@code source}, times {@code ratio}
 * = residual step / output step, added as {@code y = fma(ratio, code, y)}.
 *
 * @param source position of an earlier layer, or {@link QuantizedNetwork#INPUT}
 */
public record Residual(int source, float ratio) {
  public Residual {
    Check.that(
        source >= QuantizedNetwork.INPUT,
        "residual source %d is not the position of a layer",
        source);
    Check.finite("residual ratio", ratio);
  }
}
