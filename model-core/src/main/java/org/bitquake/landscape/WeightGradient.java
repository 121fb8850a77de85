package org.bitquake.landscape;

import org.bitquake.lanes.Windows;
import org.bitquake.network.Convolution;

/**
 * The gradient of a layer's weights: for every weight the products of its output's gradient and its
 * input, over all positions and images. Blocks are added up in double, in order.
 */
final class WeightGradient {
  private static final int AT_ONCE = 8;

  private final LaneKernels kernels;
  private final Convolution layer;
  private final int taps;
  private final int lanes;

  /** Where each 16 lanes of a tap lie, from the first; for {@link LaneKernels#products}. */
  private final int[] steps;

  private final float[] products =
      new float[LaneKernels.TILE * LaneKernels.TILE * LaneKernels.GROUP];

  /** Of a fully connected layer: taps rounded up to whole chunks, and its inputs by image. */
  private final int padded;

  private final float[] byImage;
  private final int[] images;
  private final float[] sums;

  WeightGradient(LaneKernels kernels, Convolution layer, Windows<float[]> windows) {
    this.kernels = kernels;
    this.layer = layer;
    this.taps = windows.offsets().length;
    var out = layer.outputShape();
    this.lanes = out.height() * out.width() * LaneKernels.BLOCK;
    int perRow = out.width() * LaneKernels.BLOCK / LaneKernels.GROUP;
    this.steps = new int[out.height() * perRow];
    for (int j = 0; j < steps.length; j++) {
      steps[j] =
          windows.start(0, j / perRow) - windows.start(0, 0) + j % perRow * LaneKernels.GROUP;
    }
    int chunk = kernels.chunk();
    this.padded = (taps + chunk - 1) / chunk * chunk;
    boolean dense = layer.isDense();
    this.byImage = new float[dense ? padded * LaneKernels.BLOCK : 0];
    this.images = new int[LaneKernels.BLOCK];
    for (int i = 0; i < images.length; i++) {
      images[i] = i * padded;
    }
    this.sums = new float[AT_ONCE * chunk];
  }

  /** Floats that a gradient handed to {@link #add} must have room for. */
  static int length(Convolution layer) {
    int outputs = (layer.geometry().outChannels() + AT_ONCE - 1) / AT_ONCE * AT_ONCE;
    var out = layer.outputShape();
    return Math.multiplyExact(outputs * out.height() * out.width(), LaneKernels.BLOCK);
  }

  /**
   * Adds a block.
   *
   * @param g gradient of the sums, {@code [outC][H][W][n]}
   * @param x what the layer read
   * @param total {@code [outC][tap]}
   */
  void add(float[] g, Windows<float[]> x, double[] total) {
    if (layer.isDense()) {
      addDense(g, x, total);
    } else {
      addConvolution(g, x, total);
    }
  }

  private void addConvolution(float[] g, Windows<float[]> x, double[] total) {
    int groups = layer.geometry().groups();
    int outputs = layer.geometry().outChannels() / groups;
    for (int group = 0; group < groups; group++) {
      int start = x.start(group, 0);
      int end = (group + 1) * outputs - 1;
      for (int o = group * outputs; o <= end; o += LaneKernels.TILE) {
        for (int t = 0; t < taps; t += LaneKernels.TILE) {
          int[] at = x.offsets();
          kernels.products(
              g,
              o * lanes,
              Math.min(o + 1, end) * lanes,
              Math.min(o + 2, end) * lanes,
              Math.min(o + 3, end) * lanes,
              x.data(),
              start + at[t],
              start + at[Math.min(t + 1, taps - 1)],
              start + at[Math.min(t + 2, taps - 1)],
              start + at[Math.min(t + 3, taps - 1)],
              steps,
              products);
          addTile(o, Math.min(LaneKernels.TILE, end - o + 1), t, total);
        }
      }
    }
  }

  private void addTile(int o, int outputs, int t, double[] total) {
    for (int i = 0; i < outputs; i++) {
      for (int k = 0; k < Math.min(LaneKernels.TILE, taps - t); k++) {
        int from = (i * LaneKernels.TILE + k) * LaneKernels.GROUP;
        double sum = 0;
        for (int lane = 0; lane < LaneKernels.GROUP; lane++) {
          sum += products[from + lane];
        }
        total[(o + i) * taps + t + k] += sum;
      }
    }
  }

  /** With one position an image, the taps can be the lanes and the images the sum. */
  private void addDense(float[] g, Windows<float[]> x, double[] total) {
    int start = x.start(0, 0);
    for (int t = 0; t < taps; t++) {
      int from = start + x.offsets()[t];
      for (int i = 0; i < LaneKernels.BLOCK; i++) {
        byImage[i * padded + t] = x.data()[from + i];
      }
    }
    int outputs = layer.geometry().outChannels();
    int chunk = kernels.chunk();
    for (int o = 0; o < outputs; o += AT_ONCE) {
      for (int t = 0; t < taps; t += chunk) {
        int w0 = o * LaneKernels.BLOCK;
        kernels.sums(
            AT_ONCE,
            byImage,
            t,
            images,
            LaneKernels.BLOCK,
            w0,
            LaneKernels.BLOCK,
            g,
            sums,
            0,
            chunk);
        for (int i = 0; i < Math.min(AT_ONCE, outputs - o); i++) {
          for (int k = 0; k < Math.min(chunk, taps - t); k++) {
            total[(o + i) * taps + t + k] += sums[i * chunk + k];
          }
        }
      }
    }
  }
}
