package org.bitquake.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.bitquake.network.Convolution;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.RandomNetworks;
import org.bitquake.network.ResNet18Random;
import org.junit.jupiter.api.Test;

class BuffersTest {
  @Test
  void everyOperandIsStillThereWhenItIsRead() {
    int overwritten = 0;
    for (int seed = 0; seed < 500; seed++) {
      overwritten += check(RandomNetworks.of(seed));
    }
    assertThat(overwritten).isGreaterThan(20);
  }

  @Test
  void resNet18LivesInThreeBuffersAndCopiesNoResidual() {
    var network = ResNet18Random.of(64, 32, 1, 1);

    assertThat(check(network)).isEqualTo(8);
    assertThat(new Buffers(network).bytesPerImage()).hasSize(3);
  }

  /** Plays the layers through; returns how many residuals are overwritten by their sum. */
  private static int check(QuantizedNetwork network) {
    var buffers = new Buffers(network);
    Map<Integer, Integer> content = new HashMap<>();
    content.put(buffers.of(QuantizedNetwork.INPUT), QuantizedNetwork.INPUT);
    int overwritten = 0;
    for (int i = 0; i < network.layers().size() - 1; i++) {
      var layer = network.layers().get(i);
      int out = buffers.of(i);
      assertThat(content).containsEntry(buffers.of(layer.input()), layer.input());
      assertThat(out).isNotEqualTo(buffers.of(layer.input()));
      if (layer instanceof Convolution c && c.residual().isPresent()) {
        int source = c.residual().get().source();
        assertThat(content).containsEntry(buffers.of(source), source);
        assertThat(out == buffers.of(source)).isEqualTo(buffers.overwritesResidual(i));
        overwritten += out == buffers.of(source) ? 1 : 0;
      }
      content.put(out, i);
      assertThat(buffers.bytesPerImage()[out])
          .isGreaterThanOrEqualTo(Codes.of(network, i).bytesPerImage());
    }
    int last = network.layers().get(network.layers().size() - 1).input();
    assertThat(content).containsEntry(buffers.of(last), last);
    return overwritten;
  }
}
