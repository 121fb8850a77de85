package org.bitquake.landscape;

import java.util.List;
import org.bitquake.network.Convolution;
import org.bitquake.network.QuantizedNetwork;

/**
 * The space of a network's weights around the integers that its codes stand for. A point in it is
 * {@code [weight layer][outC, inC / groups, kH, kW]} in units of the step, so that the centre has
 * integer coordinates; a vector is one array of all weights in that order, in real units (integer
 * times step), as SAQ and the Hessian take it. Biases are not part of the space.
 */
public final class WeightSpace {
  private final List<Convolution> layers;
  private final List<int[]> integers;
  private final int dimension;

  public WeightSpace(QuantizedNetwork network) {
    layers = network.weightLayers();
    integers = layers.stream().map(Convolution::integerWeights).toList();
    dimension = Math.toIntExact(network.weightCount());
  }

  /** The number of weights. */
  public int dimension() {
    return dimension;
  }

  /** The integer weights themselves. */
  public float[][] centre() {
    return point((l, i) -> integers.get(l)[i]);
  }

  /** Centre + a·δ + b·η, each coordinate computed in double and rounded once. */
  public float[][] at(double a, Direction delta, double b, Direction eta) {
    return point(
        (l, i) -> (float) (integers.get(l)[i] + a * delta.values()[l][i] + b * eta.values()[l][i]));
  }

  /** Centre + a·δ. */
  public float[][] at(double a, Direction delta) {
    return point((l, i) -> (float) (integers.get(l)[i] + a * delta.values()[l][i]));
  }

  /** Centre + v. */
  public float[][] at(double[] v) {
    float[][] scaled = tangent(v);
    return point((l, i) -> integers.get(l)[i] + scaled[l][i]);
  }

  /** The integer weights nearest to a point: those of {@code rint(clip(code))}, half to even. */
  public float[][] requantised(float[][] weights) {
    return point(
        (l, i) -> {
          var codes = layers.get(l).weights();
          int low = -(1 << (codes.bits() - 1));
          int offset = codes.offset(i / taps(l));
          float code = (weights[l][i] - offset) / codes.gain();
          return codes.gain() * (float) Math.rint(Math.min(Math.max(code, low), -low - 1)) + offset;
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
      from[l] = from[l - 1] + integers.get(l - 1).length;
    }
    return from;
  }

  private double step(int l, int i) {
    float[] step = layers.get(l).weights().step();
    return step[step.length == 1 ? 0 : i / taps(l)];
  }

  /** Weights of an output channel. */
  private int taps(int l) {
    return integers.get(l).length / layers.get(l).geometry().outChannels();
  }

  private interface Coordinate {
    float of(int layer, int weight);
  }

  private float[][] point(Coordinate coordinate) {
    float[][] weights = new float[layers.size()][];
    for (int l = 0; l < weights.length; l++) {
      weights[l] = new float[integers.get(l).length];
      for (int i = 0; i < weights[l].length; i++) {
        weights[l][i] = coordinate.of(l, i);
      }
    }
    return weights;
  }
}
