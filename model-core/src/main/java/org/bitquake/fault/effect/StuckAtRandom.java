package org.bitquake.fault.effect;

import org.bitquake.fault.CellEffect;
import org.bitquake.fault.FaultyMemory;

/** Each faulty cell reads 0 or 1, either as likely, fixed for a trial. */
public record StuckAtRandom() implements CellEffect {
  @Override
  public String label() {
    return "stuck-at-random";
  }

  @Override
  public boolean isStuck() {
    return true;
  }

  @Override
  public boolean isUniform() {
    return false;
  }

  @Override
  public Variants variants(FaultyMemory memory) {
    return (layer, weight, cell) -> memory.choice(layer, weight, cell) < 0.5 ? 0 : 1;
  }

  @Override
  public int apply(int stored, int bits, int zeros, int ones, int none) {
    return (stored & ~zeros) | ones;
  }
}
