package org.bitquake.onnx;

import java.util.List;

/**
 * What a model expects of images where it does not say so itself.
 *
 * @param mean subtracted from pixel / 255: none, one, or one for each of the model's channels
 * @param std what the difference is divided by, as many as {@code mean}
 * @param layout of the model's input
 * @param channels the order of the model's three channels; data sets have red first
 */
public record InputFormat(List<Double> mean, List<Double> std, Layout layout, Channels channels) {
  /** The order of the dimensions of an image. */
  public enum Layout {
    NCHW,
    NHWC
  }

  /** The order of colours. */
  public enum Channels {
    RGB,
    BGR
  }

  public InputFormat {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    Require.that(
        mean.size() == std.size(),
        "--mean has %d values and --std %d; give as many of each",
        mean.size(),
        std.size());
    Require.that(mean.stream().allMatch(m -> Double.isFinite(m)), "--mean must be finite numbers");
    Require.that(
        std.stream().allMatch(s -> Double.isFinite(s) && s > 0), "--std must be numbers above 0");
  }

  /** Pixel / 255, or 8-bit integers, with channels first and in the order of the data set. */
  public static InputFormat plain() {
    return new InputFormat(List.of(), List.of(), Layout.NCHW, Channels.RGB);
  }
}
