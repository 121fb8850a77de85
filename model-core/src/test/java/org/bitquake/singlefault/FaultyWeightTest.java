package org.bitquake.singlefault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.SingleFault;
import org.junit.jupiter.api.Test;

class FaultyWeightTest {
  private static byte read(int cells, FaultKind kind, Encoding encoding, int code) {
    return new FaultyWeight(0, 0, cells).read(kind, encoding, 4, (byte) code);
  }

  @Test
  void aFaultChangesOneBitOfTheCode() {
    assertThat(read(8, FaultKind.BIT_FLIP, Encoding.TWOS_COMPLEMENT, 3)).isEqualTo((byte) -5);
    assertThat(read(8, FaultKind.STUCK_AT_0, Encoding.TWOS_COMPLEMENT, 3)).isEqualTo((byte) 3);
    assertThat(read(8, FaultKind.STUCK_AT_1, Encoding.OFFSET_BINARY, -8)).isEqualTo((byte) 0);
    assertThat(read(8, FaultKind.BIT_FLIP, Encoding.SIGN_MAGNITUDE, 0)).isZero();
  }

  @Test
  void severalActTogether() {
    assertThat(read(9, FaultKind.BIT_FLIP, Encoding.TWOS_COMPLEMENT, 3)).isEqualTo((byte) -6);
    assertThat(read(15, FaultKind.STUCK_AT_1, Encoding.TWOS_COMPLEMENT, 3)).isEqualTo((byte) -1);
  }

  @Test
  void cellsOfAWeightAreGathered() {
    var cells =
        List.of(
            new SingleFault(1, 5, 3),
            new SingleFault(0, 5, 0),
            new SingleFault(1, 5, 0),
            new SingleFault(1, 4, 2));
    assertThat(FaultyWeight.of(cells))
        .containsExactly(
            new FaultyWeight(1, 5, 9), new FaultyWeight(0, 5, 1), new FaultyWeight(1, 4, 4));
    assertThat(FaultyWeight.of(cells.subList(0, 1))).containsExactly(new FaultyWeight(1, 5, 8));
  }
}
