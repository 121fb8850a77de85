package org.bitquake.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.bitquake.engine.Engine;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.ResNet18Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ResNet-18 of many widths: the shapes that this engine is for. */
class WideNetworksTest {
  private final OneDnnProvider provider = new OneDnnProvider();

  @BeforeEach
  void loads() {
    var why = provider.unavailable();
    assumeTrue(why.isEmpty(), () -> why.orElse(""));
  }

  @ParameterizedTest
  @CsvSource({
    "64, 8, 1, 64",
    "64, 8, 1.3, 7",
    "64, 16, 1, 1",
    "33, 8, 1.3, 64",
    "33, 16, 1, 7",
    "17, 16, 1.3, 64",
    "17, 32, 1, 1",
    "5, 8, 1.3, 7"
  })
  void giveTheReferencesLogits(int width, int size, float ratio, int count) {
    var network = ResNet18Random.of(width, size, ratio, width + size);
    var why = provider.unsupported(network);
    assumeTrue(why.isEmpty(), () -> why.orElse(""));
    byte[] images = images(network, count);
    try (var reference = new ReferenceEngine(network);
        var fast = provider.prepare(network)) {
      assertThat(logits(fast, images, count, network))
          .isEqualTo(logits(reference, images, count, network));
      byte[][] codes = otherCodes(network);
      fast.load(codes);
      reference.load(codes);
      assertThat(logits(fast, images, count, network))
          .isEqualTo(logits(reference, images, count, network));
    }
  }

  @Test
  void anotherThreadMayRunWhatOneHasMade() throws Exception {
    var network = ResNet18Random.of(16, 8, 1, 3);
    byte[] images = images(network, 50);
    float[] expected;
    try (var reference = new ReferenceEngine(network)) {
      expected = logits(reference, images, 50, network);
    }
    var thread = Executors.newSingleThreadExecutor();
    try {
      Callable<Engine> make = () -> provider.prepare(network);
      try (var fast = thread.submit(make).get()) {
        assertThat(logits(fast, images, 50, network)).isEqualTo(expected);
        assertThat(thread.submit(() -> logits(fast, images, 50, network)).get())
            .isEqualTo(expected);
      }
    } finally {
      thread.shutdownNow();
    }
  }

  @Test
  void aClosedEngineSaysSo() {
    var network = ResNet18Random.of(4, 8, 1, 3);
    var fast = provider.prepare(network);
    fast.close();
    fast.close();

    assertThatThrownBy(() -> fast.predict(images(network, 1), 1, new int[1]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
    assertThatThrownBy(() -> fast.load(network.copyCodes()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aWideNetworkIsEstimatedToTakeLonger() {
    double narrow = provider.nanosPerImage(ResNet18Random.of(16, 32, 1, 1));
    double wide = provider.nanosPerImage(ResNet18Random.of(64, 32, 1, 1));

    assertThat(wide / narrow).isBetween(8.0, 16.0);
  }

  private static float[] logits(Engine engine, byte[] images, int count, QuantizedNetwork network) {
    float[] logits = new float[count * network.classes()];
    engine.logits(images, count, logits);
    return logits;
  }

  private static byte[] images(QuantizedNetwork network, int count) {
    byte[] images = new byte[count * network.inputShape().size()];
    new SplittableRandom(count).nextBytes(images);
    return images;
  }

  /** Every second layer has new codes. */
  private static byte[][] otherCodes(QuantizedNetwork network) {
    byte[][] codes = network.copyCodes();
    for (int l = 0; l < codes.length; l += 2) {
      for (int i = 0; i < codes[l].length; i += 3) {
        codes[l][i] = (byte) (-1 - codes[l][i]);
      }
    }
    return codes;
  }
}
