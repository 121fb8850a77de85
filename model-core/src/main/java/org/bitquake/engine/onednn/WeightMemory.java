package org.bitquake.engine.onednn;

import java.nio.ByteBuffer;
import org.bitquake.Text;
import org.bitquake.network.Convolution;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;

/**
 * The weights of one layer in native memory: as they come, {@code [outC, inC / groups · parts, kH,
 * kW]}, and in the layout that the layer's primitive wants.
 */
final class WeightMemory {
  private final Convolution layer;
  private final int parts;
  private final ByteBuffer plain;
  private final byte[] expanded;
  private final byte[] raised;
  private final memory plainMemory;
  private final memory packed;
  private final reorder pack;
  private final memory bias;

  private boolean loaded;

  /**
   * @param packedDesc the layout that the primitive wants
   */
  @SuppressWarnings("try") // javac: the scope is never referenced
  WeightMemory(LayerPrimitive how, memory.desc packedDesc, Session session, Natives natives) {
    this.layer = how.layer();
    this.parts = how.in().parts();
    try (var scope = Natives.scope()) {
      this.plainMemory = natives.keep(new memory(how.plainWeights(), session.device()));
      long size = layer.weights().codes().length * (long) parts;
      this.plain =
          natives
              .keep(new BytePointer(plainMemory.get_data_handle()).capacity(size))
              .asByteBuffer();
      this.expanded = new byte[parts == 1 ? 0 : Math.toIntExact(size)];
      this.raised = new byte[layer.weights().isMidRise() ? layer.weights().codes().length : 0];
      this.packed = natives.keep(new memory(packedDesc, session.device()));
      this.pack = natives.keep(new reorder(plainMemory, packed));
      this.bias = natives.keep(new memory(how.bias(), session.device()));
      new FloatPointer(bias.get_data_handle()).put(layer.bias());
    }
  }

  memory bias() {
    return bias;
  }

  memory packed() {
    return packed;
  }

  /**
   * Refuses codes of a wrong number or outside the range of the layer's bits.
   *
   * <p>A code is in range if bits {@code b−1 … 7} of it are equal; checked for eight codes at once.
   */
  void check(byte[] codes) {
    int bits = layer.weights().bits();
    boolean good = codes.length == layer.weights().codes().length && CodeRange.holds(codes, bits);
    if (!good) {
      throw new IllegalArgumentException(
          Text.of(
              "layer %s needs %d codes in %d…%d; got %d%s",
              layer.name(),
              layer.weights().codes().length,
              -(1 << (bits - 1)),
              (1 << (bits - 1)) - 1,
              codes.length,
              codes.length == layer.weights().codes().length ? ", some outside" : ""));
    }
  }

  /** Packs these codes, unless they are the ones that are there. */
  void load(byte[] codes, stream queue) {
    byte[] integers = layer.weights().isMidRise() ? raise(codes) : codes;
    byte[] all = parts == 1 ? integers : expand(integers);
    if (loaded && plain.rewind().mismatch(ByteBuffer.wrap(all)) < 0) {
      return;
    }
    plain.rewind().put(all);
    pack.execute(queue, plainMemory, packed);
    loaded = true;
  }

  /** The integers that mid-rise codes stand for. */
  private byte[] raise(byte[] codes) {
    for (int i = 0; i < codes.length; i++) {
      raised[i] = (byte) (2 * codes[i] + 1);
    }
    return raised;
  }

  /** Each input channel's kernel {@code parts} times. */
  private byte[] expand(byte[] codes) {
    int kernel = layer.geometry().kernelHeight() * layer.geometry().kernelWidth();
    for (int c = 0; c < codes.length / kernel; c++) {
      for (int p = 0; p < parts; p++) {
        System.arraycopy(codes, c * kernel, expanded, (c * parts + p) * kernel, kernel);
      }
    }
    return expanded;
  }
}
