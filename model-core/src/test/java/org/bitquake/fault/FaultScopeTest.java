package org.bitquake.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.bitquake.InputException;
import org.junit.jupiter.api.Test;

class FaultScopeTest {
  @Test
  void listsItsNumbersInOrder() {
    var scope = new FaultScope(Set.of(9, 3, 17, 0), Set.of(7, 0, 3));
    assertThat(scope.layers()).containsExactly(0, 3, 9, 17);
    assertThat(scope.bits()).containsExactly(0, 3, 7);
    assertThat(scope).hasToString("FaultScope[layers=[0, 3, 9, 17], bits=[0, 3, 7]]");
  }

  @Test
  void saysWhichLayerOrBitANetworkLacks() {
    int[] bits = {8, 4};
    FaultScope.ALL.requireWithin(bits, "lenet");
    new FaultScope(Set.of(1), Set.of(7)).requireWithin(bits, "lenet");
    assertThatThrownBy(() -> new FaultScope(Set.of(2), Set.of()).requireWithin(bits, "lenet"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "the fault scope names layer 2, but network lenet has the weight layers 0 to 1: name one of those");
    assertThatThrownBy(
            () -> new FaultScope(Set.of(), Set.of(4)).requireWithin(new int[] {4}, "lenet"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "the fault scope names bit 4, but the weights of network lenet have the bits 0 to 3: name one of those");
  }

  @Test
  void refusesPositionsThatNoNetworkHas() {
    assertThatThrownBy(() -> new FaultScope(Set.of(-1), Set.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new FaultScope(Set.of(), Set.of(8)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
