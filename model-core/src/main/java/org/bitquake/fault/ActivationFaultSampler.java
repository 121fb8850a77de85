package org.bitquake.fault;

import java.util.Arrays;
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
public final class ActivationFaultSampler extends BufferSampler {
  /** Of each tensor by position + 1: bits (0 where it does not fail) and largest code. */
  private final int[] bits;

  private final int[] most;

  /**
   * Which activations fail, and when.
   *
   * @param storage of the buffer, for patterns that look at rows and columns
   * @param input whether the image lies in the buffer, too
   * @param isTransient whether cells fail anew for each image; otherwise for a trial
   */
  public record Scope(Storage storage, boolean input, boolean isTransient) {}

  /** The tensors of a network that fail, by position + 1. */
  private record Tensors(int[] sizes, int[] bits, int[] most) {
    static Tensors of(QuantizedNetwork network, boolean input) {
      var stored = StoredTensors.of(network);
      int count = network.layers().size();
      var tensors = new Tensors(new int[count], new int[count], new int[count]);
      for (int position : stored.positions()) {
        if (input || position != QuantizedNetwork.INPUT) {
          tensors.sizes[position + 1] = network.shapeOf(position).size();
          tensors.bits[position + 1] = stored.bits(position);
          tensors.most[position + 1] = network.maxCode(position);
        }
      }
      return tensors;
    }

    private static int largest(int[] values) {
      return Math.max(1, Arrays.stream(values).max().orElse(1));
    }

    BufferFaults buffer(long seed, FaultPattern pattern, Scope scope) {
      return new BufferFaults(
          seed,
          FaultTarget.ACTIVATIONS,
          pattern,
          scope.storage(),
          scope.isTransient(),
          largest(sizes),
          largest(bits));
    }
  }

  /**
   * A sampler of a network's activations.
   *
   * @param seed the campaign's
   * @throws org.bitquake.InputException if activations cannot fail in this pattern
   */
  public ActivationFaultSampler(
      long seed, QuantizedNetwork network, FaultPattern pattern, Scope scope) {
    this(seed, Tensors.of(network, scope.input()), pattern, scope);
  }

  private ActivationFaultSampler(long seed, Tensors tensors, FaultPattern pattern, Scope scope) {
    super(tensors.buffer(seed, pattern, scope), tensors.sizes());
    bits = tensors.bits();
    most = tensors.most();
  }

  @Override
  protected void corrupt(int layer, int first, int images, StoredCodes codes) {
    int width = bits[layer + 1];
    int largest = most[layer + 1];
    forEach(
        layer,
        width,
        first,
        images,
        (image, word, mask) -> {
          int before = codes.get(image - first, word);
          int after = Math.min(read(before, width, image, layer, word, mask), largest);
          hit(mask);
          if (after != before) {
            codes.set(image - first, word, after);
            change();
          }
        });
  }
}
