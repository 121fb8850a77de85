package org.bitquake.landscape.vector;

import java.util.Optional;
import org.bitquake.Text;
import org.bitquake.VectorModule;
import org.bitquake.landscape.LaneKernels;

/**
 * The kernels in vectors, where the module {@code jdk.incubator.vector} is there. Names no class of
 * that module itself, so that it loads without it.
 */
public final class VectorKernels implements LaneKernels {
  private static final int SMALLEST_WIDTH = 8;

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public Optional<String> unavailable() {
    if (VectorModule.missing().isPresent()) {
      return VectorModule.missing();
    }
    return FloatLanes.WIDTH < SMALLEST_WIDTH || FloatLanes.WIDTH > GROUP
        ? Optional.of(Text.of("this processor's vectors have %d bits", 32 * FloatLanes.WIDTH))
        : Optional.empty();
  }

  @Override
  public int chunk() {
    return 2 * FloatLanes.WIDTH;
  }

  @Override
  public void sums(
      int outputs,
      float[] in,
      int base,
      int[] offset,
      int taps,
      int w0,
      int stride,
      float[] w,
      float[] out,
      int at,
      int outStride) {
    if (outputs == 8) {
      FloatLanes.eightOutputs(in, base, offset, taps, w0, stride, w, out, at, outStride);
    } else {
      FloatLanes.sixOutputs(in, base, offset, taps, w0, stride, w, out, at, outStride);
    }
  }

  @Override
  public void affine(float[] sum, int from, int lanes, float bias, float scale, float[] y, int at) {
    FloatLanes.affine(sum, from, lanes, bias, scale, y, at);
  }

  @Override
  public void addScaled(float ratio, float[] r, int from, int lanes, float[] y, int at) {
    FloatLanes.addScaled(ratio, r, from, lanes, y, at);
  }

  @Override
  public void round(float[] y, int at, int lanes, int max, float[] out, int to) {
    FloatLanes.round(y, at, lanes, max, out, to);
  }

  @Override
  public void gate(
      float[] y,
      int at,
      float max,
      float scale,
      float[] a,
      int from,
      int lanes,
      float[] out,
      int to) {
    FloatLanes.gate(y, at, max, scale, a, from, lanes, out, to);
  }

  @Override
  public void maximum(float[] in, int from, int lanes, float[] out, int to) {
    FloatLanes.maximum(in, from, lanes, out, to);
  }

  @Override
  public void add(float[] in, int from, int lanes, float[] out, int to) {
    FloatLanes.add(in, from, lanes, out, to);
  }

  @Override
  public void products(
      float[] g,
      int g0,
      int g1,
      int g2,
      int g3,
      float[] x,
      int x0,
      int x1,
      int x2,
      int x3,
      int[] at,
      float[] out) {
    for (int shift = 0; shift < GROUP; shift += FloatLanes.WIDTH) {
      FloatLanes.products(g, g0, g1, g2, g3, x, x0, x1, x2, x3, at, GROUP, out, shift);
    }
  }
}
