package org.bitquake.fault;

import java.util.Arrays;
import java.util.List;
import org.bitquake.memory.ActivationFaults;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.StoredCodes;

/**
 * Faults of trials in a buffer that the tensors between a network's layers lie in, or what is
 * stored with them: draws them, and counts what they did. Not thread-safe: one per task thread.
 */
public abstract class BufferSampler {
  private final BufferFaults cells;

  /** Words of each tensor, by position + 1; 0 where it does not fail. */
  private final int[] words;

  private long faultyCells;
  private long changed;

  /**
   * What faults did since {@link #faults}.
   *
   * @param faultyCells that were read, of all tensors of all images
   * @param changed codes, or offsets, that were read as others; no more than faulty cells
   */
  public record Tally(long faultyCells, long changed) {}

  /**
   * A sampler of a buffer.
   *
   * @param words of each tensor, by position + 1; 0 where it does not fail
   */
  protected BufferSampler(BufferFaults cells, int[] words) {
    this.cells = cells;
    this.words = words.clone();
  }

  /** Cells of the buffer. */
  public final long cells() {
    return cells.cells();
  }

  /** Where cells of the buffer lie: its words are the codes of layer 0. */
  public final MemoryLayout layout() {
    return cells.layout();
  }

  /** Whether no tensor of the network lies there. */
  public final boolean isIdle() {
    return Arrays.stream(words).allMatch(its -> its == 0);
  }

  /**
   * Begins a trial.
   *
   * @param maxRate 0 to 1, the highest rate that {@link #faults} is asked for
   */
  public final void draw(long trial, double maxRate) {
    cells.draw(trial, maxRate);
  }

  /**
   * The trial's faults at a rate, for {@code Engine.activations}; valid until the next call here.
   *
   * @param images numbers of the images of the batches that engines will be handed, such as their
   *     positions in the data set
   * @throws org.bitquake.InputException if cells of such a buffer cannot have this effect
   */
  public final ActivationFaults faults(CellEffect effect, double rate, int[] images) {
    cells.use(effect, rate, images);
    faultyCells = 0;
    changed = 0;
    return (layer, first, its, codes) -> {
      if (words[layer + 1] > 0) {
        corrupt(layer, first, its, codes);
      }
    };
  }

  /** What the faults did so far. */
  public final Tally tally() {
    return new Tally(faultyCells, changed);
  }

  /** The faulty cells at the rate of {@link #faults}: layer 0, words, bits; none if transient. */
  public final List<FaultSite> sites() {
    return cells.sites();
  }

  /** Corrupts a tensor that fails. */
  protected abstract void corrupt(int layer, int first, int images, StoredCodes codes);

  /**
   * Names the words of a tensor with faulty cells.
   *
   * @param width cells of each word that it uses
   */
  protected final void forEach(
      int layer, int width, int first, int images, BufferFaults.Words taker) {
    cells.forEach(layer, words[layer + 1], width, first, images, taker);
  }

  /** What is read of a word: {@link BufferFaults#read}. */
  protected final int read(int stored, int width, int image, int layer, int word, int mask) {
    return cells.read(stored, width, image, layer, word, mask);
  }

  /** Counts the faulty cells of a word. */
  protected final void hit(int mask) {
    faultyCells += Integer.bitCount(mask);
  }

  /** Counts a word that was read as another. */
  protected final void change() {
    changed++;
  }
}
