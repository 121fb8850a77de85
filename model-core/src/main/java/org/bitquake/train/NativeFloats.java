package org.bitquake.train;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Copies between Java arrays and the native memory of dense ND4J arrays, in memory order. */
final class NativeFloats {
  private NativeFloats() {}

  static void read(INDArray from, float[] to) {
    pointer(from).get(to, 0, Math.toIntExact(from.length()));
  }

  static void write(float[] from, INDArray to) {
    pointer(to).put(from, 0, Math.toIntExact(to.length()));
  }

  /** True where equal positions in memory are equal indices. */
  static boolean sameLayout(INDArray a, INDArray b) {
    return dense(b) && Arrays.equals(a.stride(), b.stride());
  }

  static float[] atLeast(float[] buffer, int length) {
    return buffer.length >= length ? buffer : new float[length];
  }

  private static FloatPointer pointer(INDArray array) {
    if (!dense(array)) {
      throw new IllegalArgumentException(
          "not dense: shape %s, strides %s"
              .formatted(Arrays.toString(array.shape()), Arrays.toString(array.stride())));
    }
    var pointer = new FloatPointer(array.data().pointer());
    return pointer.position(array.offset());
  }

  private static boolean dense(INDArray array) {
    long extent = 1;
    for (int d = 0; d < array.rank(); d++) {
      extent += (array.size(d) - 1) * array.stride(d);
    }
    return extent == array.length();
  }
}
