package org.bitquake.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IsaTest {
  private static final Isa OLD = new Isa(false, false, false);

  @ParameterizedTest
  @CsvSource({
    "4, 255, true",
    "7, 255, true",
    "8, 255, false",
    "8, 127, true",
    "8, 128, false",
    "8, 15, true"
  })
  void twoProductsMustFit16BitsWithoutVnni(int bits, int maxInput, boolean exact) {
    assertThat(OLD.sumsExactly(bits, maxInput)).isEqualTo(exact);
    assertThat(new Isa(true, true, true).sumsExactly(bits, maxInput)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 255, true",
    "0.75, 255, true",
    "-0.5, 15, true",
    "1.3, 15, false",
    "1.3, 1, true"
  })
  void withoutFmaTheProductOfRatioAndCodeMustBeAFloat(float ratio, int maxCode, boolean exact) {
    var withFma = new Isa(false, false, true);
    assertThat(OLD.addsWithOneRounding(ratio, maxCode, 1)).isEqualTo(exact);
    assertThat(withFma.addsWithOneRounding(ratio, maxCode, 1)).isTrue();
    assertThat(withFma.addsWithOneRounding(ratio, maxCode, 2)).isEqualTo(exact);
  }

  @Test
  void codesAreInRangeExactlyWhereTheirTypeSays() {
    for (int bits = 2; bits <= 8; bits++) {
      for (int value = Byte.MIN_VALUE; value <= Byte.MAX_VALUE; value++) {
        boolean inRange = value >= -(1 << (bits - 1)) && value < 1 << (bits - 1);
        for (int at = 0; at < 19; at++) {
          byte[] codes = new byte[19];
          codes[at] = (byte) value;
          codes[(at + 1) % 19] = -1;
          assertThat(CodeRange.holds(codes, bits))
              .as("%d of %d bits at %d", value, bits, at)
              .isEqualTo(inRange);
        }
      }
    }
  }
}
