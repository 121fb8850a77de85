package org.bitquake.protect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Decoders against their definitions: the nearest code word, and Hamming's positions. */
class CodeTest {
  /** Codes of few bits, with the wrong bits that each corrects. */
  @ParameterizedTest
  @CsvSource({
    "PARITY, 1, 0", "PARITY, 8, 0", "HAMMING, 1, 1", "HAMMING, 4, 1", "HAMMING, 5, 1",
    "HAMMING, 8, 1", "SECDED, 1, 1", "SECDED, 4, 1", "SECDED, 6, 1", "SECDED, 8, 1",
    "BCH_DEC, 1, 2", "BCH_DEC, 4, 2", "BCH_DEC, 7, 2", "BCH_DEC, 8, 2", "TMR, 1, 1",
  })
  void whateverIsReadIsDecodedToTheOneWordThatIsNear(Code family, int dataBits, int corrected) {
    var code = family.of(dataBits);
    int bits = dataBits + code.checkBits();
    int[] words = new int[1 << dataBits];
    for (int data = 0; data < words.length; data++) {
      words[data] = data | code.encode(data) << dataBits;
    }
    for (int read = 0; read < 1 << bits; read++) {
      int near = -1;
      for (int word : words) {
        if (Integer.bitCount(word ^ read) <= corrected) {
          assertThat(near).as("two words near %s", read).isNegative();
          near = word;
        }
      }
      int syndrome = 0;
      for (int bit = 0; bit < bits; bit++) {
        syndrome ^= (read >> bit & 1) * code.column(bit);
      }
      int mask = (1 << dataBits) - 1;
      assertThat(code.isDetected(syndrome)).as("detected: %s", read).isEqualTo(near < 0);
      int decoded = (read ^ (int) code.flips(syndrome)) & mask;
      assertThat(decoded).as("decoded: %s", read).isEqualTo((near < 0 ? read : near) & mask);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PARITY, 32, 1", "HAMMING, 4, 3", "HAMMING, 32, 6", "HAMMING, 64, 7", "SECDED, 4, 4",
    "SECDED, 8, 5", "SECDED, 32, 7", "SECDED, 64, 8", "BCH_DEC, 32, 12", "BCH_DEC, 64, 14",
  })
  void haveTheCheckBitsThatTheyAreKnownFor(Code family, int dataBits, int checkBits) {
    assertThat(family.of(dataBits).checkBits()).isEqualTo(checkBits);
    assertThat(Code.of(family.label())).isEqualTo(family);
  }

  /** Extended Hamming code in positions 1 to n, check bits at powers of 2, parity at 0. */
  private record ByPosition(int[] ofData, int last) {
    static ByPosition of(int dataBits) {
      int[] positions = new int[dataBits];
      int at = 0;
      for (int i = 0; i < dataBits; i++) {
        do {
          at++;
        } while ((at & (at - 1)) == 0);
        positions[i] = at;
      }
      return new ByPosition(positions, at);
    }

    /** Written bits by position. */
    boolean[] write(long data) {
      boolean[] word = new boolean[last + 1];
      for (int i = 0; i < ofData.length; i++) {
        word[ofData[i]] = (data >> i & 1) != 0;
      }
      int sum = sum(word);
      for (int check = 1; check <= last; check *= 2) {
        word[check] = (sum & check) != 0;
      }
      for (int i = 1; i <= last; i++) {
        word[0] ^= word[i];
      }
      return word;
    }

    static int sum(boolean[] word) {
      int sum = 0;
      for (int i = 1; i < word.length; i++) {
        sum ^= word[i] ? i : 0;
      }
      return sum;
    }

    /** Data as decoded, or as read where the decoder gives up: then the result says so. */
    long read(boolean[] word, boolean[] detected) {
      boolean odd = false;
      for (boolean bit : word) {
        odd ^= bit;
      }
      int sum = sum(word);
      detected[0] = odd ? sum > last : sum != 0;
      if (odd && sum <= last) {
        word[sum] ^= true;
      }
      long data = 0;
      for (int i = 0; i < ofData.length; i++) {
        data |= word[ofData[i]] ? 1L << i : 0;
      }
      return data;
    }
  }

  /** All patterns of up to three wrong bits of (39, 32), and of (72, 64), in random data. */
  @ParameterizedTest
  @CsvSource({"32", "64", "13"})
  void secdedDoesWhatTheTextbookDecoderDoes(int dataBits) {
    var code = Code.SECDED.of(dataBits);
    var positions = ByPosition.of(dataBits);
    int hamming = code.checkBits() - 1;
    var random = new Random(1);
    int bits = dataBits + code.checkBits();
    int[] place = new int[bits]; // data bits, check bits, parity
    System.arraycopy(positions.ofData(), 0, place, 0, dataBits);
    for (int i = 0; i < hamming; i++) {
      place[dataBits + i] = 1 << i;
    }
    for (int a = -1; a < bits; a++) {
      for (int b = -1; b < Math.max(a, 0); b++) {
        for (int c = -1; c < Math.max(b, 0); c++) {
          long data = random.nextLong() >>> (Long.SIZE - dataBits);
          boolean[] word = positions.write(data);
          long wrong = 0;
          int syndrome = 0;
          for (int bit : new int[] {a, b, c}) {
            if (bit >= 0) {
              word[place[bit]] ^= true;
              wrong |= bit < dataBits ? 1L << bit : 0;
              syndrome ^= code.column(bit);
            }
          }
          boolean[] detected = {false};
          long read = positions.read(word, detected);
          assertThat(code.isDetected(syndrome)).isEqualTo(detected[0]);
          assertThat(data ^ wrong ^ code.flips(syndrome)).isEqualTo(read);
        }
      }
    }
  }

  /** The least distance of two words of the long double-error-correcting code is 5. */
  @Test
  void bchOf32BitsCorrectsTwo() {
    var code = Code.BCH_DEC.of(32);
    int bits = 44;
    boolean[] seen = new boolean[1 << code.checkBits()];
    int patterns = 0;
    for (int a = 0; a < bits; a++) {
      for (int b = 0; b <= a; b++) {
        int syndrome = a == b ? code.column(a) : code.column(a) ^ code.column(b);
        assertThat(seen[syndrome]).isFalse();
        seen[syndrome] = true;
        long wrong = (a < 32 ? 1L << a : 0) | (b < 32 ? 1L << b : 0);
        assertThat(code.flips(syndrome)).isEqualTo(wrong);
        patterns++;
      }
    }
    int left = 0;
    for (int syndrome = 1; syndrome < seen.length; syndrome++) {
      left += code.isDetected(syndrome) ? 1 : 0;
    }
    assertThat(left).isEqualTo(4095 - patterns);
  }

  @Test
  void refuseWordsThatTheyDoNotHave() {
    assertThatThrownBy(() -> Code.SECDED.of(65)).hasMessageContaining("1 to 64 data bits, not 65");
    assertThatThrownBy(() -> Code.TMR.of(2)).hasMessageContaining("of one bit, not of 2");
    assertThatThrownBy(() -> Code.of("magic")).hasMessage("there is no code \"magic\"");
  }
}
