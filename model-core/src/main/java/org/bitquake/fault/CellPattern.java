package org.bitquake.fault;

import org.bitquake.memory.MemoryLayout;

/** Every cell fails independently: {@link FaultSampler}. */
public final class CellPattern implements FaultPattern {
  public static final CellPattern INSTANCE = new CellPattern();

  private CellPattern() {}

  @Override
  public String label() {
    return "cell";
  }

  @Override
  public double mark(double rate) {
    return rate;
  }

  @Override
  public double rate(double mark) {
    return mark;
  }

  @Override
  public FaultSource source(long seed, MemoryLayout memory, FaultScope scope) {
    return new FaultSampler(seed, memory, scope);
  }

  @Override
  public void draw(EventStream events, MemoryLayout memory, double mark, Addresses out) {
    throw new UnsupportedOperationException("cells have a sampler of their own");
  }
}
