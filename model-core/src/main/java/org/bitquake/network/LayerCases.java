package org.bitquake.network;

/**
 * What is to be done with each kind of layer: {@link Layer#match}. A new kind is a method here, and
 * the compiler names every place that has to know it.
 *
 * @param <R> what comes of it
 */
public interface LayerCases<R> {
  R convolution(Convolution layer);

  R maxPool(MaxPool layer);

  R averagePool(AveragePool layer);

  R globalSum(GlobalSum layer);

  R add(Add layer);

  R concat(Concat layer);

  R pad(Pad layer);
}
