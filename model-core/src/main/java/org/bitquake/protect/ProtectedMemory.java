package org.bitquake.protect;

import java.util.Arrays;
import java.util.Optional;
import org.bitquake.fault.CellEffect;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultMap;

/**
 * Reads codes from a memory with faults through the decoders of its check bits. Only words that
 * were hit are decoded, each by the sum of the columns of its wrong bits. Not thread-safe.
 */
public final class ProtectedMemory {
  private static final int TOUCHED = 1 << 16;
  private static final int ZERO = 1 << 17;

  private final ProtectedLayout layout;

  /** The bits of each weight that are wrong after decoding, with flags; all 0 between calls. */
  private final int[][] wrong;

  /** The syndrome of each word of a code, with a flag; all 0 between calls. */
  private final int[][] syndromes;

  private final PlaceList weights = new PlaceList();
  private final PlaceList words = new PlaceList();

  /** The check bits of these codes, so encoded, a byte each. */
  private byte[][] written = {};

  private Encoding encoding = Encoding.TWOS_COMPLEMENT;
  private byte[][] checkBits = {};

  /** Of the call under way. */
  private byte[][] stored = {};

  private Encoding storedAs = Encoding.TWOS_COMPLEMENT;
  private long faulty;

  public ProtectedMemory(ProtectedLayout layout) {
    this.layout = layout;
    var data = layout.data();
    int layers = data.layers();
    wrong = new int[layers][];
    syndromes = new int[layers][];
    for (int layer = 0; layer < layers; layer++) {
      wrong[layer] = new int[data.weights()[layer]];
      syndromes[layer] =
          new int[Math.toIntExact(data.words(layer) * layout.words(layer).words.size())];
    }
  }

  /** Positions of layers, a growing list. */
  private static final class PlaceList {
    private long[] places = new long[256];
    private int size;

    void add(int layer, int position) {
      if (size == places.length) {
        places = Arrays.copyOf(places, 2 * size);
      }
      places[size++] = ((long) layer << Integer.SIZE) | position;
    }

    int layer(int i) {
      return (int) (places[i] >> Integer.SIZE);
    }

    int position(int i) {
      return (int) places[i];
    }
  }

  /**
   * Makes a copy of weight codes as they are read.
   *
   * @param data the faulty data cells, drawn without those that are {@linkplain
   *     ProtectedLayout#hardened hardened}
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
    faulty = 0;
    stored = pristine;
    storedAs = encoding;
    data.read(effect, rate, encoding, pristine, this::dataBits);
    if (checks.isPresent()) {
      write(pristine, encoding);
      checks.get().read(effect, rate, Encoding.TWOS_COMPLEMENT, checkBits, this::checkBit);
    }
    decode();
    return new FaultMap.Tally(faulty, store(encoding, pristine, codes));
  }

  private void dataBits(int layer, int weight, int faultyBits, int wrongBits) {
    faulty += Integer.bitCount(faultyBits);
    if (layout.isRemapped(layer)) {
      touch(layer, weight, closest(layer, weight, faultyBits, wrongBits));
      return;
    }
    if (wrongBits == 0) {
      return;
    }
    touch(layer, weight, wrongBits);
    var its = layout.words(layer);
    int word = weight / its.codesPerWord;
    int first = (weight - word * its.codesPerWord) * its.bits;
    for (int rest = wrongBits; rest != 0; rest &= rest - 1) {
      int position = first + Integer.numberOfTrailingZeros(rest);
      if (its.wordOfBit[position] != WordChecks.NONE) {
        add(layer, word * its.words.size() + its.wordOfBit[position], its.columnOfBit[position]);
      }
    }
  }

  /**
   * The wrong bits of what can be read with some bits stuck and lies closest to a code; the least
   * such number of two as close.
   */
  private int closest(int layer, int weight, int stuck, int wrongBits) {
    int bits = layout.words(layer).bits;
    int code = stored[layer][weight];
    int written = storedAs.encode(code, bits);
    int fixed = (written ^ wrongBits) & stuck;
    int best = written ^ wrongBits;
    for (int cells = 0; cells < 1 << bits; cells++) {
      if ((cells & stuck) == fixed
          && Math.abs(storedAs.decode(cells, bits) - code)
              < Math.abs(storedAs.decode(best, bits) - code)) {
        best = cells;
      }
    }
    return best ^ written;
  }

  private void checkBit(int layer, int position, int faultyBit, int wrongBit) {
    var its = layout.words(layer);
    int columns = layout.checkColumns().orElseThrow().codesPerWord(layer);
    int word = position / columns;
    int check = position - word * columns;
    if (check < its.checks()) {
      faulty++;
      if (wrongBit != 0) {
        add(layer, word * its.words.size() + its.wordOfCheck[check], its.columnOfCheck[check]);
      }
    }
  }

  private void touch(int layer, int weight, int wrongBits) {
    if (wrong[layer][weight] == 0) {
      weights.add(layer, weight);
    }
    wrong[layer][weight] = (wrong[layer][weight] ^ wrongBits) | TOUCHED;
  }

  private void add(int layer, int word, int column) {
    if (syndromes[layer][word] == 0) {
      words.add(layer, word);
    }
    syndromes[layer][word] = (syndromes[layer][word] ^ column) | TOUCHED;
  }

  private void decode() {
    for (int i = 0; i < words.size; i++) {
      int layer = words.layer(i);
      int position = words.position(i);
      int syndrome = syndromes[layer][position] & (TOUCHED - 1);
      syndromes[layer][position] = 0;
      if (syndrome != 0) {
        var its = layout.words(layer);
        int word = position / its.words.size();
        decode(layer, word, its, its.words.get(position - word * its.words.size()), syndrome);
      }
    }
    words.size = 0;
  }

  private void decode(
      int layer, int word, WordChecks its, WordChecks.CodeWord codeWord, int syndrome) {
    int first = word * its.codesPerWord;
    for (long rest = codeWord.code().flips(syndrome); rest != 0; rest &= rest - 1) {
      int position = codeWord.positions()[Long.numberOfTrailingZeros(rest)];
      int weight = first + position / its.bits;
      if (weight < wrong[layer].length) { // a decoder may see wrong bits where no code is
        touch(layer, weight, 1 << (position % its.bits));
      }
    }
    if (codeWord.zeroOnError() && codeWord.code().isDetected(syndrome)) {
      for (int position : codeWord.positions()) {
        int weight = first + position / its.bits;
        if (weight < wrong[layer].length) {
          touch(layer, weight, 0);
          wrong[layer][weight] |= ZERO;
        }
      }
    }
  }

  private long store(Encoding encoding, byte[][] pristine, byte[][] codes) {
    for (int layer = 0; layer < pristine.length; layer++) {
      System.arraycopy(pristine[layer], 0, codes[layer], 0, pristine[layer].length);
    }
    long changed = 0;
    for (int i = 0; i < weights.size; i++) {
      int layer = weights.layer(i);
      int weight = weights.position(i);
      int flags = wrong[layer][weight];
      wrong[layer][weight] = 0;
      int bits = layout.words(layer).bits;
      byte before = pristine[layer][weight];
      int wrongBits = flags & ((1 << bits) - 1);
      byte after =
          (flags & ZERO) != 0
              ? 0
              : (byte) encoding.decode(encoding.encode(before, bits) ^ wrongBits, bits);
      codes[layer][weight] = after;
      changed += before == after ? 0 : 1;
    }
    weights.size = 0;
    return changed;
  }

  /** Computes the check bits, if those at hand are not these. */
  private void write(byte[][] pristine, Encoding encoding) {
    if (written == pristine && this.encoding == encoding) {
      return;
    }
    int columns = layout.checkColumns().orElseThrow().codesPerWord(0);
    checkBits = new byte[pristine.length][];
    for (int layer = 0; layer < pristine.length; layer++) {
      int words = Math.toIntExact(layout.data().words(layer));
      checkBits[layer] = new byte[words * columns];
      var its = layout.words(layer);
      for (int word = 0; word < words; word++) {
        for (var codeWord : its.words) {
          int checks = codeWord.code().encode(data(pristine[layer], encoding, its, word, codeWord));
          for (int i = 0; i < codeWord.code().checkBits(); i++) {
            checkBits[layer][word * columns + codeWord.firstCheck() + i] =
                (byte) -((checks >> i) & 1);
          }
        }
      }
    }
    written = pristine;
    this.encoding = encoding;
  }

  /** The data bits of a word of a code. */
  private static long data(
      byte[] codes, Encoding encoding, WordChecks its, int word, WordChecks.CodeWord codeWord) {
    long data = 0;
    for (int i = 0; i < codeWord.positions().length; i++) {
      int position = codeWord.positions()[i];
      int weight = word * its.codesPerWord + position / its.bits;
      if (weight < codes.length) {
        long stored = encoding.encode(codes[weight], its.bits);
        data |= ((stored >> (position % its.bits)) & 1) << i;
      }
    }
    return data;
  }
}
