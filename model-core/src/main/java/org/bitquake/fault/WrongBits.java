package org.bitquake.fault;

/**
 * The weights of one trial that have faulty cells, and what of them reads wrong: layer by layer, in
 * blocks of neighbours. Not thread-safe.
 */
public final class WrongBits {
  /** Weights of a block. */
  public static final int BLOCK = NearBlocks.WEIGHTS;

  private final int[] weights = new int[BLOCK];
  private final byte[] faulty = new byte[BLOCK];
  private final byte[] wrong = new byte[BLOCK];

  private FaultMap map;
  private CellEffect effect;
  private double mark;
  private Encoding encoding;
  private byte[][] written;
  private int layer;
  private int size;

  /** One past the last weight of the block. */
  private int end;

  /** The next site, and one past the last of the layer. */
  private int site;

  private int lastSite;

  /**
   * Begins with a trial.
   *
   * @param map of the trial, not drawn anew meanwhile
   * @param rate at most the rate the map was drawn with
   * @param written codes of the shape the sampler was made for, not changed meanwhile
   */
  public void begin(
      FaultMap map, CellEffect effect, double rate, Encoding encoding, byte[][] written) {
    map.requireShape(written);
    this.map = map;
    this.effect = effect;
    mark = map.mark(rate);
    this.encoding = encoding;
    this.written = written;
    if (!effect.isUniform()) {
      map.varied(effect).begin(encoding, mark, written);
    }
  }

  /** Goes to the begin of a layer, before its first block. */
  public void beginLayer(int layer) {
    this.layer = layer;
    size = 0;
    end = 0;
    site = map.firstSite(layer);
    lastSite = map.firstSite(layer + 1);
  }

  /** One past the last weight of the block; 0 before the first one. */
  public int end() {
    return end;
  }

  /** Goes to the next block, which may lie past the end of the layer. */
  public void next() {
    size = 0;
    end += BLOCK;
    if (site < lastSite && map.cell(site) >> 3 < end) {
      int first = site;
      site = map.collectBlock(first, lastSite, mark);
      if (effect.isUniform()) {
        read(first, map.corruption(effect, encoding, layer));
      } else {
        read(first, map.varied(effect));
      }
    }
  }

  private void read(int first, Corruption corruption) {
    byte[] codes = written[layer];
    boolean flips = corruption.flips();
    for (int i = first; i < site; i++) {
      int weight = map.cell(i) >> 3;
      int its = map.take(weight);
      if (its != 0) {
        add(weight, its, flips ? its : corruption.wrong(codes[weight], its));
      }
    }
  }

  private void read(int first, VariedCorruption corruption) {
    for (int i = first; i < site; i++) {
      int weight = map.cell(i) >> 3;
      int its = map.take(weight);
      if (its != 0) {
        add(weight, its, corruption.wrong(layer, weight, its));
      }
    }
  }

  private void add(int weight, int faulty, int wrong) {
    weights[size] = weight;
    this.faulty[size] = (byte) faulty;
    this.wrong[size++] = (byte) wrong;
  }

  /** Weights of the block that have faulty cells, each once. */
  public int size() {
    return size;
  }

  /** Where in its layer the i-th of them is. */
  public int weight(int i) {
    return weights[i];
  }

  /** Its faulty cells, of one bit each. */
  public int faulty(int i) {
    return faulty[i] & 0xFF;
  }

  /** Those of its stored bits that are read as the other value, which may be none. */
  public int wrong(int i) {
    return wrong[i] & 0xFF;
  }
}
