package org.bitquake.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Supplier;
import org.assertj.core.data.Percentage;
import org.bitquake.network.MobileNet;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.RandomNetworks;
import org.bitquake.network.ResNet18;
import org.bitquake.network.Vgg11;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of a block's memory against what the virtual machine counts. */
class BlockMemoryTest {
  private static final int FEW = 8;
  private static final int MANY = 40;

  static List<QuantizedNetwork> networks() {
    return List.of(
        MobileNet.random(8, 1), Vgg11.random(8, 1), ResNet18.random(8, 1), ResNet18.random(24, 1));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void isWhatMoreImagesTake(QuantizedNetwork network) {
    assertThat((double) BlockMemory.perImage(network))
        .isCloseTo(counted(network), Percentage.withPercentage(1));
  }

  /** Layers of every kind, with strides, dilation and codes of 0 that are not 0. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8, 13, 21})
  void isItForAnyShape(int seed) {
    isWhatMoreImagesTake(RandomNetworks.of(seed));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void isWhatAnEngineTakes(QuantizedNetwork network) {
    new ReferenceEngine(network, 1).close(); // loads classes
    for (int images : new int[] {1, 5, 1_000}) {
      long taken = allocated(() -> ReferenceEngine.forBatches(network, images));
      assertThat(ReferenceEngine.memory(network, images))
          .as("%s, %d images", network.name(), images)
          .isBetween(taken * 95 / 100 - (2 << 20), taken * 105 / 100);
    }
  }

  private static double counted(QuantizedNetwork network) {
    new ReferenceEngine(network, 1).close(); // loads classes
    long many = allocated(() -> new ReferenceEngine(network, MANY));
    long few = allocated(() -> new ReferenceEngine(network, FEW));
    return (double) (many - few) / (MANY - FEW);
  }

  private static long allocated(Supplier<ReferenceEngine> engine) {
    var bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    long before = bean.getThreadAllocatedBytes(id);
    engine.get().close();
    return bean.getThreadAllocatedBytes(id) - before;
  }

  @Test
  void aBlockIsAsLargeAsItsMemory() {
    var network = ResNet18.random(8, 1);
    long image = BlockMemory.perImage(network);

    assertThat(BlockMemory.images(network, 96, 5 * image + 1)).isEqualTo(5);
    assertThat(BlockMemory.images(network, 96, 1000 * image)).isEqualTo(96);
    assertThat(BlockMemory.images(network, 96, image - 1)).isOne();
  }
}
