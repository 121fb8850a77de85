package org.bitquake.fault;

import java.util.Arrays;
import org.bitquake.memory.MemoryLayout;

/** What weights read whose faulty cells may take variants of an effect. */
final class VariedCorruption implements FaultyMemory {
  private final CellEffect effect;
  private final FaultMap map;
  private final Coder[] coders = new Coder[Encoding.MAX_BITS + 1];
  private final int[] bits;
  private final int[] taken = new int[CellEffect.VARIANTS];
  private Encoding encoding = Encoding.TWOS_COMPLEMENT;
  private double mark;
  private byte[][] written = {};
  private CellEffect.Variants variants = (layer, weight, cell) -> 0;

  VariedCorruption(CellEffect effect, FaultMap map) {
    this.effect = effect;
    this.map = map;
    bits = map.memory().bits();
  }

  /**
   * Begins with the map's trial at one rate.
   *
   * @param mark of the rate
   * @param written codes without faults, not changed meanwhile
   */
  void begin(Encoding encoding, double mark, byte[][] written) {
    if (this.encoding != encoding) {
      this.encoding = encoding;
      Arrays.fill(coders, null);
    }
    this.mark = mark;
    this.written = written;
    variants = effect.variants(this);
  }

  /**
   * Corrupts each weight with faulty cells once.
   *
   * @param near the faulty cells of the block's weights, taken here
   * @return how many weights changed
   */
  int corrupt(int layer, int from, int to, NearCells near, byte[] codes) {
    int changed = 0;
    var coder = coder(bits[layer]);
    for (int site = from; site < to; site++) {
      int weight = map.cell(site) >> 3;
      int faulty = near.take(weight);
      if (faulty != 0) {
        byte before = codes[weight];
        codes[weight] = coder.code(read(layer, weight, faulty, coder.cells(before)));
        changed += before == codes[weight] ? 0 : 1;
      }
    }
    return changed;
  }

  /** Those of a weight's stored bits that are read as the other value. */
  int wrong(int layer, int weight, int faulty) {
    int stored = stored(layer, weight);
    return stored ^ read(layer, weight, faulty, stored);
  }

  private int read(int layer, int weight, int faulty, int stored) {
    Arrays.fill(taken, 0);
    for (int rest = faulty; rest != 0; rest &= rest - 1) {
      int cell = Integer.numberOfTrailingZeros(rest);
      taken[variants.of(layer, weight, cell)] |= 1 << cell;
    }
    return effect.apply(stored, bits[layer], taken[0], taken[1], taken[2]);
  }

  private Coder coder(int width) {
    if (coders[width] == null) {
      coders[width] = new Coder(encoding, width);
    }
    return coders[width];
  }

  @Override
  public MemoryLayout layout() {
    return map.memory();
  }

  /** A block of random words has 32 bits for each cell of a weight. */
  @Override
  public double choice(int layer, int weight, int cell) {
    var random = map.random();
    random.block(weight, layer, 0, Philox.CHOICES);
    long word = random.word(cell >> 1);
    return ((cell & 1) == 0 ? word >>> Integer.SIZE : word & 0xFFFFFFFFL) * 0x1p-32;
  }

  @Override
  public long eventWord(long block, long stream, int word) {
    var random = map.random();
    random.block(block, stream, 0, Philox.EVENT_WORDS);
    return random.word(word);
  }

  @Override
  public int stored(int layer, int weight) {
    return coder(bits[layer]).cells(written[layer][weight]);
  }

  @Override
  public void forEachFaulty(Cells cells) {
    map.forEach(mark, cells);
  }
}
