package org.bitquake.cnvlutin;

import java.util.Arrays;
import org.bitquake.data.Shape;
import org.bitquake.fault.BufferFaults;
import org.bitquake.fault.BufferSampler;
import org.bitquake.fault.FaultPattern;
import org.bitquake.fault.FaultTarget;
import org.bitquake.fault.TargetMemory;
import org.bitquake.memory.Storage;
import org.bitquake.memory.StoredCodes;
import org.bitquake.network.Convolution;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.StoredTensors;

/**
 * Faults of the offsets that Cnvlutin stores with values ({@link ZeroFreeArray}), as they lie in
 * its memory: a tensor that a layer reads without its zeros is cut into bricks of neighbouring
 * channels of one position, the last of a position perhaps short. A brick has room for {@code
 * brick} pairs; those of its values that are not 0 come first, in the order of their channels.
 *
 * <p>A value whose offset is misread goes to that channel of its brick; where two go to the same,
 * the later one wins; one that goes to a channel that the tensor does not have is lost. All readers
 * of the tensor see that. A lane takes the same cycles as without the fault, for it takes one for
 * each pair of a pass, wherever its offset points: {@link NetworkSimulator#run(byte[], int,
 * ActivationFaults, ActivationFaults, NetworkSimulator.Observer)}. Layers behind see other values,
 * so their cycles differ.
 *
 * <p>The cells are those of every pair that there is room for, in the order of rows, columns,
 * bricks and pairs, ⌈log₂ brick⌉ each; of pairs without a value they do nothing. Not thread-safe.
 */
public final class OffsetFaultSampler extends BufferSampler {
  private final QuantizedNetwork network;
  private final int brick;
  private final int bits;

  /** The faulty cells of the pairs of a tensor of one image; all 0 between tensors. */
  private final byte[] masks;

  private final int[] found;
  private int hit;
  private final int[] channels;
  private final int[] values;
  private final int[] decoded;

  /**
   * A sampler of the offsets of a network's activations.
   *
   * @param seed the campaign's
   * @param storage of the offsets, for patterns that look at rows and columns
   * @throws org.bitquake.InputException if offsets cannot fail in this pattern
   */
  public OffsetFaultSampler(
      long seed,
      QuantizedNetwork network,
      TargetMemory.Offsets offsets,
      FaultPattern pattern,
      Storage storage) {
    this(seed, network, offsets, pattern, storage, pairs(network, offsets));
  }

  private OffsetFaultSampler(
      long seed,
      QuantizedNetwork network,
      TargetMemory.Offsets offsets,
      FaultPattern pattern,
      Storage storage,
      int[] pairs) {
    super(
        new BufferFaults(
            seed,
            FaultTarget.OFFSETS,
            pattern,
            storage,
            offsets.isTransient(),
            most(pairs),
            bits(offsets.brick())),
        pairs);
    this.network = network;
    this.brick = offsets.brick();
    this.bits = bits(brick);
    masks = new byte[most(pairs)];
    found = new int[masks.length];
    channels = new int[brick];
    values = new int[brick];
    decoded = new int[brick];
  }

  /** Room for pairs of each tensor, by position + 1; 0 where it is stored with its zeros. */
  private static int[] pairs(QuantizedNetwork network, TargetMemory.Offsets offsets) {
    var accelerator = Accelerator.storing(offsets);
    var stored = StoredTensors.of(network);
    int[] pairs = new int[network.layers().size()];
    for (Convolution layer : network.weightLayers()) {
      int position = stored.behind(layer.input());
      if (accelerator.encodes(layer) && stored.contains(position)) {
        Shape shape = network.shapeOf(position);
        int room = Math.multiplyExact(bricks(shape, offsets.brick()), offsets.brick());
        pairs[position + 1] = Math.multiplyExact(shape.height() * shape.width(), room);
      }
    }
    return pairs;
  }

  private static int most(int[] pairs) {
    return Math.max(1, Arrays.stream(pairs).max().orElse(1));
  }

  private static int bits(int brick) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(brick - 1);
  }

  /** Bricks of a position. */
  private static int bricks(Shape shape, int brick) {
    return (shape.channels() + brick - 1) / brick;
  }

  @Override
  protected void corrupt(int layer, int first, int images, StoredCodes codes) {
    for (int image = first; image < first + images; image++) {
      hit = 0;
      forEach(layer, bits, image, 1, this::note);
      Arrays.sort(found, 0, hit);
      for (int i = 0; i < hit; ) {
        int its = found[i] / brick;
        corrupt(layer, image, image - first, its, codes);
        for (; i < hit && found[i] / brick == its; i++) {
          masks[found[i]] = 0;
        }
      }
    }
  }

  private void note(int image, int pair, int mask) {
    found[hit++] = pair;
    masks[pair] = (byte) mask;
    hit(mask);
  }

  /** Reads one brick of one image. */
  private void corrupt(int layer, int image, int inBlock, int number, StoredCodes codes) {
    Shape shape = network.shapeOf(layer);
    int zero = network.codes(layer).zero();
    int plane = shape.height() * shape.width();
    int from = number % bricks(shape, brick) * brick;
    int size = Math.min(brick, shape.channels() - from);
    int at = from * plane + number / bricks(shape, brick);
    int count = 0;
    for (int c = 0; c < size; c++) {
      int value = codes.get(inBlock, at + c * plane);
      decoded[c] = zero;
      if (value != zero) {
        channels[count] = c;
        values[count++] = value;
      }
    }
    for (int i = 0; i < count; i++) {
      int pair = number * brick + i;
      int mask = masks[pair] & 0xff;
      int offset = mask == 0 ? channels[i] : read(channels[i], bits, image, layer, pair, mask);
      if (offset != channels[i]) {
        change();
      }
      if (offset < size) {
        decoded[offset] = values[i];
      }
    }
    for (int c = 0; c < size; c++) {
      if (decoded[c] != codes.get(inBlock, at + c * plane)) {
        codes.set(inBlock, at + c * plane, decoded[c]);
      }
    }
  }
}
