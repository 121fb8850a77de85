package org.bitquake.train;

import java.util.Arrays;
import org.bitquake.Text;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Copies between Java arrays and the native memory of dense ND4J arrays, in memory order. */
final class NativeFloats {
  private NativeFloats() {}

  static void read(INDArray from, float[] to) {
    read(from, 0, to, Math.toIntExact(from.length()));
  }

  static void write(float[] from, INDArray to) {
    write(from, to, 0, Math.toIntExact(to.length()));
  }

  /** Reads so many floats from {@code offset} in memory on, to the beginning of an array. */
  static void read(INDArray from, long offset, float[] to, int length) {
    var pointer = pointer(from);
    pointer.position(pointer.position() + offset).get(to, 0, length);
  }

  /** Writes so many floats of the beginning of an array, from {@code offset} in memory on. */
  static void write(float[] from, INDArray to, long offset, int length) {
    var pointer = pointer(to);
    pointer.position(pointer.position() + offset).put(from, 0, length);
  }

  /** Reads image {@code index} of {@code [B, C, H, W]}, in that order in memory. */
  static void read(INDArray from, int index, float[] to) {
    read(from, (long) index * imageSize(from), to, imageSize(from));
  }

  /** Writes image {@code index} of {@code [B, C, H, W]}, in that order in memory. */
  static void write(float[] from, INDArray to, int index) {
    write(from, to, (long) index * imageSize(to), imageSize(to));
  }

  private static int imageSize(INDArray array) {
    return Math.toIntExact(array.size(1)) * area(array);
  }

  /** Whether images lie one after the other, and so do their channels or numbers. */
  static boolean imageByImage(INDArray array) {
    long next = 1;
    for (int d = array.rank() - 1; d >= 0; d--) {
      if (array.stride(d) != next && array.size(d) > 1) {
        return false;
      }
      next *= array.size(d);
    }
    return true;
  }

  /**
   * Positions of one channel of {@code [B, C, H, W]}, which must lie one after the other; 1 of
   * {@code [B, n]}.
   */
  static int area(INDArray array) {
    if (array.rank() == 2) {
      return 1;
    }
    long area = array.size(2) * array.size(3);
    if (array.stride(3) != 1 || array.stride(1) != area) {
      throw new IllegalStateException(
          "not in the order [B, C, H, W]: " + array.shapeInfoToString());
    }
    return Math.toIntExact(area);
  }

  /** True where equal positions in memory are equal indices. */
  static boolean sameLayout(INDArray a, INDArray b) {
    return dense(b) && Arrays.equals(a.stride(), b.stride());
  }

  static float[] atLeast(float[] buffer, int length) {
    return buffer.length >= length ? buffer : new float[length];
  }

  /** The first float in memory. */
  static FloatPointer pointer(INDArray array) {
    if (!dense(array)) {
      throw new IllegalArgumentException(
          Text.of(
              "not dense: shape %s, strides %s",
              Arrays.toString(array.shape()), Arrays.toString(array.stride())));
    }
    var pointer = new FloatPointer(array.data().pointer());
    return pointer.getPointer(array.offset());
  }

  private static boolean dense(INDArray array) {
    long extent = 1;
    for (int d = 0; d < array.rank(); d++) {
      extent += (array.size(d) - 1) * array.stride(d);
    }
    return extent == array.length();
  }
}
