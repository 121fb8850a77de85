package org.bitquake.fault;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.Storage;

/**
 * The faulty cells of a buffer that one tensor after another lies in, a code in each word from word
 * 0 on. Not thread-safe: one per task thread.
 *
 * <p>Either a cell is faulty for a whole trial, whichever tensor of whichever image lies there, by
 * any pattern; or it fails anew for each tensor of each image, independently: {@link CellClocks}.
 */
public final class BufferFaults {
  private final FaultTarget target;
  private final boolean isTransient;
  private final long seed;
  private final int bits;
  private final FaultPattern pattern;
  private final MemoryLayout layout;
  private final FaultSource source;
  private final CellClocks clocks = new CellClocks();
  private final int[] taken = new int[CellEffect.VARIANTS];
  private final byte[] masks;

  /** What is read, by {@code stored << width | mask}, of each width: of uniform effects. */
  private final Map<CellEffect, short[][]> tables = new HashMap<>();

  private Philox random = new Philox(0, 0);
  private FaultMap map;
  private double maxRate;
  private int[] words = {};
  private double rate;

  /** The image that a faulty cell belongs to. */
  private long imageOfChoice;

  private int[] images = {};
  private CellEffect effect = FaultKind.BIT_FLIP;
  private boolean isUniform;
  private short[][] reads = {};
  private CellEffect.Variants variants = (layer, weight, cell) -> 0;

  /** Takes faulty words. */
  @FunctionalInterface
  public interface Words {
    /**
     * A word with faulty cells.
     *
     * @param image position in the batch
     * @param mask its faulty cells, cell 0 the least significant; not 0
     */
    void faulty(int image, int word, int mask);
  }

  /**
   * A buffer.
   *
   * @param seed the campaign's
   * @param isTransient whether cells fail anew for each image
   * @param words of the buffer
   * @param bits of a word, 1 to 8
   * @throws InputException if such cells do not fail in this pattern
   */
  public BufferFaults(
      long seed,
      FaultTarget target,
      FaultPattern pattern,
      Storage storage,
      boolean isTransient,
      int words,
      int bits) {
    if (isTransient && !(pattern instanceof CellPattern)) {
      throw new InputException(
          Text.of(
              "transient faults of %s fall on single cells, not in the pattern %s: use pattern"
                  + " cell, or permanent faults",
              target.label(), pattern.label()));
    }
    this.seed = target.seed(seed);
    this.target = target;
    this.pattern = pattern;
    this.isTransient = isTransient;
    this.bits = bits;
    masks = new byte[isTransient ? 0 : words];
    layout = new MemoryLayout(storage, new int[] {words}, new int[] {bits}, 1);
    source = pattern.source(this.seed, layout, FaultScope.ALL);
    map = source.draw(0, 0);
  }

  /** Cells of the buffer. */
  public long cells() {
    return source.cells();
  }

  /** Where they lie: the words are the codes of layer 0. */
  MemoryLayout layout() {
    return layout;
  }

  /** The faulty cells of the rate that is used, in layer 0; none if they are transient. */
  List<FaultSite> sites() {
    return isTransient ? List.of() : map.sites(rate);
  }

  /**
   * Begins a trial.
   *
   * @param rate 0 to 1, the highest that {@link #use} is asked for
   */
  public void draw(long trial, double rate) {
    if (!(rate >= 0 && rate <= 1)) {
      throw new IllegalArgumentException("a fault rate is 0 to 1, not " + rate);
    }
    random = new Philox(seed, trial);
    maxRate = rate;
    if (!isTransient) {
      map = source.draw(trial, rate);
    }
  }

  /**
   * Takes the trial's faults at a rate from now on.
   *
   * @param images numbers of the images of the batch, such as their positions in the data set: what
   *     transient faults belong to
   * @throws InputException if cells of such a buffer cannot have this effect
   */
  public void use(CellEffect effect, double rate, int[] images) {
    if (!(rate >= 0 && rate <= maxRate)) {
      throw new IllegalArgumentException(
          Text.of("faults were drawn for rates 0 to %s, not %s", maxRate, rate));
    }
    if (effect.bitsPerCell() != 1) {
      throw new InputException(
          Text.of(
              "%s is of cells of %d bits; those of %s hold one",
              effect.label(), effect.bitsPerCell(), target.label()));
    }
    this.effect = effect;
    this.rate = rate;
    this.images = images.clone();
    isUniform = effect.isUniform();
    reads = tables.computeIfAbsent(effect, its -> new short[Byte.SIZE + 1][]);
    variants = effect.variants(new Memory());
    if (!isTransient) {
      gather();
    }
  }

  /** The permanent faults at this rate, by word. */
  private void gather() {
    for (int word : words) {
      masks[word] = 0;
    }
    var found = new int[map.size()];
    int[] count = {0};
    map.forEach(
        rate == maxRate ? Double.POSITIVE_INFINITY : pattern.mark(rate),
        (layer, word, cell) -> {
          if (masks[word] == 0) {
            found[count[0]++] = word;
          }
          masks[word] |= (byte) (1 << cell);
        });
    words = Arrays.copyOf(found, count[0]);
    Arrays.sort(words);
  }

  /**
   * Names the words with faulty cells of one tensor, each once for each image.
   *
   * @param tensor −1 or more, what transient faults belong to
   * @param size words of the tensor
   * @param width cells of each word that it uses
   * @param first position in the batch of the first image
   * @param count of images
   */
  public void forEach(int tensor, int size, int width, int first, int count, Words taker) {
    if (first + count > images.length) {
      throw new IllegalArgumentException(
          Text.of("faults of %d images, not of image %d", images.length, first + count - 1));
    }
    if (isTransient) {
      transientFaults(tensor, size, width, first, count, taker);
      return;
    }
    int all = (1 << Math.min(width, bits)) - 1;
    for (int i = 0; i < words.length && words[i] < size; i++) {
      int mask = masks[words[i]] & all;
      for (int image = first; mask != 0 && image < first + count; image++) {
        taker.faulty(image, words[i], mask);
      }
    }
  }

  private void transientFaults(int tensor, int size, int width, int first, int count, Words taker) {
    double until = CellClocks.spans(rate);
    for (int from = 0; from < size; from += CellClocks.BLOCK) {
      int block = from / CellClocks.BLOCK;
      int inBlock = Math.min(CellClocks.BLOCK, size - from);
      for (int image = first; image < first + count; image++) {
        int hit = clocks.draw(random, images[image], tensor, block, inBlock, width, until);
        for (int i = 0; i < hit; i++) {
          int word = clocks.touched[i];
          int mask = clocks.masks[word] & 0xff;
          clocks.masks[word] = 0;
          taker.faulty(image, from + word, mask);
        }
      }
    }
  }

  /**
   * What is read.
   *
   * @param stored as it was written
   * @param width cells of it
   * @param image position in the batch
   * @param mask its faulty cells
   */
  public int read(int stored, int width, int image, int tensor, int word, int mask) {
    if (isUniform) {
      short[] table = reads[width] == null ? table(width) : reads[width];
      return table[(stored << width) | mask];
    }
    Arrays.fill(taken, 0);
    int owner = isTransient ? ((tensor + 1) << 1) + 1 : 0;
    imageOfChoice = isTransient ? images[image] : 0;
    for (int rest = mask; rest != 0; rest &= rest - 1) {
      int cell = Integer.numberOfTrailingZeros(rest);
      taken[variants.of(owner, word, cell)] |= 1 << cell;
    }
    return effect.apply(stored, width, taken[0], taken[1], taken[2]);
  }

  private short[] table(int width) {
    short[] table = new short[1 << (2 * width)];
    for (int i = 0; i < table.length; i++) {
      table[i] = (short) effect.apply(i >> width, width, i & ((1 << width) - 1), 0, 0);
    }
    reads[width] = table;
    return table;
  }

  /** The buffer, as far as effects can look at it. */
  private final class Memory implements FaultyMemory {
    @Override
    public double choice(int layer, int weight, int cell) {
      random.block(weight, imageOfChoice, ((long) layer << 3) | cell, Philox.CHOICES);
      return Philox.unitClosedOpen(random.word0);
    }

    @Override
    public MemoryLayout layout() {
      throw refusal();
    }

    @Override
    public int stored(int layer, int weight) {
      throw refusal();
    }

    @Override
    public void forEachFaulty(Cells taker) {
      throw refusal();
    }

    private InputException refusal() {
      return new InputException(
          Text.of(
              "%s reads other cells of a memory of weights; %s cannot have it",
              effect.label(), target.label()));
    }
  }
}
