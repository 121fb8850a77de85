package org.bitquake.cnvlutin;

import java.util.Arrays;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Shape;
import org.bitquake.fault.BufferFaults;
import org.bitquake.fault.CellEffect;
import org.bitquake.fault.FaultPattern;
import org.bitquake.fault.FaultTarget;
import org.bitquake.memory.ActivationFaults;
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
public final class OffsetFaultSampler {
  private static final int MOST_BITS = 8;

  private final QuantizedNetwork network;
  private final int brick;
  private final int bits;
  private final BufferFaults cells;

  /** Whether the tensor at position + 1 is stored without zeros, and its pairs. */
  private final boolean[] encoded;

  private final int[] pairs;

  /** The faulty cells of the pairs of a tensor of one image; all 0 between tensors. */
  private final byte[] masks;

  private final int[] found;
  private int hit;
  private final int[] channels;
  private final int[] values;
  private final int[] decoded;
  private long faultyCells;
  private long changedCodes;

  /**
   * A sampler of the offsets of a network's activations.
   *
   * @param seed the campaign's
   * @param storage of the offsets, for patterns that look at rows and columns
   * @param isTransient whether cells fail anew for each image; otherwise for a trial
   * @throws InputException if offsets cannot fail in this pattern, or have none or too many bits
   */
  public OffsetFaultSampler(
      long seed,
      QuantizedNetwork network,
      Accelerator accelerator,
      FaultPattern pattern,
      Storage storage,
      boolean isTransient) {
    this.network = network;
    this.brick = accelerator.brick();
    this.bits = Integer.SIZE - Integer.numberOfLeadingZeros(brick - 1);
    if (bits < 1 || bits > MOST_BITS) {
      throw new InputException(
          Text.of(
              "bricks of %d values have offsets of %d bits; faults of offsets are for bricks of 2"
                  + " to %d",
              brick, bits, 1 << MOST_BITS));
    }
    var stored = StoredTensors.of(network);
    encoded = new boolean[network.layers().size()];
    pairs = new int[encoded.length];
    int most = 1;
    for (Convolution layer : network.weightLayers()) {
      int position = stored.behind(layer.input());
      if (accelerator.encodes(layer) && stored.contains(position)) {
        encoded[position + 1] = true;
        Shape shape = network.shapeOf(position);
        int room = Math.multiplyExact(bricks(shape), brick);
        pairs[position + 1] = Math.multiplyExact(shape.height() * shape.width(), room);
        most = Math.max(most, pairs[position + 1]);
      }
    }
    masks = new byte[most];
    found = new int[most];
    channels = new int[brick];
    values = new int[brick];
    decoded = new int[brick];
    cells = new BufferFaults(seed, FaultTarget.OFFSETS, pattern, storage, isTransient, most, bits);
  }

  /** Bricks of a position. */
  private int bricks(Shape shape) {
    return (shape.channels() + brick - 1) / brick;
  }

  /** Cells of the offsets of the largest tensor. */
  public long cells() {
    return cells.cells();
  }

  /**
   * Begins a trial.
   *
   * @param maxRate 0 to 1, the highest rate that {@link #faults} is asked for
   */
  public void draw(long trial, double maxRate) {
    cells.draw(trial, maxRate);
  }

  /**
   * The trial's faults at a rate, for {@code Engine.activations}; valid until the next call here.
   *
   * @param images numbers of the images of the batches that engines will be handed
   * @throws InputException if offsets cannot have this effect
   */
  public ActivationFaults faults(CellEffect effect, double rate, int[] images) {
    cells.use(effect, rate, images);
    faultyCells = 0;
    changedCodes = 0;
    return this::corrupt;
  }

  /** Faulty cells of all tensors of all images since {@link #faults}, with or without a value. */
  public long faultyCells() {
    return faultyCells;
  }

  /** Codes that were read as others since {@link #faults}. */
  public long changedCodes() {
    return changedCodes;
  }

  private void corrupt(int layer, int first, int images, StoredCodes codes) {
    if (!encoded[layer + 1]) {
      return;
    }
    for (int image = first; image < first + images; image++) {
      hit = 0;
      cells.forEach(layer, pairs[layer + 1], bits, image, 1, this::note);
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
    faultyCells += Integer.bitCount(mask);
  }

  /** Reads one brick of one image. */
  private void corrupt(int layer, int image, int inBlock, int number, StoredCodes codes) {
    Shape shape = network.shapeOf(layer);
    int zero = network.codes(layer).zero();
    int plane = shape.height() * shape.width();
    int from = number % bricks(shape) * brick;
    int size = Math.min(brick, shape.channels() - from);
    int at = from * plane + number / bricks(shape);
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
      int offset =
          mask == 0 ? channels[i] : cells.read(channels[i], bits, image, layer, pair, mask);
      if (offset < size) {
        decoded[offset] = values[i];
      }
    }
    for (int c = 0; c < size; c++) {
      if (decoded[c] != codes.get(inBlock, at + c * plane)) {
        codes.set(inBlock, at + c * plane, decoded[c]);
        changedCodes++;
      }
    }
  }
}
