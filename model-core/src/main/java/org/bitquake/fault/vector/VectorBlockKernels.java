package org.bitquake.fault.vector;

import java.util.Optional;
import org.bitquake.Text;
import org.bitquake.VectorModule;
import org.bitquake.fault.BlockKernels;
import org.bitquake.fault.Philox;

/**
 * {@link BlockLanes} where the module {@code jdk.incubator.vector} is there and the processor has
 * vectors of 512 bits: narrower ones multiply 64-bit lanes no faster than plain Java does. Names no
 * class of that module itself, so that it loads without it.
 */
public final class VectorBlockKernels implements BlockKernels {
  @Override
  public Optional<String> unavailable() {
    if (VectorModule.missing().isPresent()) {
      return VectorModule.missing();
    }
    return BlockLanes.WIDTH < MOST_LANES
        ? Optional.of(Text.of("this processor's vectors have %d bits", 64 * BlockLanes.WIDTH))
        : Optional.empty();
  }

  @Override
  public void blocks(
      Philox random,
      long[] counter0,
      long counter1,
      long[] counter2,
      long counter3,
      int count,
      long[] evenWords,
      long[] oddWords,
      int half) {
    BlockLanes.blocks(
        random, counter0, counter1, counter2, counter3, count, evenWords, oddWords, half);
  }

  @Override
  public void logarithms(long[] words, int from, int count, double[] scales, double[] results) {
    BlockLanes.logarithms(words, from, count, scales, results);
  }
}
