package org.bitquake.landscape;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Supplier;
import org.assertj.core.data.Percentage;
import org.bitquake.network.Convolution;
import org.bitquake.network.MobileNet;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.ResNet18;
import org.bitquake.network.Vgg11;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of memory against what the virtual machine counts. */
class LossMemoryTest {
  static List<QuantizedNetwork> networks() {
    return List.of(
        MobileNet.random(8, 1), Vgg11.random(8, 1), ResNet18.random(8, 1), ResNet18.random(24, 1));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void isWhatIsTaken(QuantizedNetwork network) {
    var kernels = Kernels.fastest();
    new Derivatives(new RealNetwork(network, kernels)); // loads classes
    var real = new RealNetwork[1];
    long dropped =
        allocated(() -> network.weightLayers().stream().mapToInt(LossMemoryTest::look).sum());
    long values = allocated(() -> real[0] = new RealNetwork(network, kernels)) - dropped;
    long derivatives = allocated(() -> new Derivatives(real[0]));

    var said = LossMemory.of(network);
    assertThat(said.values()).isCloseTo(values, Percentage.withPercentage(5));
    assertThat(said.derivatives()).isCloseTo(derivatives, Percentage.withPercentage(5));
  }

  /** Looks at the weights, as the sums' bounds do; nothing of that stays. */
  private static int look(Convolution layer) {
    return layer.integerWeights().length;
  }

  private static long allocated(Supplier<?> what) {
    var bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    long before = bean.getThreadAllocatedBytes(id);
    Object made = what.get();
    long after = bean.getThreadAllocatedBytes(id);
    assertThat(made).isNotNull();
    return after - before;
  }
}
