package org.bitquake.fault.effect;

import org.bitquake.Text;
import org.bitquake.fault.CellEffect;
import org.bitquake.fault.FaultyMemory;

/**
 * The level of a multi-level cell moves by one, and saturates. A code is split into cells from its
 * top bit; the lowest cell may hold fewer bits.
 *
 * @param bitsPerCell 1, 2 or 4: a cell has 2^bits levels
 * @param gray whether levels are numbered by the reflected Gray code; otherwise in straight binary
 */
public record Drift(int bitsPerCell, boolean gray, Direction direction) implements CellEffect {
  /** Where levels move. */
  public enum Direction {
    UP("up"),
    DOWN("down"),
    EITHER("either");

    private final String label;

    Direction(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  public Drift {
    if (bitsPerCell != 1 && bitsPerCell != 2 && bitsPerCell != 4) {
      throw new IllegalArgumentException(
          Text.of("a cell of drift holds 1, 2 or 4 bits, not %d", bitsPerCell));
    }
  }

  @Override
  public String label() {
    return Text.of(
        "drift: {levels: %d, gray: %s, direction: %s}", bitsPerCell, gray, direction.label());
  }

  @Override
  public boolean isUniform() {
    return direction != Direction.EITHER;
  }

  @Override
  public Variants variants(FaultyMemory memory) {
    return (layer, weight, cell) -> memory.choice(layer, weight, cell) < 0.5 ? 0 : 1;
  }

  @Override
  public int apply(int stored, int bits, int first, int second, int none) {
    int cells = (bits + bitsPerCell - 1) / bitsPerCell;
    int read = stored;
    for (int cell = 0; cell < cells; cell++) {
      int high = bits - (cells - 1 - cell) * bitsPerCell;
      int low = Math.max(0, high - bitsPerCell);
      int step = ((first >> cell) & 1) * (direction == Direction.DOWN ? -1 : 1);
      step -= (second >> cell) & 1;
      if (step != 0) {
        int mask = (1 << (high - low)) - 1;
        int level = moved((stored >> low) & mask, step, mask);
        read = (read & ~(mask << low)) | (level << low);
      }
    }
    return read;
  }

  private int moved(int held, int step, int most) {
    int level = gray ? level(held) : held;
    level = Math.max(0, Math.min(most, level + step));
    return gray ? level ^ (level >> 1) : level;
  }

  private static int level(int gray) {
    int level = gray;
    for (int shift = 1; shift < Byte.SIZE; shift *= 2) {
      level ^= level >> shift;
    }
    return level;
  }
}
