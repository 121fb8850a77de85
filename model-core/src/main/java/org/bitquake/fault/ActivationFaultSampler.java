package org.bitquake.fault;

import org.bitquake.memory.ActivationFaults;
import org.bitquake.memory.Storage;
import org.bitquake.memory.StoredCodes;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.StoredTensors;

/**
 * Faults in the memory of activations: of the codes of the {@link StoredTensors} of a network. A
 * tensor lies in a buffer from its word 0 on, in {@code [C, H, W]}, a code of b bits in bits 0 to b
 * − 1 of a word; the buffer has the words of the largest tensor and the bits of the widest. Codes
 * are unsigned, with zero points counted from 0; one that reads above the tensor's largest is read
 * as the largest, so that no sum leaves the bounds that a network was proved for.
 *
 * <p>{@linkplain Scope#isTransient Transient} faults belong to (seed, trial, image, layer,
 * position, bit), others to a cell of the buffer: (seed, trial, position, bit), for all images and
 * layers. Not thread-safe: one per task thread.
 */
public final class ActivationFaultSampler {
  private final BufferFaults cells;

  /** Of each tensor by position + 1: codes, bits (0 where it does not fail) and largest code. */
  private final int[] sizes;

  private final int[] bits;
  private final int[] most;
  private long faultyCells;
  private long changedCodes;

  /**
   * Which activations fail, and when.
   *
   * @param storage of the buffer, for patterns that look at rows and columns
   * @param input whether the image lies in the buffer, too
   * @param isTransient whether cells fail anew for each image; otherwise for a trial
   */
  public record Scope(Storage storage, boolean input, boolean isTransient) {}

  /**
   * What faults did since {@link #faults}.
   *
   * @param faultyCells of all tensors of all images
   * @param changedCodes likewise
   */
  public record Tally(long faultyCells, long changedCodes) {}

  /**
   * A sampler of a network's activations.
   *
   * @param seed the campaign's
   * @throws org.bitquake.InputException if activations cannot fail in this pattern
   */
  public ActivationFaultSampler(
      long seed, QuantizedNetwork network, FaultPattern pattern, Scope scope) {
    var stored = StoredTensors.of(network);
    int tensors = network.layers().size();
    sizes = new int[tensors];
    bits = new int[tensors];
    most = new int[tensors];
    int words = 1;
    int widest = 1;
    for (int position : stored.positions()) {
      if (scope.input() || position != QuantizedNetwork.INPUT) {
        sizes[position + 1] = network.shapeOf(position).size();
        bits[position + 1] = stored.bits(position);
        most[position + 1] = network.maxCode(position);
        words = Math.max(words, sizes[position + 1]);
        widest = Math.max(widest, bits[position + 1]);
      }
    }
    cells =
        new BufferFaults(
            seed,
            FaultTarget.ACTIVATIONS,
            pattern,
            scope.storage(),
            scope.isTransient(),
            words,
            widest);
  }

  /** Cells of the buffer. */
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
   * @param images numbers of the images of the batches that engines will be handed, such as their
   *     positions in the data set
   * @throws org.bitquake.InputException if activations cannot have this effect
   */
  public ActivationFaults faults(CellEffect effect, double rate, int[] images) {
    cells.use(effect, rate, images);
    faultyCells = 0;
    changedCodes = 0;
    return this::corrupt;
  }

  /** What the faults did so far. */
  public Tally tally() {
    return new Tally(faultyCells, changedCodes);
  }

  private void corrupt(int layer, int first, int images, StoredCodes codes) {
    int width = bits[layer + 1];
    if (width > 0) {
      int largest = most[layer + 1];
      cells.forEach(
          layer,
          sizes[layer + 1],
          width,
          first,
          images,
          (image, word, mask) -> {
            int before = codes.get(image - first, word);
            int read = cells.read(before, width, image, layer, word, mask);
            int after = Math.min(read, largest);
            faultyCells += Integer.bitCount(mask);
            if (after != before) {
              codes.set(image - first, word, after);
              changedCodes++;
            }
          });
    }
  }
}
