package org.bitquake.cnvlutin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bitquake.data.Shape;
import org.bitquake.engine.Engines;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.fault.ActivationFaultSampler;
import org.bitquake.fault.BufferFaults;
import org.bitquake.fault.CellPattern;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultTarget;
import org.bitquake.memory.ActivationFaults;
import org.bitquake.memory.Storage;
import org.bitquake.memory.StoredCodes;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.RandomNetworks;
import org.bitquake.network.ResNet18;
import org.bitquake.network.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Offsets that are misread: what values become of it, and what it costs. */
class OffsetFaultsTest {
  private static final long SEED = 3;
  private static final int[] IMAGES = {11, 5, 8};
  private static final Accelerator EVERYTHING = accelerator(16);

  private static Accelerator accelerator(int brick) {
    return new Accelerator(16, 16, 16, brick, LaneAssignment.CONTIGUOUS, 0, true, true);
  }

  private static OffsetFaultSampler sampler(
      QuantizedNetwork network, Accelerator accelerator, boolean isTransient) {
    var offsets = accelerator.offsets(isTransient);
    assertThat(accelerator.stores(offsets)).isTrue();
    return new OffsetFaultSampler(SEED, network, offsets, CellPattern.INSTANCE, Storage.DEFAULT);
  }

  /** Codes {@code [image][position]}. */
  private record Codes(int[][] codes) implements StoredCodes {
    @Override
    public int get(int image, int position) {
      return codes[image][position];
    }

    @Override
    public void set(int image, int position, int code) {
      codes[image][position] = code;
    }
  }

  /** A pair as it lies in a brick. */
  private record Pair(int value, int offset) {}

  /**
   * By the paper's format: lists of pairs for each brick, each with the cells of its offset; then
   * the bricks are unpacked pair by pair.
   */
  private static int[] naive(
      int[] codes, Shape shape, int brick, int zero, Map<Integer, Integer> masks) {
    int[] result = new int[codes.length];
    Arrays.fill(result, zero);
    int bricks = (int) Math.ceil(shape.channels() / (double) brick);
    for (int y = 0; y < shape.height(); y++) {
      for (int x = 0; x < shape.width(); x++) {
        for (int b = 0; b < bricks; b++) {
          List<Pair> pairs = new ArrayList<>();
          for (int c = b * brick; c < Math.min(shape.channels(), (b + 1) * brick); c++) {
            int value = codes[(c * shape.height() + y) * shape.width() + x];
            if (value != zero) {
              pairs.add(new Pair(value, c - b * brick));
            }
          }
          int first = ((y * shape.width() + x) * bricks + b) * brick;
          for (int i = 0; i < pairs.size(); i++) {
            int offset = pairs.get(i).offset() ^ masks.getOrDefault(first + i, 0);
            int channel = b * brick + offset;
            if (offset < brick && channel < shape.channels()) {
              result[(channel * shape.height() + y) * shape.width() + x] = pairs.get(i).value();
            }
          }
        }
      }
    }
    return result;
  }

  /** The faulty cells of the pairs of a tensor, from the law of cells that offsets share. */
  private static Map<Integer, Integer> masks(
      int layer, int pairs, int bits, boolean isTransient, double rate, int image) {
    var cells =
        new BufferFaults(
            SEED,
            FaultTarget.OFFSETS,
            CellPattern.INSTANCE,
            Storage.DEFAULT,
            isTransient,
            pairs,
            bits);
    cells.draw(2, rate);
    cells.use(FaultKind.BIT_FLIP, rate, new int[] {image});
    Map<Integer, Integer> masks = new HashMap<>();
    cells.forEach(layer, pairs, bits, 0, 1, (i, pair, mask) -> masks.put(pair, mask));
    return masks;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void valuesGoWhereTheirOffsetsPoint(boolean isTransient) {
    var random = new SplittableRandom(1);
    int moved = 0;
    for (int seed = 0; seed < 60; seed++) {
      var network = seed % 2 == 0 ? RandomNetworks.of(seed) : RandomNetworks.wide(seed);
      int brick = new int[] {2, 3, 4, 16}[seed / 2 % 4];
      int bits = brick == 2 ? 1 : brick == 16 ? 4 : 2;
      var sampler = sampler(network, accelerator(brick), isTransient);
      sampler.draw(2, 0.2);
      Shape shape = network.inputShape();
      int zero = network.codes(QuantizedNetwork.INPUT).zero();
      int[][] codes = new int[IMAGES.length][shape.size()];
      for (int[] image : codes) {
        Arrays.setAll(image, k -> random.nextInt(2) * (1 + zero + random.nextInt(9)) % 256);
      }
      var read = new Codes(Arrays.stream(codes).map(int[]::clone).toArray(int[][]::new));
      sampler
          .faults(FaultKind.BIT_FLIP, 0.2, IMAGES)
          .corrupt(QuantizedNetwork.INPUT, 0, IMAGES.length, read);
      int pairs = shape.height() * shape.width() * ((shape.channels() + brick - 1) / brick) * brick;
      for (int image = 0; image < IMAGES.length; image++) {
        var masks = masks(-1, pairs, bits, isTransient, 0.2, IMAGES[image]);
        boolean stored =
            network.weightLayers().stream().anyMatch(l -> l.input() == QuantizedNetwork.INPUT);
        if (stored) {
          assertThat(read.codes()[image])
              .as("network %d, image %d", seed, image)
              .isEqualTo(naive(codes[image], shape, brick, zero, masks));
          moved += Arrays.equals(read.codes()[image], codes[image]) ? 0 : 1;
        }
      }
    }
    assertThat(moved).isGreaterThan(100);
  }

  @Test
  void collisionsLossesAndWhatStays() {
    var network = ResNet18.random(4, 1); // 4 channels in a brick of 16: 12 offsets are beyond
    var sampler = sampler(network, EVERYTHING, false);
    sampler.draw(0, 1);
    var shape = network.shapeOf(0);
    int[] codes = new int[shape.size()];
    int plane = shape.height() * shape.width();
    codes[plane] = 5; // position 0: channels 1 and 2
    codes[2 * plane] = 6;
    codes[3 * plane + 1] = 7; // position 1: channel 3
    var read = new Codes(new int[][] {codes.clone()});
    sampler.faults(FaultKind.STUCK_AT_0, 1, IMAGES).corrupt(0, 0, 1, read);
    assertThat(read.codes()[0][0]).as("the later of two").isEqualTo(6);
    assertThat(read.codes()[0][1]).as("alone").isEqualTo(7);
    assertThat(Arrays.stream(read.codes()[0]).filter(code -> code != 0).count()).isEqualTo(2);
    assertThat(sampler.tally().changed()).as("offsets that point elsewhere").isEqualTo(3);
    read = new Codes(new int[][] {codes.clone()});
    sampler.faults(FaultKind.STUCK_AT_1, 1, IMAGES).corrupt(0, 0, 1, read);
    assertThat(read.codes()[0]).as("channel 15 of 4").containsOnly(0);
    codes = new int[shape.size()];
    codes[0] = 9;
    read = new Codes(new int[][] {codes.clone()});
    sampler.faults(FaultKind.STUCK_AT_0, 1, IMAGES).corrupt(0, 0, 1, read);
    assertThat(read.codes()[0]).as("onto its own place").isEqualTo(codes);
  }

  @Test
  void onlyWhatIsReadWithoutZerosHasOffsets() {
    var network = ResNet18.random(4, 1);
    var sampler = sampler(network, Accelerator.ISCA_2016, false);
    sampler.draw(0, 1);
    var image = new Codes(new int[][] {new int[network.inputShape().size()]});
    Arrays.fill(image.codes()[0], 3);
    sampler.faults(FaultKind.STUCK_AT_0, 1, IMAGES).corrupt(QuantizedNetwork.INPUT, 0, 1, image);
    assertThat(image.codes()[0]).containsOnly(3);
    var some = new Codes(new int[][] {new int[network.shapeOf(0).size()]});
    Arrays.fill(some.codes()[0], 3);
    sampler.faults(FaultKind.STUCK_AT_0, 1, IMAGES).corrupt(0, 0, 1, some);
    assertThat(some.codes()[0]).contains(0);
    assertThat(sampler.tally().faultyCells()).isEqualTo(32 * 32 * 16 * 4);
  }

  @Test
  void everyEngineReadsTheSame() {
    for (var engine : Engines.all()) {
      for (int seed : new int[] {1, 2, 3, 4}) {
        var network = ResNet18.random(4, seed);
        if (engine.usable() && engine.provider().unsupported(network).isEmpty()) {
          byte[] images = images(network, 3);
          var sampler = sampler(network, Accelerator.ISCA_2016, seed % 2 == 0);
          sampler.draw(seed, 0.05);
          float[] expected = new float[3 * network.classes()];
          float[] actual = new float[expected.length];
          try (var reference = new ReferenceEngine(network);
              var fast = engine.provider().prepare(network)) {
            reference.logits(images, 3, actual);
            reference.activations(sampler.faults(FaultKind.BIT_FLIP, 0.05, IMAGES));
            reference.logits(images, 3, expected);
            assertThat(expected).isNotEqualTo(actual);
            fast.activations(sampler.faults(FaultKind.BIT_FLIP, 0.05, IMAGES));
            fast.logits(images, 3, actual);
          }
          assertThat(actual).as(engine.provider().name()).isEqualTo(expected);
        }
      }
    }
  }

  private static byte[] images(QuantizedNetwork network, int count) {
    byte[] images = new byte[count * network.inputShape().size()];
    new SplittableRandom(4).nextBytes(images);
    return images;
  }

  private static Map<String, LayerCounts> simulate(
      QuantizedNetwork network, ActivationFaults activations, ActivationFaults offsets) {
    Map<String, LayerCounts> counts = new HashMap<>();
    try (var simulator = new NetworkSimulator(network, EVERYTHING, CountingSimulator::new, 3)) {
      simulator.run(
          images(network, 3),
          3,
          activations,
          offsets,
          (image, layer, its) ->
              assertThat(counts.put(image + "/" + layer, its)).as("told once").isNull());
    }
    return counts;
  }

  @Test
  void withoutFaultsTheCyclesAreThoseOfASoundMemory() {
    for (int seed = 0; seed < 40; seed++) {
      var network = RandomNetworks.wide(seed);
      if (network.weightLayers().stream().allMatch(l -> countable(l.geometry().window()))) {
        Map<String, LayerCounts> sound = new HashMap<>();
        try (var simulator = new NetworkSimulator(network, EVERYTHING, CountingSimulator::new, 3)) {
          simulator.run(
              images(network, 3), 3, (image, layer, its) -> sound.put(image + "/" + layer, its));
        }
        assertThat(simulate(network, ActivationFaults.NONE, ActivationFaults.NONE))
            .as("network %d", seed)
            .isEqualTo(sound);
      }
    }
  }

  private static boolean countable(Window window) {
    return window.strideY() == window.strideX()
        && window.dilationY() == 1
        && window.dilationX() == 1;
  }

  /** What a layer takes follows from the codes that were stored, not from those that are read. */
  @Test
  void pairsTakeTheirCyclesWhereverTheirOffsetsPoint() {
    var network = ResNet18.random(4, 1);
    var sampler = sampler(network, EVERYTHING, false);
    sampler.draw(0, 0.3);
    var offsets = sampler.faults(FaultKind.BIT_FLIP, 0.3, IMAGES);
    var sound = simulate(network, ActivationFaults.NONE, ActivationFaults.NONE);
    var faulty = simulate(network, ActivationFaults.NONE, offsets);
    assertThat(faulty.get("0/0")).as("reads the image's pairs").isEqualTo(sound.get("0/0"));
    assertThat(faulty.get("0/1")).as("reads what became of it").isNotEqualTo(sound.get("0/1"));

    var layer = network.weightLayers().get(1);
    List<LayerCounts> stored = new ArrayList<>();
    List<LayerCounts> read = new ArrayList<>();
    try (var engine = new ReferenceEngine(network)) {
      for (var its : List.of(stored, read)) {
        int last = its == stored ? QuantizedNetwork.INPUT : layer.input();
        engine.activations(
            (position, first, n, codes) -> {
              if (position <= last) {
                offsets.corrupt(position, first, n, codes);
              }
            });
        engine.trace(
            images(network, 3),
            3,
            (image, position, from, codes) -> {
              if (position == layer.input()) {
                its.add(
                    new CountingSimulator(EVERYTHING, layer.inputShape(), layer.geometry(), true)
                        .run(codes));
              }
            });
      }
    }
    for (int image = 0; image < 3; image++) {
      assertThat(faulty.get(image + "/1")).isEqualTo(stored.get(image));
      assertThat(faulty.get(image + "/1").effectualMacs())
          .as("with the pairs that are lost or overwritten")
          .isGreaterThan(read.get(image).effectualMacs());
    }
  }

  /** Codes fail before they are encoded, so that cycles are those of the codes that are read. */
  @Test
  void faultsOfCodesChangeWhatIsEncoded() {
    var network = ResNet18.random(4, 1);
    var scope = new ActivationFaultSampler.Scope(Storage.DEFAULT, true, false);
    var codes = new ActivationFaultSampler(SEED, network, CellPattern.INSTANCE, scope);
    codes.draw(0, 1);
    var faults = codes.faults(FaultKind.STUCK_AT_1, 1, IMAGES);
    var counts = simulate(network, faults, ActivationFaults.NONE);
    assertThat(counts.values())
        .filteredOn(its -> its.activations() > network.shapeOf(0).channels() * 16L)
        .allSatisfy(its -> assertThat(its.zeroActivations()).isZero());
    assertThat(counts).hasSize(3 * network.weightLayers().size());
  }

  @Test
  void whatHasNoOffsetsIsRefused() {
    var network = ResNet18.random(4, 1);
    for (int brick : new int[] {1, 257}) {
      assertThatThrownBy(() -> sampler(network, accelerator(brick), false))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "bricks of " + brick + " values; faults of offsets are for bricks of 2 to 256");
    }
    assertThat(IntStream.of(2, 256).mapToObj(brick -> sampler(network, accelerator(brick), true)))
        .hasSize(2);
  }
}
