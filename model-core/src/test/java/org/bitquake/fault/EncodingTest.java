package org.bitquake.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.bitquake.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EncodingTest {
  @ParameterizedTest
  @EnumSource(Encoding.class)
  void everyRepresentableCodeComesBackFromCellsOfItsOwn(Encoding encoding) {
    for (int bits = 2; bits <= 8; bits++) {
      var used = new HashSet<Integer>();
      for (int code = -(1 << (bits - 1)); code < 1 << (bits - 1); code++) {
        if (encoding.represents(code, bits)) {
          int cells = encoding.encode(code, bits);
          assertThat(cells).isBetween(0, (1 << bits) - 1);
          assertThat(encoding.decode(cells, bits)).isEqualTo(code);
          used.add(cells);
        }
      }
      assertThat(used).hasSize((1 << bits) - (encoding == Encoding.SIGN_MAGNITUDE ? 1 : 0));
    }
  }

  /** The weight of every cell, from the definition of each number system. */
  @Test
  void everyPatternMeansWhatTheNumberSystemSays() {
    for (int bits = 2; bits <= 8; bits++) {
      int top = 1 << (bits - 1);
      for (int cells = 0; cells < 1 << bits; cells++) {
        int lower = 0;
        for (int bit = 0; bit < bits - 1; bit++) {
          lower += (cells & (1 << bit)) == 0 ? 0 : 1 << bit;
        }
        boolean sign = (cells & top) != 0;
        assertThat(Encoding.TWOS_COMPLEMENT.decode(cells, bits))
            .isEqualTo(sign ? lower - top : lower);
        assertThat(Encoding.OFFSET_BINARY.decode(cells, bits))
            .isEqualTo(sign ? lower : lower - top);
        assertThat(Encoding.SIGN_MAGNITUDE.decode(cells, bits)).isEqualTo(sign ? -lower : lower);
      }
    }
  }

  /** The sequence of n bits is that of n − 1, then the same backwards with the top bit set. */
  @Test
  void grayCodesAreTheReflectedSequence() {
    List<Integer> sequence = new ArrayList<>(List.of(0));
    for (int bits = 1; bits <= 8; bits++) {
      for (int i = sequence.size() - 1; i >= 0; i--) {
        sequence.add(sequence.get(i) + (1 << (bits - 1)));
      }
      for (int level = 0; bits >= 2 && level < sequence.size(); level++) {
        int code = level - (1 << (bits - 1));
        assertThat(Encoding.GRAY.encode(code, bits)).isEqualTo(sequence.get(level));
      }
    }
  }

  @Test
  void onlySignMagnitudeLacksTheLowestCode() {
    for (int bits = 2; bits <= 8; bits++) {
      int low = -(1 << (bits - 1));
      for (Encoding encoding : Encoding.values()) {
        assertThat(encoding.represents(low, bits)).isEqualTo(encoding != Encoding.SIGN_MAGNITUDE);
        assertThat(encoding.represents(low + 1, bits)).isTrue();
        assertThat(encoding.represents(-low - 1, bits)).isTrue();
        assertThat(encoding.represents(low - 1, bits)).isFalse();
        assertThat(encoding.represents(-low, bits)).isFalse();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Encoding.class)
  void refusesWhatDoesNotFit(Encoding encoding) {
    assertThatThrownBy(() -> encoding.encode(8, 4)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> encoding.encode(-9, 4)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> encoding.decode(16, 4)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> encoding.decode(-1, 4)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> encoding.decode(0, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> encoding.encode(0, 9)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void saysWhichLayerCannotBeStoredAndWhatToDo() {
    byte[][] codes = {{-3, 3}, {7, -8}};
    int[] bits = {3, 4};
    for (Encoding encoding : new Encoding[] {Encoding.TWOS_COMPLEMENT, Encoding.OFFSET_BINARY}) {
      assertThatCode(() -> encoding.requireRepresentable(codes, bits, "lenet"))
          .doesNotThrowAnyException();
    }
    assertThatThrownBy(() -> Encoding.SIGN_MAGNITUDE.requireRepresentable(codes, bits, "lenet"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "network lenet, weight layer 1: the encoding sign-magnitude has no 4-bit code -8; "
                + "use twos-complement or offset-binary, or train with codes from -7");
    assertThatThrownBy(
            () ->
                Encoding.SIGN_MAGNITUDE.requireRepresentable(
                    new byte[][] {{9}}, new int[] {4}, "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void findsLabels() {
    for (Encoding encoding : Encoding.values()) {
      assertThat(Encoding.of(encoding.label())).isEqualTo(encoding);
    }
    for (FaultKind kind : FaultKind.values()) {
      assertThat(FaultKind.of(kind.label())).isEqualTo(kind);
    }
    assertThatThrownBy(() -> Encoding.of("plain"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "unknown encoding \"plain\": use one of twos-complement, offset-binary, sign-magnitude, gray");
    assertThatThrownBy(() -> FaultKind.of("BIT_FLIP"))
        .isInstanceOf(InputException.class)
        .hasMessage("unknown fault kind \"BIT_FLIP\": use one of bit-flip, stuck-at-0, stuck-at-1");
  }
}
