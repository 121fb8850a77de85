package org.bitquake.landscape;

import java.util.List;
import org.bitquake.network.Convolution;
import org.bitquake.network.QuantizedNetwork;

/**
 * The space of a network's weights around its codes. A point in it is {@code [weight layer][outC,
 * inC / groups, kH, kW]} in units of the step, so that the centre has integer coordinates; a vector
 * is one array of all weights in that order, in real units (code times step), as SAQ and the
 * Hessian take it. Biases are not part of the space.
 */
public final class WeightSpace {
  private final List<Convolution> layers;
  private final int dimension;

  public WeightSpace(QuantizedNetwork network) {
    layers = network.weightLayers();
    dimension = Math.toIntExact(network.weightCount());
  }

  /** The number of weights. */
  public int dimension() {
    return dimension;
  }

  /** The weight codes themselves. */
  public float[][] centre() {
    return point((l, i) -> layers.get(l).weights().codes()[i]);
  }

  /** Centre + a·δ + b·η, each coordinate computed in double and rounded once. */
  public float[][] at(double a, Direction delta, double b, Direction eta) {
    return point(
        (l, i) ->
            (float)
                (layers.get(l).weights().codes()[i]
                    + a * delta.values()[l][i]
                    + b * eta.values()[l][i]));
  }

  /** Centre + a·δ. */
  public float[][] at(double a, Direction delta) {
    return point((l, i) -> (float) (layers.get(l).weights().codes()[i] + a * delta.values()[l][i]));
  }

  /** Centre + v. */
  public float[][] at(double[] v) {
    float[][] scaled = tangent(v);
    return point((l, i) -> layers.get(l).weights().codes()[i] + scaled[l][i]);
  }

  /** The codes nearest to a point: {@code rint(clip(w))}, half to even. */
  public float[][] requantised(float[][] weights) {
    return point(
        (l, i) -> {
          int low = -(1 << (layers.get(l).weights().bits() - 1));
          return (float) Math.rint(Math.min(Math.max(weights[l][i], low), -low - 1));
        });
  }

  /** A vector in units of the steps. */
  float[][] tangent(double[] v) {
    int[] from = offsets();
    return point((l, i) -> (float) (v[from[l] + i] / step(l, i)));
  }

  /** A gradient by coordinates in units of the steps as a vector: each part over its step. */
  double[] gradient(double[][] byCoordinates) {
    double[] vector = new double[dimension];
    int to = 0;
    for (int l = 0; l < byCoordinates.length; l++) {
      for (int i = 0; i < byCoordinates[l].length; i++) {
        vector[to++] = byCoordinates[l][i] / step(l, i);
      }
    }
    return vector;
  }

  private int[] offsets() {
    int[] from = new int[layers.size()];
    for (int l = 1; l < from.length; l++) {
      from[l] = from[l - 1] + layers.get(l - 1).weights().codes().length;
    }
    return from;
  }

  private double step(int l, int i) {
    var c = layers.get(l);
    float[] step = c.weights().step();
    int taps = c.weights().codes().length / c.geometry().outChannels();
    return step[step.length == 1 ? 0 : i / taps];
  }

  private interface Coordinate {
    float of(int layer, int weight);
  }

  private float[][] point(Coordinate coordinate) {
    float[][] weights = new float[layers.size()][];
    for (int l = 0; l < weights.length; l++) {
      weights[l] = new float[layers.get(l).weights().codes().length];
      for (int i = 0; i < weights[l].length; i++) {
        weights[l][i] = coordinate.of(l, i);
      }
    }
    return weights;
  }
}
