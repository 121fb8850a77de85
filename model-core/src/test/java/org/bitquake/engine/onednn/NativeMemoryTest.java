package org.bitquake.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.ResNet18Random;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

class NativeMemoryTest {
  private static final int ENGINES = 200;

  /** Half of what 200 engines of a megabyte would leak; the Java heap grows a little too. */
  private static final long ALLOWED_GROWTH = 96L << 20;

  @Test
  void enginesThatAreClosedLeaveNothingBehind() {
    var provider = new OneDnnProvider();
    assumeTrue(provider.unavailable().isEmpty(), "oneDNN does not load here");
    var network = ResNet18Random.of(16, 16, 1, 1);
    byte[] images = new byte[33 * network.inputShape().size()];
    assertThat(OneDnnEngine.bytesPerImage(network) * OneDnnEngine.BLOCK + network.weightCount())
        .isGreaterThan(2 * ALLOWED_GROWTH / ENGINES);
    use(provider, network, images, ENGINES / 2);
    System.gc();
    long pointers = Pointer.totalBytes();
    long process = Pointer.physicalBytes();

    use(provider, network, images, ENGINES);
    System.gc();

    assertThat(Pointer.totalBytes()).isLessThanOrEqualTo(pointers);
    assertThat(Pointer.physicalBytes() - process).isLessThan(ALLOWED_GROWTH);
  }

  private static void use(
      OneDnnProvider provider, QuantizedNetwork network, byte[] images, int times) {
    int[] predictions = new int[33];
    for (int i = 0; i < times; i++) {
      try (var engine = provider.prepare(network)) {
        engine.predict(images, 33, predictions);
        engine.predict(images, 3, predictions);
      }
    }
  }
}
