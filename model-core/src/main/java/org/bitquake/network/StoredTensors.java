package org.bitquake.network;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The tensors of a network that lie in the memory of activations while an accelerator computes it:
 * the image, and the codes that layers write, in {@code [C, H, W]}, {@code bits} cells each. Not
 * all of them do:
 *
 * <ul>
 *   <li>A layer with weights whose only reader is a {@link MaxPool} or an {@link AveragePool} hands
 *       its codes to the pooling unit as they come; what is stored is the pooled map.
 *   <li>A {@link GlobalSum} stays in the accumulators: it is wider than a code, and its divisor is
 *       in the next scale. The map that it sums up is stored.
 *   <li>A {@link Pad} is addressing: readers find the padding where there is nothing.
 *   <li>What the last layer writes is the answer.
 * </ul>
 *
 * <p>An addition or a concatenation stores what it writes, and so do the layers that it reads from.
 */
public final class StoredTensors {
  private final QuantizedNetwork network;

  /** Cells of a code by position + 1; 0 where the tensor is not stored. */
  private final int[] bits;

  private StoredTensors(QuantizedNetwork network) {
    this.network = network;
    bits = new int[network.layers().size()];
    for (int position = QuantizedNetwork.INPUT; position < bits.length - 1; position++) {
      bits[position + 1] = stored(position) ? width(position) : 0;
    }
  }

  /** Those of a network. */
  public static StoredTensors of(QuantizedNetwork network) {
    return new StoredTensors(network);
  }

  private boolean stored(int position) {
    if (position == QuantizedNetwork.INPUT) {
      return true;
    }
    Layer layer = network.layers().get(position);
    List<Layer> readers =
        network.layers().stream().filter(reader -> reader.inputs().contains(position)).toList();
    boolean streamed =
        layer instanceof Convolution
            && readers.size() == 1
            && (readers.get(0) instanceof MaxPool || readers.get(0) instanceof AveragePool);
    return !streamed && !(layer instanceof Pad);
  }

  /** Cells of a code; 0 of a sum. */
  private int width(int position) {
    if (position == QuantizedNetwork.INPUT) {
      return network.input().codes().bits();
    }
    Layer layer = network.layers().get(position);
    return layer.match(
        new LayerCases<Integer>() {
          @Override
          public Integer convolution(Convolution its) {
            return its.activation().map(Activation::bits).orElse(0);
          }

          @Override
          public Integer maxPool(MaxPool its) {
            return width(its.input());
          }

          @Override
          public Integer averagePool(AveragePool its) {
            return its.activation().bits();
          }

          @Override
          public Integer globalSum(GlobalSum its) {
            return 0;
          }

          @Override
          public Integer add(Add its) {
            return its.activation().bits();
          }

          @Override
          public Integer concat(Concat its) {
            return its.activation().bits();
          }

          @Override
          public Integer pad(Pad its) {
            return width(its.input());
          }
        });
  }

  /** Whether what the layer at this position (or {@code INPUT}) writes is stored. */
  public boolean contains(int position) {
    return position < bits.length - 1 && bits[position + 1] > 0;
  }

  /** Cells of each of its codes, 1 to 8; 0 where it is not stored. */
  public int bits(int position) {
    return contains(position) ? bits[position + 1] : 0;
  }

  /** Positions of those stored, in order; {@code INPUT} is the first. */
  public List<Integer> positions() {
    return IntStream.range(QuantizedNetwork.INPUT, bits.length - 1)
        .filter(this::contains)
        .boxed()
        .toList();
  }

  /** The tensor that is read where a layer reads the one at this position: padding is none. */
  public int behind(int position) {
    int at = position;
    while (at != QuantizedNetwork.INPUT && network.layers().get(at) instanceof Pad pad) {
      at = pad.input();
    }
    return at;
  }
}
