package org.bitquake.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.bitquake.fault.ActivationFaultSampler;
import org.bitquake.fault.ActivationFaultSampler.Scope;
import org.bitquake.fault.CellEffect;
import org.bitquake.fault.CellPattern;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.effect.Mixed;
import org.bitquake.memory.ActivationFaults;
import org.bitquake.memory.Storage;
import org.bitquake.memory.StoredCodes;
import org.bitquake.network.MobileNet;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.RandomNetworks;
import org.bitquake.network.ResNet18;
import org.bitquake.network.StoredTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Codes that change in memory between layers: every engine, and the definition of inference. */
class ActivationFaultsTest {
  private static final int[] BATCHES = {1, 5, 40, 70};
  private static final List<CellEffect> EFFECTS =
      List.of(
          FaultKind.BIT_FLIP,
          FaultKind.STUCK_AT_0,
          FaultKind.STUCK_AT_1,
          new Mixed(0.25, 0.5, 0.25));

  /** Of the reference, worked out once for all engines. */
  private static final Map<String, int[]> ANSWERS = new HashMap<>();

  static List<Engines.Status> engines() {
    return Engines.all();
  }

  /** Changes a fifth of all codes to any other, by a hash of image, layer and position. */
  private static final class AnyChange implements ActivationFaults {
    private final QuantizedNetwork network;
    private final Set<Integer> asked = new HashSet<>();

    AnyChange(QuantizedNetwork network) {
      this.network = network;
    }

    @Override
    public void corrupt(int layer, int first, int images, StoredCodes codes) {
      asked.add(layer);
      int codesThere = network.maxCode(layer) + 1;
      for (int position = 0; position < network.shapeOf(layer).size(); position++) {
        for (int image = 0; image < images; image++) {
          var random = new SplittableRandom(Arrays.hashCode(new int[] {first + image, layer}));
          long hash = new SplittableRandom(random.nextLong() + position).nextLong();
          if (hash % 5 == 0) {
            int shift = 1 + (int) Math.floorMod(hash >> 8, (long) codesThere - 1);
            codes.set(image, position, (codes.get(image, position) + shift) % codesThere);
          }
        }
      }
    }
  }

  @Test
  void theReferenceChangesWhatTheDefinitionDoes() {
    int different = 0;
    for (int seed = 0; seed < 160; seed++) {
      var network = seed % 2 == 0 ? RandomNetworks.of(seed) : RandomNetworks.wide(seed);
      byte[] images = images(network, 6, seed);
      var change = new AnyChange(network);
      int[] actual = logits(network, 4, change, images, 6);
      assertThat(change.asked)
          .as(network.name())
          .containsExactlyInAnyOrderElementsOf(StoredTensors.of(network).positions());
      var naive = new NaiveInference(network, network.copyCodes());
      naive.remember(new AnyChange(network));
      for (int i = 0; i < 6; i++) {
        int[] its = Arrays.copyOfRange(actual, i * network.classes(), (i + 1) * network.classes());
        assertThat(its)
            .as("%s, image %d", network.name(), i)
            .isEqualTo(bits(naive.logits(images, i)));
      }
      int[] sound = logits(network, 96, ActivationFaults.NONE, images, 6);
      different += Arrays.equals(actual, sound) ? 0 : 1;
    }
    assertThat(different).as("networks whose logits change").isGreaterThan(120);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void anyChangeOfRandomNetworks(Engines.Status engine) {
    assumeUsable(engine);
    int done = 0;
    for (int seed = 0; seed < 240; seed++) {
      var network = seed < 120 ? RandomNetworks.of(seed) : RandomNetworks.wide(seed);
      if (engine.provider().unsupported(network).isEmpty()) {
        int count = BATCHES[seed % BATCHES.length];
        byte[] images = images(network, count, seed);
        check("any " + seed, engine, network, its -> new AnyChange(network), images, count);
        done++;
      }
    }
    assertThat(done).isGreaterThan(20);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void faultsOfRandomNetworks(Engines.Status engine) {
    assumeUsable(engine);
    for (int seed = 120; seed < 240; seed++) {
      var network = seed % 2 == 0 ? RandomNetworks.of(seed) : RandomNetworks.wide(300 + seed);
      if (engine.provider().unsupported(network).isEmpty()) {
        int count = BATCHES[seed / 2 % BATCHES.length];
        faults("random " + seed, engine, network, seed, 0.02 * (seed % 7), count);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void faultsOfTrainedNetworks(Engines.Status engine) throws IOException {
    assumeUsable(engine);
    int turn = -1;
    for (var file : EngineContractTest.trained().toList()) {
      boolean wide = EngineContractTest.isWide(file);
      turn++;
      if (wide && engine.provider() instanceof ReferenceProvider) {
        continue; // the others ask it
      }
      var network = EngineContractTest.read(file);
      int images = network.macs() < 1_000_000 ? 64 : wide ? 1 : 3;
      faults(file.getFileName().toString(), engine, network, turn, 0.01, images);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void faultsOfKnownShapes(Engines.Status engine) {
    assumeUsable(engine);
    faults("mobilenet", engine, MobileNet.random(5, 3), 1, 0.05, 3);
    faults("resnet18", engine, ResNet18.random(4, 4), 2, 0.05, 3);
  }

  /** Both ways of failing, one after the other in one engine, and none again. */
  private static void faults(
      String what, Engines.Status engine, QuantizedNetwork network, int seed, double rate, int n) {
    byte[] images = images(network, n, seed);
    int[] numbers = IntStream.range(0, n).map(i -> 1000 - 3 * i).toArray();
    check(
        what,
        engine,
        network,
        turn -> {
          if (turn == 2) {
            return ActivationFaults.NONE;
          }
          var scope = new Scope(Storage.DEFAULT, seed % 3 == 0, turn == 1);
          var sampler = new ActivationFaultSampler(seed, network, CellPattern.INSTANCE, scope);
          sampler.draw(seed, rate);
          return sampler.faults(EFFECTS.get((seed + turn) % EFFECTS.size()), rate, numbers);
        },
        images,
        n);
  }

  /** Three memories, one after the other, in an engine and in the reference. */
  private static void check(
      String what,
      Engines.Status engine,
      QuantizedNetwork network,
      IntFunction<ActivationFaults> memories,
      byte[] images,
      int count) {
    try (var fast = engine.provider().prepare(network)) {
      for (int turn = 0; turn < 3; turn++) {
        int memory = turn;
        int[] expected =
            ANSWERS.computeIfAbsent(
                what + ", memory " + turn,
                key -> logits(network, 96, memories.apply(memory), images, count));
        float[] actual = new float[count * network.classes()];
        fast.activations(memories.apply(memory));
        fast.logits(images, count, actual);
        assertThat(bits(actual))
            .as("%s, %s, memory %d", network.name(), what, memory)
            .isEqualTo(expected);
        int[] predictions = new int[count];
        fast.activations(memories.apply(memory));
        fast.predict(images, count, predictions);
        assertThat(predictions)
            .isEqualTo(ReferenceEngineTest.firstMaxima(actual, network.classes()));
      }
    }
  }

  /** The logits that the reference gives with this memory. */
  private static int[] logits(
      QuantizedNetwork network, int block, ActivationFaults memory, byte[] images, int count) {
    try (var engine = new ReferenceEngine(network, Math.min(block, count))) {
      float[] logits = new float[count * network.classes()];
      engine.activations(memory);
      engine.logits(images, count, logits);
      return bits(logits);
    }
  }

  private static int[] bits(float[] logits) {
    return IntStream.range(0, logits.length).map(i -> Float.floatToRawIntBits(logits[i])).toArray();
  }

  private static byte[] images(QuantizedNetwork network, int count, long seed) {
    byte[] images = new byte[count * network.inputShape().size()];
    new SplittableRandom(seed).nextBytes(images);
    return images;
  }

  private static void assumeUsable(Engines.Status engine) {
    assumeTrue(
        engine.usable(), () -> engine.provider().name() + ": " + engine.obstacle().orElse(""));
  }
}
