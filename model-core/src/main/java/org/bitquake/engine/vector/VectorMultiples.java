package org.bitquake.engine.vector;

import org.bitquake.VectorModule;
import org.bitquake.engine.incremental.Multiples;

/**
 * In vectors, where the module {@code jdk.incubator.vector} is there. Names no class of that module
 * itself, so that it loads without it.
 */
public final class VectorMultiples implements Multiples {
  private static final int SMALLEST_WIDTH = 8;

  @Override
  public boolean usable() {
    return VectorModule.missing().isEmpty() && Lanes.STEP >= SMALLEST_WIDTH;
  }

  @Override
  public void add(int[] weights, int from, int factor, int[] to, int first, int length) {
    Lanes.addMultiple(weights, from, factor, to, first, length);
  }
}
