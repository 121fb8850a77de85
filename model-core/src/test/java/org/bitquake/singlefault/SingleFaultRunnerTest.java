package org.bitquake.singlefault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.bitquake.engine.Engine;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.EventPlaces;
import org.bitquake.fault.FaultEvent;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.FaultStratum;
import org.bitquake.fault.SingleFault;
import org.bitquake.fault.SingleFaultSampler;
import org.bitquake.fault.Stratification;
import org.bitquake.memory.ActivationFaults;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.Storage;
import org.bitquake.network.MobileNet;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.RandomNetworks;
import org.bitquake.network.Vgg11;
import org.bitquake.singlefault.SingleFaultRunner.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Against one run of the reference engine for each fault and image. */
class SingleFaultRunnerTest {
  private static final int IMAGES = 23;
  private static final List<FaultKind> KINDS = List.of(FaultKind.values());

  private static List<SingleFault> someFaults(QuantizedNetwork network, SplittableRandom random) {
    List<SingleFault> faults = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      int layer = random.nextInt(network.weightLayers().size());
      var weights = network.weightLayers().get(layer).weights();
      faults.add(
          new SingleFault(
              layer, random.nextInt(weights.codes().length), random.nextInt(weights.bits())));
    }
    return faults;
  }

  /** Always whole runs; always the trace; the trace as long as it is cheap. */
  @ParameterizedTest
  @CsvSource({"1000000, 0", "0, 1000000000", "0, 60"})
  void effectsAreThoseOfPlainRuns(int leastToTrace, long budget) {
    Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    for (int seed = 0; seed < 56; seed++) {
      var kind = KINDS.get(seed % 3);
      var network = network(seed);
      var random = new SplittableRandom(seed);
      byte[] pixels = new byte[IMAGES * network.inputShape().size()];
      random.nextBytes(pixels);
      byte[] labels = new byte[IMAGES];
      for (int i = 0; i < IMAGES; i++) {
        labels[i] = (byte) random.nextInt(network.classes());
      }
      var faults = someFaults(network, random);
      try (var runner = runner(network, kind, pixels, labels, () -> new ReferenceEngine(network))) {
        var known = new AtomicInteger();
        var results = runner.with(leastToTrace, budget).run(faults, known::addAndGet);
        assertThat(known).hasValue(faults.size() * IMAGES);
        assertThat(results).extracting(Result::fault).isEqualTo(faults);
        for (var result : results) {
          var expected = plain(network, kind, pixels, labels, result.fault());
          assertThat(result.effect()).contains(expected);
          outcomes.merge(expected.outcome(), 1, Integer::sum);
        }
      }
    }
    assertThat(outcomes)
        .hasSize(3)
        .allSatisfy((outcome, count) -> assertThat(count).isGreaterThan(30));
  }

  private static QuantizedNetwork network(int seed) {
    return switch (seed) {
      case 40 -> Vgg11.random(1, seed);
      case 41 -> MobileNet.random(1, seed);
      default ->
          seed < 40
              ? RandomNetworks.of(seed)
              : RandomNetworks.midRise(RandomNetworks.of(seed - 42));
    };
  }

  private static SingleFaultRunner runner(
      QuantizedNetwork network,
      FaultKind kind,
      byte[] pixels,
      byte[] labels,
      java.util.function.Supplier<Engine> engines) {
    return new SingleFaultRunner(network, kind, Encoding.TWOS_COMPLEMENT, pixels, labels, engines);
  }

  /** Events of several cells: of one weight, of neighbours, of a whole line. */
  @ParameterizedTest
  @CsvSource({"1x2, 0", "1x2, 1000000", "2x2, 0", "row, 0", "column, 0"})
  void effectsOfEventsAreThoseOfPlainRuns(String label, int leastToTrace) {
    Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    var storage = new Storage(16, 8, 2, label.equals("2x2"));
    for (int seed = 0; seed < 12; seed++) {
      var kind = KINDS.get(seed % 3);
      var network = network(seed);
      int[] weights =
          network.weightLayers().stream().mapToInt(l -> l.weights().codes().length).toArray();
      int[] bits = network.weightLayers().stream().mapToInt(l -> l.weights().bits()).toArray();
      var places =
          new EventPlaces(
              FaultEvent.of(label), new MemoryLayout(storage, weights, bits, 1), FaultScope.ALL);
      var strata =
          FaultStratum.of(Stratification.NETWORK, bits, places::count, n -> Math.min(n, 9));
      var sampler = new SingleFaultSampler(seed, strata, places);
      List<SingleFault> faults = new ArrayList<>();
      for (long number = 0; number < sampler.count(); number++) {
        faults.add(sampler.fault(number));
      }
      byte[] pixels = new byte[IMAGES * network.inputShape().size()];
      new SplittableRandom(seed).nextBytes(pixels);
      byte[] labels = new byte[IMAGES];
      try (var runner =
          new SingleFaultRunner(
              network,
              FaultReads.plain(network, kind, Encoding.TWOS_COMPLEMENT, places::cells),
              pixels,
              labels,
              () -> new ReferenceEngine(network))) {
        var known = new AtomicInteger();
        var results = runner.with(leastToTrace, 1_000_000_000).run(faults, known::addAndGet);
        assertThat(known).hasValue(faults.size() * IMAGES);
        for (var result : results) {
          var expected = plain(network, kind, pixels, labels, places.cells(result.fault()));
          var effect = result.effect().orElseThrow();
          assertThat(effect)
              .usingRecursiveComparison()
              .ignoringFields("before", "after")
              .isEqualTo(expected);
          outcomes.merge(effect.outcome(), 1, Integer::sum);
        }
      }
    }
    assertThat(outcomes.getOrDefault(Outcome.CHANGED_PREDICTION, 0)).isPositive();
  }

  private static FaultEffect plain(
      QuantizedNetwork network, FaultKind kind, byte[] pixels, byte[] labels, SingleFault fault) {
    return plain(network, kind, pixels, labels, List.of(fault));
  }

  private static FaultEffect plain(
      QuantizedNetwork network,
      FaultKind kind,
      byte[] pixels,
      byte[] labels,
      List<SingleFault> faults) {
    byte[][] codes = network.copyCodes();
    int before = codes[faults.get(0).layer()][faults.get(0).weight()];
    int after = before;
    boolean changed = false;
    for (var fault : faults) { // one after the other: no cell is there twice
      int code = codes[fault.layer()][fault.weight()];
      int bits = network.weightLayers().get(fault.layer()).weights().bits();
      int cells = kind.apply(code & ((1 << bits) - 1), 1 << fault.bit());
      after = cells >= 1 << (bits - 1) ? cells - (1 << bits) : cells;
      codes[fault.layer()][fault.weight()] = (byte) after;
      changed |= after != code;
    }
    if (faults.size() > 1) {
      before = changed ? 0 : 1; // codes of one weight say nothing of an event
      after = 1;
    }
    int classes = network.classes();
    float[] golden = new float[IMAGES * classes];
    float[] faulty = new float[IMAGES * classes];
    int[] goldenClass = new int[IMAGES];
    int[] faultyClass = new int[IMAGES];
    try (var engine = new ReferenceEngine(network)) {
      engine.logits(pixels, IMAGES, golden);
      engine.predict(pixels, IMAGES, goldenClass);
      engine.load(codes);
      engine.logits(pixels, IMAGES, faulty);
      engine.predict(pixels, IMAGES, faultyClass);
    }
    int[] counts = new int[4];
    for (int i = 0; i < IMAGES; i++) {
      int from = i * classes;
      counts[0] +=
          Arrays.equals(golden, from, from + classes, faulty, from, from + classes) ? 0 : 1;
      counts[1] += goldenClass[i] == faultyClass[i] ? 0 : 1;
      counts[2] += goldenClass[i] == labels[i] && faultyClass[i] != labels[i] ? 1 : 0;
      counts[3] += goldenClass[i] != labels[i] && faultyClass[i] == labels[i] ? 1 : 0;
    }
    return new FaultEffect(before, after, IMAGES, counts[0], counts[1], counts[2], counts[3]);
  }

  @ParameterizedTest
  @EnumSource(FaultKind.class)
  void aFaultOnTheValueItHoldsIsMaskedWithoutARun(FaultKind kind) {
    var network = RandomNetworks.of(3);
    byte[] pixels = new byte[IMAGES * network.inputShape().size()];
    var runs = new AtomicInteger();
    try (var runner =
        runner(
            network,
            kind,
            pixels,
            new byte[IMAGES],
            () -> {
              runs.incrementAndGet();
              return new ReferenceEngine(network);
            })) {
      var code = network.copyCodes()[0][0];
      var fault = new SingleFault(0, 0, 0);
      var effect = runner.run(List.of(fault)).get(0).effect().orElseThrow();
      boolean holds =
          kind != FaultKind.BIT_FLIP && (code & 1) == (kind == FaultKind.STUCK_AT_1 ? 1 : 0);
      assertThat(effect.before() == effect.after()).isEqualTo(holds);
      assertThat(!holds || effect.outcome() == Outcome.MASKED).isTrue();
    }
    assertThat(runs).hasValue(1);
  }

  /** The engine fails on the third load: golden run, first fault, second fault. */
  @Test
  void aFailureIsTheResultOfItsFaultAlone() {
    var network = RandomNetworks.of(5);
    byte[] pixels = new byte[IMAGES * network.inputShape().size()];
    Arrays.fill(pixels, (byte) 77);
    var loads = new AtomicInteger();
    try (var runner =
        runner(
            network,
            FaultKind.BIT_FLIP,
            pixels,
            new byte[IMAGES],
            () -> new FailingEngine(new ReferenceEngine(network), loads, 3))) {
      var faults =
          List.of(new SingleFault(0, 0, 0), new SingleFault(0, 0, 1), new SingleFault(0, 0, 0));
      var results = runner.run(faults);
      assertThat(results.get(1).effect()).isEmpty();
      assertThat(results.get(1).failure())
          .get()
          .hasToString("java.lang.IllegalStateException: broken");
      assertThat(results.get(2).effect()).isPresent().isEqualTo(results.get(0).effect());
    }
  }

  private record FailingEngine(Engine engine, AtomicInteger loads, int failAt) implements Engine {
    @Override
    public String name() {
      return "failing";
    }

    @Override
    public void activations(ActivationFaults faults) {
      engine.activations(faults);
    }

    @Override
    public void load(byte[][] codes) {
      if (loads.incrementAndGet() == failAt) {
        throw new IllegalStateException("broken");
      }
      engine.load(codes);
    }

    @Override
    public void logits(byte[] images, int count, float[] logits) {
      engine.logits(images, count, logits);
    }

    @Override
    public void predict(byte[] images, int count, int[] predictions) {
      engine.predict(images, count, predictions);
    }

    @Override
    public void close() {
      engine.close();
    }
  }

  @Test
  void refusesPixelsThatAreNotTheImages() {
    var network = RandomNetworks.of(5);
    assertThatThrownBy(
            () -> runner(network, FaultKind.BIT_FLIP, new byte[1], new byte[1], () -> null))
        .hasMessageContaining("1 bytes are not 1 images");
    assertThatThrownBy(() -> new FaultEffect(1, 2, 10, 3, 4, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
