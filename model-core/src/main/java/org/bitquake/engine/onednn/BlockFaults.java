package org.bitquake.engine.onednn;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.function.IntFunction;
import org.bitquake.data.Shape;
import org.bitquake.memory.ActivationFaults;
import org.bitquake.memory.StoredCodes;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.StoredTensors;

/** The memory of activations of an engine, and which images are in its block. */
final class BlockFaults {
  private final StoredTensors stored;
  private final StoredCodes[] tensors;
  private final IntFunction<StoredCodes> codes;
  private ActivationFaults faults = ActivationFaults.NONE;
  private int first;
  private int images;

  /**
   * @param codes what lies where the layer at a position (or {@code INPUT}) writes; asked once for
   *     each, when there are faults
   */
  BlockFaults(QuantizedNetwork network, IntFunction<StoredCodes> codes) {
    this.stored = StoredTensors.of(network);
    this.tensors = new StoredCodes[network.layers().size()];
    this.codes = codes;
  }

  void use(ActivationFaults activationFaults) {
    faults = activationFaults;
  }

  /** The next block holds {@code images} of the batch from {@code first} on. */
  void begin(int first, int images) {
    this.first = first;
    this.images = images;
  }

  /** What comes after the layer at this position (or {@code INPUT}) has written. */
  Step after(int position) {
    return stored.contains(position) ? queue -> corrupt(position) : queue -> {};
  }

  private void corrupt(int position) {
    if (faults == ActivationFaults.NONE) {
      return;
    }
    if (tensors[position + 1] == null) {
      tensors[position + 1] = codes.apply(position);
    }
    faults.corrupt(position, first, images, tensors[position + 1]);
  }

  /** Where {@code [H, W, C]} has each position of {@code [C, H, W]}. */
  private static int[] places(Shape shape) {
    int plane = shape.height() * shape.width();
    int[] places = new int[shape.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = i % plane * shape.channels() + i / plane;
    }
    return places;
  }

  /** Unsigned bytes {@code [n, H, W, C]}. */
  static StoredCodes bytes(Shape shape, ByteBuffer bytes) {
    return new Bytes(places(shape), bytes);
  }

  private record Bytes(int[] places, ByteBuffer bytes) implements StoredCodes {
    @Override
    public int get(int image, int position) {
      return bytes.get(image * places.length + places[position]) & 0xff;
    }

    @Override
    public void set(int image, int position, int code) {
      bytes.put(image * places.length + places[position], (byte) code);
    }
  }

  /** Values {@code code − zero}, {@code [n, H, W, C]}. */
  static StoredCodes values(Shape shape, int zero, FloatBuffer values) {
    return new Values(places(shape), zero, values);
  }

  private record Values(int[] places, int zero, FloatBuffer values) implements StoredCodes {
    @Override
    public int get(int image, int position) {
      return (int) values.get(image * places.length + places[position]) + zero;
    }

    @Override
    public void set(int image, int position, int code) {
      values.put(image * places.length + places[position], code - zero);
    }
  }
}
