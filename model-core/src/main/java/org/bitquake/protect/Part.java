package org.bitquake.protect;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.fault.Encoding;

/** One thing that a {@link Protection} does to some of a memory's cells. */
public sealed interface Part permits HardenedCells, Part.Harden, Part.Checked, Part.Remap {
  /** Names of the weight layers whose cells it protects, ascending; empty means all. */
  Set<String> layers();

  /** Bits of weights that it protects, ascending; empty means all, or those that are left. */
  Set<Integer> bits();

  /** What configurations call it. */
  String label();

  /** Whether it takes what no other part of the protection names. */
  boolean takesRest();

  /** The same for other cells. */
  Part of(Set<String> layers, Set<Integer> bits);

  /**
   * Cells that do not fail: larger ones, or on another supply.
   *
   * @param areaFactor area of such a cell in that of another one, at least 1
   */
  record Harden(Set<String> layers, Set<Integer> bits, double areaFactor) implements Part {
    /** Of a cell of 8 transistors to one of 6. */
    public static final double DEFAULT_AREA_FACTOR = 1.33;

    public static final double MOST_AREA_FACTOR = 100;

    public Harden {
      layers = Part.sorted(layers);
      bits = Part.bits(bits);
      requireAreaFactor(areaFactor);
    }

    static void requireAreaFactor(double areaFactor) {
      if (!(areaFactor >= 1 && areaFactor <= MOST_AREA_FACTOR)) {
        throw new IllegalArgumentException(
            Text.of("areaFactor: %s is outside 1…%s", areaFactor, MOST_AREA_FACTOR));
      }
    }

    @Override
    public String label() {
      return "harden";
    }

    @Override
    public Part of(Set<String> layers, Set<Integer> bits) {
      return new Harden(layers, bits, areaFactor);
    }

    @Override
    public boolean takesRest() {
      return false;
    }
  }

  /**
   * Check bits. Words of the code are parts of the words of the memory, and each takes those bits
   * of its part that it is to protect.
   *
   * @param word bits of the memory's word that a word of the code is about, 1 to 64; each bit of a
   *     weight alone where there are three copies
   * @param onError what is read where wrong bits are detected and not corrected
   */
  record Checked(Code code, int word, OnError onError, Set<String> layers, Set<Integer> bits)
      implements Part {
    public static final int DEFAULT_WORD = 32;

    public Checked {
      layers = Part.sorted(layers);
      bits = Part.bits(bits);
      if (word < 1 || word > LinearCode.MOST_DATA_BITS) {
        throw new IllegalArgumentException(
            Text.of("word: a word of a code has 1 to 64 data bits, not %d", word));
      }
      if (code == Code.TMR && word != 1) {
        throw new IllegalArgumentException("word: three copies are of single bits");
      }
    }

    @Override
    public String label() {
      return code.label();
    }

    @Override
    public Part of(Set<String> layers, Set<Integer> bits) {
      return new Checked(code, word, onError, layers, bits);
    }

    @Override
    public boolean takesRest() {
      return bits.isEmpty();
    }
  }

  /**
   * Codes are written to go with cells that are known to be stuck, so that what is read lies close
   * to them.
   */
  record Remap(Set<String> layers, By by) implements Part {
    public Remap {
      layers = Part.sorted(layers);
    }

    @Override
    public Set<Integer> bits() {
      return Set.of();
    }

    @Override
    public String label() {
      return "remap";
    }

    /** All bits of the layers. */
    @Override
    public Part of(Set<String> layers, Set<Integer> bits) {
      return new Remap(layers, by);
    }

    @Override
    public boolean takesRest() {
      return false;
    }

    /** What is chosen. */
    public enum By {
      /**
       * For each weight the code that then reads closest to it (FAQ, <a
       * href="https://arxiv.org/abs/2305.12590">arXiv 2305.12590</a>).
       */
      WEIGHT("weight"),
      /**
       * For each column of weights in an array whether it is stored negated, and which of its bits
       * are stored inverted: a cell that says so for each bit and one for the sign (sign-flip and
       * bit-flip, <a href="https://arxiv.org/abs/2512.18459">arXiv 2512.18459</a>).
       */
      COLUMN("column"),
      /** That, and within it for each weight what reads closest. */
      BOTH("both");

      private final String label;

      By(String label) {
        this.label = label;
      }

      public String label() {
        return label;
      }

      boolean isOfWeights() {
        return this != COLUMN;
      }

      boolean isOfColumns() {
        return this != WEIGHT;
      }

      /**
       * The one of that label.
       *
       * @throws InputException if there is none
       */
      public static By of(String label) {
        return Arrays.stream(values())
            .filter(its -> its.label.equals(label))
            .findFirst()
            .orElseThrow(
                () ->
                    new InputException(
                        Text.of("by is \"%s\"; there are weight, column and both", label)));
      }
    }
  }

  /** What is read where wrong bits are detected and not corrected. */
  enum OnError {
    /** Every weight with a bit in the word is 0. */
    ZERO("zero"),
    /** What the cells read. */
    KEEP("keep");

    private final String label;

    OnError(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }

    /**
     * The one of that label.
     *
     * @throws InputException if there is none
     */
    public static OnError of(String label) {
      return Arrays.stream(values())
          .filter(its -> its.label.equals(label))
          .findFirst()
          .orElseThrow(
              () ->
                  new InputException(
                      Text.of("on-error is \"%s\"; there are zero and keep", label)));
    }
  }

  private static Set<String> sorted(Set<String> layers) {
    return Collections.unmodifiableSet(new TreeSet<>(layers));
  }

  private static Set<Integer> bits(Set<Integer> bits) {
    for (int bit : bits) {
      if (bit < 0 || bit >= Encoding.MAX_BITS) {
        throw new IllegalArgumentException(Text.of("bits: %d is outside 0…7", bit));
      }
    }
    return Collections.unmodifiableSet(new TreeSet<>(bits));
  }

  /**
   * Whether it names a cell; one that takes the rest names none.
   *
   * @param names of all weight layers
   */
  default boolean names(List<String> names, int layer, int bit) {
    return !takesRest() && isAbout(names, layer) && (bits().isEmpty() || bits().contains(bit));
  }

  /** Whether it is about a layer. */
  default boolean isAbout(List<String> names, int layer) {
    return layers().isEmpty() || layers().contains(names.get(layer));
  }
}
