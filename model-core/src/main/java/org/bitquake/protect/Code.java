package org.bitquake.protect;

import java.util.Arrays;
import org.bitquake.InputException;
import org.bitquake.Text;

/** Families of codes, each shortened to the data bits that it is to protect. */
public enum Code {
  /** One check bit: an odd number of wrong bits is detected. */
  PARITY("parity") {
    @Override
    LinearCode make(int dataBits) {
      int[] columns = new int[dataBits];
      Arrays.fill(columns, 1);
      return LinearCode.of(1, columns, 0);
    }
  },

  /**
   * Hamming's code (Bell System Technical Journal 29, 1950): one wrong bit is corrected; two are
   * taken for another one, or for none that there is.
   */
  HAMMING("hamming") {
    @Override
    LinearCode make(int dataBits) {
      int checks = hammingChecks(dataBits);
      return LinearCode.of(checks, hammingColumns(dataBits), 1);
    }
  },

  /**
   * Hamming's code with a parity bit over all bits: one wrong bit is corrected, two are detected.
   * As every column has an odd number of ones, so has the syndrome of an odd number of wrong bits.
   */
  SECDED("secded") {
    @Override
    LinearCode make(int dataBits) {
      int checks = hammingChecks(dataBits);
      int[] columns = hammingColumns(dataBits);
      for (int i = 0; i < dataBits; i++) {
        columns[i] |= (1 ^ (Integer.bitCount(columns[i]) & 1)) << checks;
      }
      return LinearCode.of(checks + 1, columns, 1);
    }
  },

  /**
   * The double-error-correcting code of Bose, Ray-Chaudhuri (1960) and Hocquenghem (1959): the
   * remainder of the data by g = m₁ · m₃, the minimal polynomials of α and α³ in GF(2^m).
   */
  BCH_DEC("bch-dec") {
    @Override
    LinearCode make(int dataBits) {
      int degree = LEAST_DEGREE;
      while ((1 << degree) - 1 - 2 * degree < dataBits) {
        degree++;
      }
      int generator = times(MINIMAL_1[degree], MINIMAL_3[degree]);
      int[] columns = new int[dataBits];
      int power = 1 << (2 * degree); // x^(2m), then on
      for (int i = 0; i < dataBits; i++) {
        power ^= ((power >> (2 * degree)) & 1) * generator;
        columns[i] = power;
        power <<= 1;
      }
      return LinearCode.of(2 * degree, columns, 2);
    }
  },

  /** Each bit three times, read by majority. */
  TMR("tmr") {
    @Override
    LinearCode make(int dataBits) {
      if (dataBits != 1) {
        throw new IllegalArgumentException("three copies are of one bit, not of " + dataBits);
      }
      return LinearCode.of(2, new int[] {3}, 1);
    }
  };

  private static final int LEAST_DEGREE = 4;

  /** Minimal polynomials of α and α³, by the degree of the field (Lin and Costello, appendix B). */
  private static final int[] MINIMAL_1 = {0, 0, 0, 0, 0b10011, 0b100101, 0b1000011, 0b10001001};

  private static final int[] MINIMAL_3 = {0, 0, 0, 0, 0b11111, 0b111101, 0b1010111, 0b10001111};

  private final String label;

  Code(String label) {
    this.label = label;
  }

  /** The name used in configurations and tables. */
  public String label() {
    return label;
  }

  /**
   * The code of that label.
   *
   * @throws InputException if there is none
   */
  public static Code of(String label) {
    return Arrays.stream(values())
        .filter(code -> code.label.equals(label))
        .findFirst()
        .orElseThrow(() -> new InputException(Text.of("there is no code \"%s\"", label)));
  }

  abstract LinearCode make(int dataBits);

  /** For so many data bits, 1 to {@link LinearCode#MOST_DATA_BITS}. */
  public LinearCode of(int dataBits) {
    if (dataBits < 1 || dataBits > LinearCode.MOST_DATA_BITS) {
      throw new IllegalArgumentException(
          Text.of("a word of a code has 1 to 64 data bits, not %d", dataBits));
    }
    return make(dataBits);
  }

  /** The least r with 2^r ≥ k + r + 1. */
  private static int hammingChecks(int dataBits) {
    int checks = 2;
    while (1 << checks < dataBits + checks + 1) {
      checks++;
    }
    return checks;
  }

  /** The numbers with more than one 1, ascending. */
  private static int[] hammingColumns(int dataBits) {
    int[] columns = new int[dataBits];
    int next = 1;
    for (int i = 0; i < dataBits; i++) {
      do {
        next++;
      } while (Integer.bitCount(next) == 1);
      columns[i] = next;
    }
    return columns;
  }

  /** The product of polynomials over GF(2). */
  private static int times(int a, int b) {
    int product = 0;
    for (int rest = b; rest != 0; rest &= rest - 1) {
      product ^= a << Integer.numberOfTrailingZeros(rest);
    }
    return product;
  }
}
