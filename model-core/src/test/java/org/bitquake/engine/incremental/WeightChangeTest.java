package org.bitquake.engine.incremental;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.engine.incremental.WeightChange.Effect;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.RandomNetworks;
import org.junit.jupiter.api.Test;

/** Every kind of layer, against the reference engine with the changed code loaded. */
class WeightChangeTest {
  private static final int NETWORKS = 400;
  private static final int IMAGES = 5;
  private static final int FAULTS = 12;

  @Test
  void logitsAreThoseOfTheReferenceEngine() {
    Map<Effect, Integer> effects = new EnumMap<>(Effect.class);
    for (int seed = 0; seed < NETWORKS; seed++) {
      check(RandomNetworks.of(seed), seed, effects);
      check(RandomNetworks.wide(seed), seed, effects);
    }
    assertThat(effects.get(Effect.NONE)).as("masked").isGreaterThan(1000);
    assertThat(effects.get(Effect.OTHER_LOGITS)).as("not masked").isGreaterThan(1000);
    assertThat(effects.get(Effect.UNKNOWN)).as("given up").isGreaterThan(1000);
  }

  private static void check(QuantizedNetwork network, int seed, Map<Effect, Integer> effects) {
    var random = new SplittableRandom(seed);
    byte[] images = new byte[IMAGES * network.inputShape().size()];
    random.nextBytes(images);
    var change = new WeightChange(network);
    var traces = new ImageTrace[IMAGES];
    for (int i = 0; i < IMAGES; i++) {
      traces[i] = change.trace(images, i);
    }
    try (var reference = new ReferenceEngine(network)) {
      compareGolden(network, reference, images, traces);
      for (int f = 0; f < FAULTS; f++) {
        byte[][] codes = network.copyCodes();
        int layer = random.nextInt(codes.length);
        int weight = random.nextInt(codes[layer].length);
        int bits = network.weightLayers().get(layer).weights().bits();
        byte before = codes[layer][weight];
        byte after = (byte) (random.nextInt(1 << bits) - (1 << (bits - 1)));
        codes[layer][weight] = after;
        reference.load(codes);
        float[] expected = new float[IMAGES * network.classes()];
        int[] predictions = new int[IMAGES];
        reference.logits(images, IMAGES, expected);
        reference.predict(images, IMAGES, predictions);
        for (int i = 0; i < IMAGES; i++) {
          effects.merge(
              change.run(traces[i], layer, weight, after - before, random.nextInt(50)),
              1,
              Integer::sum);
          var effect = change.run(traces[i], layer, weight, after - before, Long.MAX_VALUE);
          effects.merge(effect, 1, Integer::sum);
          float[] its = row(expected, i, network.classes());
          assertThat(change.logits()).as("network %d", seed).isEqualTo(its);
          assertThat(change.prediction()).isEqualTo(predictions[i]);
          assertThat(effect == Effect.NONE).isEqualTo(Arrays.equals(its, traces[i].logits()));
        }
      }
    }
  }

  private static void compareGolden(
      QuantizedNetwork network, ReferenceEngine reference, byte[] images, ImageTrace[] traces) {
    float[] expected = new float[IMAGES * network.classes()];
    int[] predictions = new int[IMAGES];
    reference.logits(images, IMAGES, expected);
    reference.predict(images, IMAGES, predictions);
    for (int i = 0; i < IMAGES; i++) {
      assertThat(traces[i].logits()).isEqualTo(row(expected, i, network.classes()));
      assertThat(traces[i].prediction()).isEqualTo(predictions[i]);
    }
    int width = network.layers().size();
    int[] seen = new int[1];
    reference.trace(
        images,
        IMAGES,
        (image, position, layer, codes) -> {
          var shape = layer.outputShape();
          int plane = shape.height() * shape.width();
          for (int k = 0; k < codes.length; k++) {
            int place = k % plane * shape.channels() + k / plane;
            assertThat(traces[image].codes[position + 1][place]).isEqualTo(codes[k]);
          }
          seen[0]++;
        });
    assertThat(seen[0]).isEqualTo(IMAGES * (network.outputCodes().isPresent() ? width : width - 1));
  }

  private static float[] row(float[] logits, int image, int classes) {
    return Arrays.copyOfRange(logits, image * classes, (image + 1) * classes);
  }
}
