package org.bitquake.protect;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bitquake.fault.CellEffect;
import org.bitquake.fault.Coder;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultMap;
import org.bitquake.fault.WrongBits;

/**
 * Reads codes from a memory with faults through the decoders of its check bits. Only words that
 * were hit are decoded, each by the sum of the columns of its wrong bits. Data and check bits are
 * read side by side, and their words decoded and stored as soon as all their bits are known. Not
 * thread-safe.
 */
public final class ProtectedMemory {
  /** Weights whose words are decoded at once, about. */
  private static final int SEGMENT = WrongBits.BLOCK / 2;

  private final ProtectedLayout layout;
  private final int[] weights;
  private final int[] bits;

  /** Check columns of each word of the memory; 0 for none. */
  private final int columns;

  private final CheckBits written;
  private final WordWindow window;

  /** Of each layer. */
  private final List<Optional<Remapping>> remappings;

  private final WrongBits data = new WrongBits();
  private final WrongBits checks = new WrongBits();

  /** Of the encoding at hand, by bits of a code. */
  private final Coder[] coders = new Coder[Encoding.MAX_BITS + 1];

  private Encoding encoding = Encoding.TWOS_COMPLEMENT;

  public ProtectedMemory(ProtectedLayout layout) {
    this.layout = layout;
    weights = layout.data().weights();
    bits = layout.data().bits();
    columns = layout.checkColumns().map(its -> its.codesPerWord(0)).orElse(0);
    written = new CheckBits(layout, columns);
    window = new WordWindow(layout, mostWeights(), mostWords());
    remappings = IntStream.range(0, weights.length).mapToObj(layout::remapping).toList();
  }

  private int mostWeights() {
    return IntStream.range(0, weights.length)
        .map(layer -> segment(layer) * layout.words(layer).codesPerWord + WrongBits.BLOCK)
        .max()
        .orElseThrow();
  }

  /** Those of a segment, and of a block of data or check bits of which only its begin was due. */
  private int mostWords() {
    int most = 0;
    for (int layer = 0; layer < weights.length; layer++) {
      int ofData = layout.words(layer).codesPerWord;
      int narrowest = columns == 0 ? ofData : Math.min(columns, ofData);
      most = Math.max(most, segment(layer) + WrongBits.BLOCK / narrowest + 2);
    }
    return most;
  }

  /** Words of the memory that are decoded at once. */
  private int segment(int layer) {
    return Math.max(1, SEGMENT / layout.words(layer).codesPerWord);
  }

  /**
   * Makes a copy of weight codes as they are read.
   *
   * @param data the faulty data cells, drawn without those that are {@linkplain
   *     ProtectedLayout#hardened hardened} or {@linkplain ProtectedLayout#held held}
   * @param checks the faulty cells of the check columns, where there are any
   * @param effect one of stuck cells where weights are remapped
   * @param rate at most the rate that they were drawn with
   * @param pristine {@code [weight layer][code]}; the same array must always hold the same codes
   * @param codes another one of the same shape, overwritten
   * @return the faulty cells, those of check bits too, and how many weights changed
   */
  public FaultMap.Tally read(
      FaultMap data,
      Optional<FaultMap> checks,
      CellEffect effect,
      double rate,
      Encoding encoding,
      byte[][] pristine,
      byte[][] codes) {
    begin(encoding);
    this.data.begin(data, effect, rate, encoding, pristine);
    if (checks.isPresent()) {
      byte[][] its = written.of(pristine, encoding);
      this.checks.begin(checks.get(), effect, rate, Encoding.TWOS_COMPLEMENT, its);
    }
    long faulty = 0;
    long changed = 0;
    for (int layer = 0; layer < weights.length; layer++) {
      var its = layout.words(layer);
      window.beginLayer(layer, its);
      begin(layer, pristine);
      if (checks.isPresent()) {
        this.checks.beginLayer(layer);
      }
      int words = Math.toIntExact(layout.data().words(layer));
      for (int first = 0; first < words; first += segment(layer)) {
        int end = Math.min(first + segment(layer), words);
        int endWeight = Math.min(end * its.codesPerWord, weights[layer]);
        faulty += readData(layer, endWeight, pristine[layer]);
        faulty += checks.isPresent() ? readChecks(its.checks(), end * columns) : 0;
        window.decode(first, end);
        int firstWeight = first * its.codesPerWord;
        System.arraycopy(
            pristine[layer], firstWeight, codes[layer], firstWeight, endWeight - firstWeight);
        changed +=
            window.store(firstWeight, endWeight, coder(layer), pristine[layer], codes[layer]);
      }
    }
    return new FaultMap.Tally(faulty, changed);
  }

  private void begin(Encoding encoding) {
    if (this.encoding != encoding) {
      this.encoding = encoding;
      Arrays.fill(coders, null);
    }
  }

  private void begin(int layer, byte[][] pristine) {
    remappings.get(layer).ifPresent(its -> its.begin(data, coder(layer), pristine));
    data.beginLayer(layer);
  }

  private Coder coder(int layer) {
    int width = bits[layer];
    if (coders[width] == null) {
      coders[width] = new Coder(encoding, width);
    }
    return coders[width];
  }

  /** Reads weights up to one, and what is left of the block. */
  private long readData(int layer, int end, byte[] pristine) {
    var remapping = remappings.get(layer);
    var coder = coder(layer);
    long faulty = 0;
    while (data.end() < end) {
      data.next();
      for (int i = 0; i < data.size(); i++) {
        faulty += Integer.bitCount(data.faulty(i));
        int weight = data.weight(i);
        int wrong = data.wrong(i);
        if (remapping.isPresent()) {
          wrong = remapping.get().wrong(coder, weight, pristine[weight], data.faulty(i), wrong);
        }
        if (wrong != 0) {
          window.data(weight, wrong);
        }
      }
      remapping.ifPresent(its -> its.addLowest(coder, data.end(), window));
    }
    return faulty;
  }

  /** Reads check bits up to one, and what is left of the block. */
  private long readChecks(int ofWord, int end) {
    double perColumn = 1.0 / columns;
    long faulty = 0;
    while (checks.end() < end) {
      checks.next();
      for (int i = 0; i < checks.size(); i++) {
        int word = (int) ((checks.weight(i) + 0.5) * perColumn);
        int check = checks.weight(i) - word * columns;
        if (check < ofWord) {
          faulty++;
          if (checks.wrong(i) != 0) {
            window.check(word, check);
          }
        }
      }
    }
    return faulty;
  }
}
