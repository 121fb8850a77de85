package org.bitquake.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.bitquake.InputException;
import org.junit.jupiter.api.Test;

class FaultScopeTest {
  @Test
  void listsItsNumbersInOrder() {
    var scope = new FaultScope(Set.of(9, 3, 17, 0), Set.of(7, 0, 3));
    assertThat(scope.layers()).containsExactly(0, 3, 9, 17);
    assertThat(scope.bits()).containsExactly(0, 3, 7);
    assertThat(scope).hasToString("FaultScope[layers=[0, 3, 9, 17], bits=[0, 3, 7], except=[]]");
  }

  @Test
  void leavesOutWhatItIsToldTo() {
    var hard = new FaultScope(Set.of(1), Set.of(3));
    var scope = new FaultScope(Set.of(0, 1), Set.of()).without(List.of(hard));
    assertThat(scope.contains(0, 3)).isTrue();
    assertThat(scope.contains(1, 2)).isTrue();
    assertThat(scope.contains(1, 3)).isFalse();
    assertThat(scope.contains(2, 0)).isFalse();
    assertThat(scope.cells(new int[] {10, 100, 1000}, new int[] {4, 4, 4})).isEqualTo(340);
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
