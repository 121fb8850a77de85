package org.bitquake.network;

/**
 * The second operand of a residual addition: the codes of layer {@code source}, times {@code ratio}
 * = residual step / output step, added as {@code y = fma(ratio, code, y)}.
 */
public record Residual(int source, float ratio) {}
