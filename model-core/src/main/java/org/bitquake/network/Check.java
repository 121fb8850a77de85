package org.bitquake.network;

import java.util.Locale;
import java.util.regex.Pattern;
import org.bitquake.data.Shape;

/** The checks that the records of this package share. */
final class Check {
  /** Layer names become array names in the network file, hence the narrow alphabet. */
  private static final Pattern LAYER_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

  /** Codes in one tensor of one image; VGG-16 at 224×224 needs 3.2 million. */
  private static final int MAX_TENSOR = 1 << 22;

  private Check() {}

  /** Throws an {@link IllegalArgumentException} with this message unless {@code ok}. */
  static void that(boolean ok, String format, Object... arguments) {
    if (!ok) {
      throw new IllegalArgumentException(String.format(Locale.ROOT, format, arguments));
    }
  }

  static void layerName(String name) {
    that(
        LAYER_NAME.matcher(name).matches(),
        "layer name \"%s\": use 1 to 64 letters, digits, dots, dashes and underscores, starting with"
            + " a letter or digit",
        name.length() > 80 ? name.substring(0, 80) + "…" : name);
  }

  static void layerInput(String layer, int input) {
    that(
        input >= QuantizedNetwork.INPUT,
        "layer %s: input %d is not the position of a layer",
        layer,
        input);
  }

  /** Bounds a tensor, so that sizes of batches of it stay within int and memory. */
  static void tensor(String layer, long channels, long height, long width) {
    that(
        height <= MAX_TENSOR
            && width <= MAX_TENSOR
            && channels * height <= MAX_TENSOR
            && channels * height * width <= MAX_TENSOR,
        "layer %s: a tensor of %d×%d×%d is larger than the limit of %d codes",
        layer,
        channels,
        height,
        width,
        MAX_TENSOR);
  }

  /** Refuses windows of which one may lie in the padding alone, and outputs that are too large. */
  static void pooling(String layer, Window window, Shape map) {
    that(
        window.fits(map)
            && window.top() < window.reachY()
            && window.bottom() < window.reachY()
            && window.left() < window.reachX()
            && window.right() < window.reachX(),
        "layer %s: windows of %s do not fit %s",
        layer,
        window,
        map);
    tensor(layer, map.channels(), window.outHeight(map), window.outWidth(map));
  }

  static void finite(String what, float value) {
    that(Float.isFinite(value), "%s is %s; it must be finite", what, value);
  }

  static void positive(String what, float value) {
    that(
        Float.isFinite(value) && value > 0, "%s is %s; it must be finite and above 0", what, value);
  }

  static void finite(String what, float[] values) {
    for (int i = 0; i < values.length; i++) {
      that(Float.isFinite(values[i]), "%s[%d] is %s; it must be finite", what, i, values[i]);
    }
  }
}
