package org.bitquake.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.RandomNetworks;
import org.junit.jupiter.api.Test;

class ReferenceEngineTest {
  /** Images that differ among themselves; those of larger batches repeat them. */
  static final int DIFFERENT = 23;

  private static byte[] images(QuantizedNetwork network, int count, long seed) {
    byte[] images = new byte[Math.min(count, DIFFERENT) * network.inputShape().size()];
    var random = new SplittableRandom(seed);
    random.nextBytes(images);
    for (int i = 0; i < images.length; i++) {
      if (random.nextInt(3) == 0) {
        images[i] = (byte) (random.nextBoolean() ? 255 : 0);
      }
    }
    return repeated(images, count * network.inputShape().size());
  }

  /** These values again and again, {@code length} in all. */
  static byte[] repeated(byte[] values, int length) {
    byte[] result = Arrays.copyOf(values, length);
    for (int i = values.length; i < length; i++) {
      result[i] = values[i % values.length];
    }
    return result;
  }

  private static byte[][] randomCodes(QuantizedNetwork network, long seed) {
    byte[][] codes = network.copyCodes();
    var random = new SplittableRandom(seed);
    for (int l = 0; l < codes.length; l++) {
      int bits = network.weightLayers().get(l).weights().bits();
      for (int i = 0; i < codes[l].length; i++) {
        codes[l][i] = (byte) (random.nextInt(1 << bits) - (1 << (bits - 1)));
      }
    }
    return codes;
  }

  private static int[] bits(float[] logits) {
    int[] bits = new int[logits.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(logits[i]);
    }
    return bits;
  }

  private static float[] naive(NaiveInference oracle, byte[] images, int count, int classes) {
    float[] logits = new float[count * classes];
    for (int i = 0; i < Math.min(count, DIFFERENT); i++) {
      float[] one = oracle.logits(images, i);
      for (int same = i; same < count; same += DIFFERENT) {
        System.arraycopy(one, 0, logits, same * classes, classes);
      }
    }
    return logits;
  }

  @Test
  void givesTheNaiveLogitsToTheBitOnRandomNetworks() {
    int[] batches = {1, 7, 20, 64, ReferenceEngine.BLOCK, 250};
    for (int seed = 0; seed < 600; seed++) {
      QuantizedNetwork network =
          seed % 2 == 0 ? RandomNetworks.of(seed) : RandomNetworks.wide(seed);
      int count = batches[seed % batches.length];
      byte[] images = images(network, count, seed);
      var oracle = new NaiveInference(network, network.copyCodes());
      float[] expected = naive(oracle, images, count, network.classes());
      float[] actual = new float[expected.length];
      int[] predictions = new int[count];
      try (var engine = new ReferenceEngine(network)) {
        engine.logits(images, count, actual);
        engine.predict(images, count, predictions);
      }
      assertThat(bits(actual)).as("network %d", seed).isEqualTo(bits(expected));
      assertThat(predictions).isEqualTo(firstMaxima(expected, network.classes()));
    }
  }

  static int[] firstMaxima(float[] logits, int classes) {
    int[] result = new int[logits.length / classes];
    for (int i = 0; i < result.length; i++) {
      float most = Float.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        most = Math.max(most, logits[i * classes + c]);
      }
      while (logits[i * classes + result[i]] != most) {
        result[i]++;
      }
    }
    return result;
  }

  @Test
  void theRandomNetworksMeetTiesAndEveryKindOfValue() {
    long[] seen = new long[4];
    for (int seed = 0; seed < 100; seed++) {
      QuantizedNetwork network = RandomNetworks.of(seed);
      var oracle = new NaiveInference(network, network.copyCodes());
      oracle.watch(
          (layer, y, max) -> {
            seen[0] += y < 0 ? 1 : 0;
            seen[1] += y > max ? 1 : 0;
            seen[2] += y > 0 && y < max && y - Math.floor(y) == 0.5 ? 1 : 0;
            seen[3] += y > 0 && y < max ? 1 : 0;
          });
      oracle.logits(images(network, 1, seed), 0);
    }
    assertThat(Arrays.stream(seen).min().orElse(0))
        .as("below, above, ties, inside")
        .isGreaterThan(100);
  }

  @Test
  void traceShowsEveryLayersCodes() {
    for (int seed = 0; seed < 40; seed++) {
      QuantizedNetwork network = RandomNetworks.of(seed);
      int count = 130;
      byte[] images = images(network, count, seed);
      List<List<long[]>> expected = new ArrayList<>();
      var oracle = new NaiveInference(network, network.copyCodes());
      for (int i = 0; i < count; i++) {
        expected.add(new ArrayList<>());
        oracle.run(images, i, expected.get(i));
      }
      int[] shown = new int[1];
      try (var engine = new ReferenceEngine(network)) {
        engine.trace(
            images,
            count,
            (image, position, layer, codes) -> {
              shown[0]++;
              assertThat(layer).isSameAs(network.layers().get(position));
              assertThat(Arrays.stream(codes).asLongStream().toArray())
                  .isEqualTo(expected.get(image).get(position));
            });
      }
      assertThat(shown[0]).isEqualTo(count * (network.layers().size() - 1));
    }
  }

  @Test
  void loadingOtherCodesAndTheFirstOnesAgainChangesNothing() {
    for (int seed = 0; seed < 50; seed++) {
      QuantizedNetwork network = RandomNetworks.of(seed);
      byte[] images = images(network, 9, seed);
      float[] before = new float[9 * network.classes()];
      float[] other = before.clone();
      float[] after = before.clone();
      byte[][] codes = randomCodes(network, seed);
      try (var engine = new ReferenceEngine(network)) {
        engine.logits(images, 9, before);
        engine.load(codes);
        engine.logits(images, 9, other);
        for (byte[] layer : codes) {
          Arrays.fill(layer, (byte) 0); // the engine has its own copy
        }
        engine.load(network.copyCodes());
        engine.logits(images, 9, after);
      }
      var oracle = new NaiveInference(network, randomCodes(network, seed));
      assertThat(bits(other)).isEqualTo(bits(naive(oracle, images, 9, network.classes())));
      assertThat(bits(after)).isEqualTo(bits(before));
    }
  }

  @Test
  void blockAndBatchSizesDoNotMatter() {
    for (int seed = 0; seed < 30; seed++) {
      QuantizedNetwork network = RandomNetworks.of(seed);
      byte[] images = images(network, 50, seed);
      float[] expected = new float[50 * network.classes()];
      try (var engine = new ReferenceEngine(network)) {
        engine.logits(images, 50, expected);
      }
      for (int block : new int[] {1, 3, 17, 50}) {
        float[] actual = new float[expected.length];
        try (var engine = new ReferenceEngine(network, block)) {
          engine.logits(images, 50, actual);
        }
        assertThat(bits(actual)).isEqualTo(bits(expected));
      }
    }
  }

  @Test
  void twoEnginesOnTwoThreadsGiveTheSame() throws Exception {
    QuantizedNetwork network = RandomNetworks.of(11);
    byte[] images = images(network, 64, 1);
    Callable<int[]> work =
        () -> {
          try (Engine engine = Engines.prepare(network)) {
            float[] logits = new float[64 * network.classes()];
            for (int i = 0; i < 20; i++) {
              engine.load(randomCodes(network, i));
              engine.logits(images, 64, logits);
              engine.load(network.copyCodes());
              engine.logits(images, 64, logits);
            }
            return bits(logits);
          }
        };
    var threads = Executors.newFixedThreadPool(2);
    try {
      var results = threads.invokeAll(List.of(work, work));
      assertThat(results.get(0).get()).isEqualTo(results.get(1).get());
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void refusesCodesAndArraysThatDoNotFit() {
    QuantizedNetwork network = RandomNetworks.of(3);
    try (var engine = new ReferenceEngine(network)) {
      byte[][] codes = network.copyCodes();
      codes[0] = new byte[codes[0].length + 1];
      assertThatThrownBy(() -> engine.load(codes)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> engine.load(new byte[0][]))
          .isInstanceOf(IllegalArgumentException.class);
      byte[] two = images(network, 2, 1);
      assertThatThrownBy(() -> engine.predict(two, 3, new int[3]))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> engine.predict(two, 2, new int[1]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
