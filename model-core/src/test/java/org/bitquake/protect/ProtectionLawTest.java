package org.bitquake.protect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bitquake.fault.CellPattern;
import org.bitquake.fault.CheckSource;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultScope;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.Storage;
import org.bitquake.protect.Part.Checked;
import org.bitquake.protect.Part.OnError;
import org.bitquake.stats.Law;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often words fail under flips of independent cells, against the closed forms. */
class ProtectionLawTest {
  private static final int WORDS = 20_000;
  private static final byte CODE = 5; // so that 0 is seen

  /**
   * Words in which a weight is not read as written. Two wrong bits of (39, 32) are detected and
   * more are detected or decoded to other data; all two of (7, 4) are decoded to other data.
   */
  @ParameterizedTest
  @CsvSource({
    "SECDED, 32, 39, 0.001, 0.00072", "SECDED, 32, 39, 0.01, 0.0581",
    "SECDED, 32, 39, 0.03, 0.327", "SECDED, 32, 39, 0.05, 0.587",
    "HAMMING, 4, 7, 0.001, 0.000021", "HAMMING, 4, 7, 0.01, 0.00203",
    "HAMMING, 4, 7, 0.03, 0.0171", "HAMMING, 4, 7, 0.05, 0.0444",
  })
  void wordsFailAsOftenAsTwoBitsAreWrong(
      Code code, int word, int bits, double rate, double published) {
    double law = 1 - Math.pow(1 - rate, bits) - bits * rate * Math.pow(1 - rate, bits - 1);
    assertThat(law).isCloseTo(published, within(0.01 * published));
    int perWord = word / 4;
    int failed = 0;
    int words = 32 / word * WORDS;
    for (boolean[] wrong : wrong(new Checked(code, word, OnError.ZERO, Set.of(), Set.of()), rate)) {
      for (int first = 0; first < wrong.length; first += perWord) {
        boolean fails = false;
        for (int i = first; i < first + perWord; i++) {
          fails |= wrong[i];
        }
        failed += fails ? 1 : 0;
      }
    }
    Law.assertBinomial(failed, words, law);
  }

  @ParameterizedTest
  @CsvSource({"0.001, 0.000003", "0.01, 0.000298", "0.03, 0.00265", "0.05, 0.00725"})
  void aBitOfThreeCopiesFailsWhereTwoAreWrong(double rate, double published) {
    double majority = 3 * rate * rate - 2 * rate * rate * rate;
    assertThat(majority).isCloseTo(published, within(0.01 * published));
    var copies = new Checked(Code.TMR, 1, OnError.KEEP, Set.of(), Set.of(0, 1, 2, 3));
    int failed = 0;
    for (boolean[] wrong : wrong(copies, rate)) {
      for (boolean its : wrong) {
        failed += its ? 1 : 0;
      }
    }
    Law.assertBinomial(failed, 8 * WORDS, 1 - Math.pow(1 - majority, 4));
  }

  /** Which weights are not read as written, in one layer. */
  private static boolean[][] wrong(Part part, double rate) {
    int weights = 8 * WORDS;
    var data = new MemoryLayout(Storage.DEFAULT, new int[] {weights}, new int[] {4}, 1);
    var layout = ProtectedLayout.of(new Protection("x", List.of(part)), List.of("fc"), data);
    byte[][] pristine = new byte[1][weights];
    Arrays.fill(pristine[0], CODE);
    byte[][] codes = new byte[1][weights];
    var map = CellPattern.INSTANCE.source(11, data, FaultScope.ALL).draw(4, rate);
    var checks =
        new CheckSource(
                11, CellPattern.INSTANCE, layout.checkColumns().orElseThrow(), FaultScope.ALL)
            .draw(4, rate);
    new ProtectedMemory(layout)
        .read(
            map,
            Optional.of(checks),
            FaultKind.BIT_FLIP,
            rate,
            Encoding.TWOS_COMPLEMENT,
            pristine,
            codes);
    boolean[][] wrong = new boolean[1][weights];
    for (int i = 0; i < weights; i++) {
      wrong[0][i] = codes[0][i] != CODE;
    }
    return wrong;
  }
}
