package org.bitquake.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bitquake.engine.ReferenceEngineTest.DIFFERENT;
import static org.bitquake.engine.ReferenceEngineTest.repeated;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.data.Dataset;
import org.bitquake.data.Datasets;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultSampler;
import org.bitquake.fault.FaultScope;
import org.bitquake.network.MobileNet;
import org.bitquake.network.QnnFile;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.RandomNetworks;
import org.bitquake.network.ResNet18;
import org.bitquake.network.Vgg11;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every engine against the reference: logits equal to the bit. */
class EngineContractTest {
  private static final List<FaultKind> KINDS = List.of(FaultKind.values());
  private static final Dataset FASHION =
      Datasets.load("fashion-mnist", "test", Optional.empty(), new Configuration());
  private static final int[] BATCHES = {1, 7, 64, 250};
  private static final int FEW = 5;

  /** Of the reference, worked out once for all engines. */
  private static final Map<String, Answer> ANSWERS = new HashMap<>();

  static List<Engines.Status> engines() {
    return Engines.all();
  }

  /** All but the reference, whose answers are those that are compared with. */
  static List<Engines.Status> others() {
    return engines().stream().filter(e -> !e.provider().name().equals("reference")).toList();
  }

  /** Whether the reference engine takes tens of milliseconds an image of this network. */
  static boolean isWide(Path file) throws IOException {
    return Files.size(file) > 2_000_000;
  }

  static Stream<Path> trained() throws IOException {
    try (var files = Files.list(Path.of("../conf/networks"))) {
      return files.filter(f -> f.toString().endsWith(".qnn.npz")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void isUsableHere(Engines.Status engine) {
    assumeUsable(engine);
    assertThat(KnownAnswers.failure(engine.provider())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void randomNetworks(Engines.Status engine) {
    assumeUsable(engine);
    int done = 0;
    int raised = 0;
    for (int seed = 0; seed < 750; seed++) {
      QuantizedNetwork network =
          seed < 300
              ? RandomNetworks.of(seed)
              : seed < 600
                  ? RandomNetworks.wide(seed)
                  : RandomNetworks.midRise(RandomNetworks.of(seed));
      if (engine.provider().unsupported(network).isEmpty()) {
        int count = BATCHES[seed % BATCHES.length];
        byte[] images = images(network, count, seed);
        try (var fast = engine.provider().prepare(network)) {
          assertSame("own " + seed, network, fast, network.copyCodes(), images, count);
          byte[][] codes = randomCodes(network, seed);
          fast.load(codes);
          for (byte[] layer : codes) {
            Arrays.fill(layer, (byte) 0); // an engine has its own copy
          }
          assertSame("loaded " + seed, network, fast, randomCodes(network, seed), images, count);
          fast.load(network.copyCodes());
          int few = Math.min(count, 9);
          assertSame("again " + seed, network, fast, network.copyCodes(), images, few);
        }
        done++;
        raised += seed < 600 ? 0 : 1;
      }
    }
    assertThat(done).as("networks that it supports").isGreaterThan(25);
    assertThat(raised).as("of mid-rise weights").isGreaterThan(8);
  }

  /**
   * Grouped convolutions with residuals of odd ratios, which oneDNN's plain kernel rounds twice.
   */
  @ParameterizedTest
  @MethodSource("engines")
  void groupsWithResiduals(Engines.Status engine) {
    assumeUsable(engine);
    var network = RandomNetworks.of(412);
    if (engine.provider().unsupported(network).isEmpty()) {
      byte[] images = images(network, 40, 412);
      try (var fast = engine.provider().prepare(network)) {
        assertSame("groups 412", network, fast, network.copyCodes(), images, 40);
      }
    }
  }

  /** The shapes of well-known networks: depthwise groups, strides, deep pooling, shortcuts. */
  @ParameterizedTest
  @MethodSource("engines")
  void architectures(Engines.Status engine) {
    assumeUsable(engine);
    var networks =
        List.of(
            Vgg11.random(8, 1),
            MobileNet.random(8, 2),
            MobileNet.random(5, 3),
            ResNet18.random(8, 4),
            RandomNetworks.midRise(Vgg11.random(8, 5)),
            RandomNetworks.midRise(MobileNet.random(8, 6)),
            RandomNetworks.midRise(ResNet18.random(8, 7)));
    for (QuantizedNetwork network : networks) {
      assertThat(engine.provider().unsupported(network)).as(network.name()).isEmpty();
      int count = 5;
      byte[] images = images(network, count, 3);
      try (var fast = engine.provider().prepare(network)) {
        String shape = " shape " + networks.indexOf(network);
        assertSame("own" + shape, network, fast, network.copyCodes(), images, count);
        byte[][] codes = randomCodes(network, 5);
        fast.load(codes);
        assertSame("loaded" + shape, network, fast, codes, images, count);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("others")
  void trainedNetworksUnderFaultsOfEveryKind(Engines.Status engine) throws IOException {
    assumeUsable(engine);
    int wide = 0; // of these each has every second trial, the next one the others
    for (Path file : trained().toList()) {
      QuantizedNetwork network = read(file);
      assertThat(engine.provider().unsupported(network)).isEmpty();
      boolean isWide = isWide(file);
      wide += isWide ? 1 : 0;
      boolean small = network.inputShape().equals(FASHION.shape());
      int[] weights =
          network.weightLayers().stream().mapToInt(c -> c.weights().codes().length).toArray();
      int[] bits = network.weightLayers().stream().mapToInt(c -> c.weights().bits()).toArray();
      var sampler = new FaultSampler(5, weights, bits, FaultScope.ALL);
      try (var fast = engine.provider().prepare(network)) {
        int trials = small ? 12 : 4; // a large network takes its time in the reference engine
        int step = isWide ? 2 : 1;
        for (int trial = isWide ? wide % 2 : 0; trial < trials; trial += step) {
          byte[][] codes = network.copyCodes();
          var kind = KINDS.get(trial % KINDS.size());
          double rate = new double[] {0.001, 0.01, 0.05, 0.5}[trial * 4 / trials];
          sampler.draw(trial, rate).apply(kind, rate, Encoding.TWOS_COMPLEMENT, codes);
          fast.load(codes);
          int count = BATCHES[trial % BATCHES.length];
          count = isWide ? Math.min(count, FEW) : count;
          byte[] images = small ? fashion(400 * trial, count) : images(network, count, trial);
          assertSame(file + " trial " + trial, network, fast, codes, images, count);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void twoThreadsGiveTheSame(Engines.Status engine) throws Exception {
    assumeUsable(engine);
    QuantizedNetwork network = read(trained().findFirst().orElseThrow());
    byte[] images = images(network, 64, 1);
    byte[][] codes = randomCodes(network, 3);
    float[] expected = new float[64 * network.classes()];
    try (var reference = new ReferenceEngine(network)) {
      reference.load(codes);
      reference.logits(images, 64, expected);
    }
    Callable<int[]> work =
        () -> {
          try (var fast = engine.provider().prepare(network)) {
            float[] logits = new float[expected.length];
            for (int i = 0; i < 10; i++) {
              fast.load(network.copyCodes());
              fast.logits(images, 64, logits);
              fast.load(codes);
              fast.logits(images, 64, logits);
            }
            return bits(logits);
          }
        };
    var threads = Executors.newFixedThreadPool(2);
    try {
      for (var result : threads.invokeAll(List.of(work, work))) {
        assertThat(result.get()).isEqualTo(bits(expected));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void wrongSizesAreRefused(Engines.Status engine) throws IOException {
    assumeUsable(engine);
    QuantizedNetwork network = read(trained().findFirst().orElseThrow());
    try (var fast = engine.provider().prepare(network)) {
      assertThatThrownBy(() -> fast.predict(new byte[783], 1, new int[1]))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> fast.predict(new byte[784 * 2], 2, new int[1]))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> fast.logits(new byte[784], 1, new float[9]))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> fast.load(new byte[4][]))
          .isInstanceOf(IllegalArgumentException.class);
      byte[][] codes = network.copyCodes();
      codes[1][0] = 8;
      assertThatThrownBy(() -> fast.load(codes)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** What the reference says. */
  private record Answer(int[] logits, int[] predictions) {
    static Answer of(QuantizedNetwork network, byte[][] codes, byte[] images, int count) {
      float[] logits = new float[count * network.classes()];
      int different = Math.min(count, DIFFERENT);
      try (var reference = ReferenceEngine.forBatches(network, different)) {
        reference.load(codes);
        reference.logits(images, different, logits);
      }
      for (int i = different * network.classes(); i < logits.length; i++) {
        logits[i] = logits[i - different * network.classes()];
      }
      return new Answer(bits(logits), ReferenceEngineTest.firstMaxima(logits, network.classes()));
    }
  }

  /** The engine's own answers must be the reference's with these codes; {@code what} is unique. */
  private static void assertSame(
      String what,
      QuantizedNetwork network,
      Engine fast,
      byte[][] codes,
      byte[] images,
      int count) {
    var expected = ANSWERS.computeIfAbsent(what, w -> Answer.of(network, codes, images, count));
    float[] actual = new float[count * network.classes()];
    fast.logits(images, count, actual);
    assertThat(bits(actual)).as("%s: %s", network.name(), what).isEqualTo(expected.logits());
    int[] predictions = new int[count];
    fast.predict(images, count, predictions);
    assertThat(predictions).as("%s: %s", network.name(), what).isEqualTo(expected.predictions());
  }

  private static void assumeUsable(Engines.Status engine) {
    assumeTrue(
        engine.usable(), () -> engine.provider().name() + ": " + engine.obstacle().orElse(""));
  }

  static QuantizedNetwork read(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return QnnFile.read(in, file.toString());
    }
  }

  private static byte[] images(QuantizedNetwork network, int count, long seed) {
    int size = network.inputShape().size();
    byte[] images = new byte[Math.min(count, DIFFERENT) * size];
    new SplittableRandom(seed).nextBytes(images);
    return repeated(images, count * size);
  }

  private static byte[] fashion(int first, int count) {
    int size = FASHION.shape().size();
    int different = Math.min(count, DIFFERENT);
    byte[] images = Arrays.copyOfRange(FASHION.pixels(), first * size, (first + different) * size);
    return repeated(images, count * size);
  }

  static byte[][] randomCodes(QuantizedNetwork network, long seed) {
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
}
