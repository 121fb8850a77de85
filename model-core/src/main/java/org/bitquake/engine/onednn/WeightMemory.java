package org.bitquake.engine.onednn;

import java.nio.ByteBuffer;
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
final class WeightMemory implements LayerWeights {
  private final Convolution layer;
  private final int parts;
  private final boolean asTheyAre;
  private final ByteBuffer plain;
  private final byte[] expanded;
  private final byte[] integers;
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
    this.asTheyAre = layer.weights().isPlain();
    try (var scope = Natives.scope()) {
      this.plainMemory = natives.keep(new memory(how.plainWeights(), session.device()));
      long size = layer.weights().codes().length * (long) parts;
      this.plain =
          natives
              .keep(new BytePointer(plainMemory.get_data_handle()).capacity(size))
              .asByteBuffer();
      this.expanded = new byte[parts == 1 ? 0 : Math.toIntExact(size)];
      this.integers = new byte[asTheyAre ? 0 : layer.weights().codes().length];
      this.packed = natives.keep(new memory(packedDesc, session.device()));
      this.pack = natives.keep(new reorder(plainMemory, packed));
      this.bias = natives.keep(new memory(how.bias(), session.device()));
      new FloatPointer(bias.get_data_handle()).put(layer.bias());
    }
  }

  memory bias() {
    return bias;
  }

  @Override
  public memory packed() {
    return packed;
  }

  @Override
  public boolean load(byte[] codes, stream queue) {
    byte[] integers = asTheyAre ? codes : integers(codes);
    byte[] all = parts == 1 ? integers : expand(integers);
    if (loaded && plain.rewind().mismatch(ByteBuffer.wrap(all)) < 0) {
      return true;
    }
    plain.rewind().put(all);
    pack.execute(queue, plainMemory, packed);
    loaded = true;
    return true;
  }

  /** What codes stand for where they are not the weights themselves. */
  private byte[] integers(byte[] codes) {
    int taps = codes.length / layer.geometry().outChannels();
    int gain = layer.weights().gain();
    for (int o = 0, i = 0; i < codes.length; o++) {
      int offset = layer.weights().offset(o);
      for (int end = i + taps; i < end; i++) {
        integers[i] = (byte) (gain * codes[i] + offset);
      }
    }
    return integers;
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
