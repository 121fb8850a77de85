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

  /** Codes of one width to cells and back, by table. */
  private record Coder(short[] cells, byte[] codes) {
    private static final short NONE = -1;

    static Coder of(Encoding encoding, int bits) {
      short[] cells = new short[1 << bits];
      byte[] codes = new byte[1 << bits];
      int half = 1 << (bits - 1);
      for (int i = 0; i < 1 << bits; i++) {
        boolean isCode = encoding.represents(i - half, bits);
        cells[i] = isCode ? (short) encoding.encode(i - half, bits) : NONE;
        codes[i] = (byte) encoding.decode(i, bits);
      }
      return new Coder(cells, codes);
    }

    int cells(byte code) {
      return cells[code + cells.length / 2];
    }
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
   * @param masks the faulty cells of the block's weights, cleared here
   * @return how many weights changed
   */
  int corrupt(int layer, int from, int to, byte[] masks, byte[] codes) {
    int changed = 0;
    var coder = coder(bits[layer]);
    for (int site = from; site < to; site++) {
      int weight = map.cell(site) >> 3;
      int faulty = masks[weight & (masks.length - 1)] & 0xFF;
      if (faulty != 0) {
        masks[weight & (masks.length - 1)] = 0;
        byte before = codes[weight];
        codes[weight] = coder.codes()[read(layer, weight, faulty, stored(coder, layer, before))];
        changed += before == codes[weight] ? 0 : 1;
      }
    }
    return changed;
  }

  /** Names each weight with faulty cells once, and clears its mask. */
  void read(int layer, int from, int to, byte[] masks, FaultMap.WrongBits out) {
    var coder = coder(bits[layer]);
    for (int site = from; site < to; site++) {
      int weight = map.cell(site) >> 3;
      int faulty = masks[weight & (masks.length - 1)] & 0xFF;
      if (faulty != 0) {
        masks[weight & (masks.length - 1)] = 0;
        int stored = stored(coder, layer, written[layer][weight]);
        out.wrong(layer, weight, faulty, stored ^ read(layer, weight, faulty, stored));
      }
    }
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
      coders[width] = Coder.of(encoding, width);
    }
    return coders[width];
  }

  private int stored(Coder coder, int layer, byte code) {
    int cells = coder.cells(code);
    return cells == Coder.NONE ? encoding.encode(code, bits[layer]) : cells; // which says why not
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
    return stored(coder(bits[layer]), layer, written[layer][weight]);
  }

  @Override
  public void forEachFaulty(Cells cells) {
    map.forEach(mark, cells);
  }
}
