package org.bitquake.engine.onednn;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bitquake.network.Convolution;
import org.bitquake.network.TensorCodes;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;

/**
 * The weights of one layer as floats in native memory: row-major as they come, and in the layout
 * that the layer's primitive wants.
 */
final class FloatWeights implements LayerWeights {
  /** Integers up to this are floats, and so are sums of them that stay below. */
  static final long EXACT = 1L << 24;

  private final Convolution layer;
  private final TensorCodes read;
  private final FloatBuffer plain;
  private final float[] values;
  private final memory plainMemory;
  private final memory packed;
  private final reorder pack;
  private byte[] loaded = {};

  /**
   * @param read what the codes read are
   * @param packedDesc the layout that the primitive wants
   */
  @SuppressWarnings("try") // javac: the scope is never referenced
  FloatWeights(
      Convolution layer,
      TensorCodes read,
      memory.desc plainDesc,
      memory.desc packedDesc,
      Session session,
      Natives natives) {
    this.layer = layer;
    this.read = read;
    this.values = new float[layer.weights().codes().length];
    try (var scope = Natives.scope()) {
      this.plainMemory = natives.keep(new memory(plainDesc, session.device()));
      this.plain =
          natives
              .keep(new FloatPointer(plainMemory.get_data_handle()).capacity(values.length))
              .asBuffer();
      this.packed = natives.keep(new memory(packedDesc, session.device()));
      this.pack = natives.keep(new reorder(plainMemory, packed));
    }
  }

  @Override
  public memory packed() {
    return packed;
  }

  /**
   * Whether every sum of products, and every part of one, is an integer that is a float: products
   * of either sign alone stay below the bound, whatever the codes read are.
   */
  static boolean sumsExactly(Convolution layer, byte[] codes, TensorCodes read) {
    long up = (long) read.max() - read.zero();
    long down = read.zero();
    int channels = layer.geometry().outChannels();
    int taps = codes.length / channels;
    int gain = layer.weights().gain();
    for (int o = 0; o < channels; o++) {
      int offset = layer.weights().offset(o);
      long positive = 0;
      long negative = 0;
      for (int t = o * taps; t < (o + 1) * taps; t++) {
        int weight = gain * codes[t] + offset;
        positive += Math.max(weight, 0);
        negative -= Math.min(weight, 0);
      }
      if (Math.max(positive * up + negative * down, positive * down + negative * up) > EXACT) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean load(byte[] codes, stream queue) {
    if (Arrays.equals(codes, loaded)) {
      return true;
    }
    if (!sumsExactly(layer, codes, read)) {
      return false;
    }
    int taps = values.length / layer.geometry().outChannels();
    int gain = layer.weights().gain();
    for (int o = 0; o < layer.geometry().outChannels(); o++) {
      int offset = layer.weights().offset(o);
      for (int t = o * taps; t < (o + 1) * taps; t++) {
        values[t] = gain * codes[t] + offset;
      }
    }
    plain.put(0, values);
    pack.execute(queue, plainMemory, packed);
    loaded = codes.clone();
    return true;
  }
}
