package org.bitquake.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultMap;
import org.bitquake.fault.FaultSampler;
import org.bitquake.fault.FaultScope;
import org.bitquake.network.Convolution;
import org.bitquake.network.Convolution.WeightCodes;
import org.bitquake.network.Layer;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.RandomNetworks;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Faults in the cells of unsigned mid-rise codes, end to end, against the definition: cells hold q,
 * straight or as Gray code, the weight is 2q − (2^b − 1). The oracle never sees a signed code: it
 * corrupts q bit by bit and infers with plain weights of one bit more.
 */
class MidRiseFaultsTest {
  private static final int IMAGES = 9;
  private static final double RATE = 0.1;
  private static final List<FaultKind> KINDS = List.of(FaultKind.values());

  static List<Engines.Status> engines() {
    return Engines.all();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void weightsAndLogitsAreThoseOfCorruptedLevels(Engines.Status engine) {
    assumeTrue(engine.usable(), () -> engine.obstacle().orElse(""));
    int done = 0;
    for (int seed = 0; seed < 120; seed++) {
      var network = RandomNetworks.midRise(RandomNetworks.of(seed));
      if (engine.provider().unsupported(network).isPresent()
          || network.weightLayers().stream().anyMatch(c -> c.weights().bits() < 2)) {
        continue;
      }
      var kind = KINDS.get(seed % 3);
      boolean gray = seed % 2 == 1;
      var map = map(network, seed);
      byte[][] codes = network.copyCodes();
      map.apply(kind, RATE, gray ? Encoding.GRAY : Encoding.OFFSET_BINARY, codes);
      int[][] weights = corrupted(network, map, kind, gray);

      byte[] images = new byte[IMAGES * network.inputShape().size()];
      new SplittableRandom(seed).nextBytes(images);
      float[] logits = new float[IMAGES * network.classes()];
      try (var fast = engine.provider().prepare(network)) {
        fast.load(codes);
        fast.logits(images, IMAGES, logits);
      }
      var plain = plain(network, weights);
      var naive = new NaiveInference(plain, plain.copyCodes());
      for (int i = 0; i < IMAGES; i++) {
        float[] expected = naive.logits(images, i);
        for (int c = 0; c < expected.length; c++) {
          assertThat(logits[i * expected.length + c]).as("seed %d", seed).isEqualTo(expected[c]);
        }
      }
      done++;
    }
    assertThat(done).isGreaterThan(10);
  }

  private static FaultMap map(QuantizedNetwork network, long seed) {
    int[] weights =
        network.weightLayers().stream().mapToInt(c -> c.weights().codes().length).toArray();
    int[] bits = network.weightLayers().stream().mapToInt(c -> c.weights().bits()).toArray();
    return new FaultSampler(seed, weights, bits, FaultScope.ALL).draw(1, RATE);
  }

  private static int[][] corrupted(
      QuantizedNetwork network, FaultMap map, FaultKind kind, boolean gray) {
    int layers = network.weightLayers().size();
    int[][] cells = new int[layers][];
    for (int l = 0; l < layers; l++) {
      var w = network.weightLayers().get(l).weights();
      List<Integer> sequence = sequence(w.bits(), gray);
      cells[l] = new int[w.codes().length];
      for (int i = 0; i < cells[l].length; i++) {
        cells[l][i] = sequence.get(w.codes()[i] + (1 << (w.bits() - 1)));
      }
    }
    for (var site : map.sites(RATE)) {
      int before = cells[site.layer()][site.weight()];
      int bit = 1 << site.bit();
      cells[site.layer()][site.weight()] =
          switch (kind) {
            case BIT_FLIP -> before ^ bit;
            case STUCK_AT_0 -> before & ~bit;
            case STUCK_AT_1 -> before | bit;
          };
    }
    for (int l = 0; l < layers; l++) {
      int bits = network.weightLayers().get(l).weights().bits();
      List<Integer> sequence = sequence(bits, gray);
      for (int i = 0; i < cells[l].length; i++) {
        cells[l][i] = 2 * sequence.indexOf(cells[l][i]) - ((1 << bits) - 1);
      }
    }
    return cells;
  }

  /** The cells of q = 0, 1, …; in Gray code those of n bits are those of n − 1, and backwards. */
  private static List<Integer> sequence(int bits, boolean gray) {
    List<Integer> sequence = new ArrayList<>(List.of(0));
    for (int bit = 0; bit < bits; bit++) {
      int size = sequence.size();
      for (int i = 0; i < size; i++) {
        sequence.add(sequence.get(gray ? size - 1 - i : i) + (1 << bit));
      }
    }
    return sequence;
  }

  /** The network with these integers as plain codes. */
  private static QuantizedNetwork plain(QuantizedNetwork network, int[][] weights) {
    List<Layer> layers = new ArrayList<>();
    int l = 0;
    for (Layer layer : network.layers()) {
      layers.add(layer instanceof Convolution c ? plain(c, weights[l++]) : layer);
    }
    return new QuantizedNetwork(network.name(), network.input(), layers, network.provenance());
  }

  private static Convolution plain(Convolution c, int[] weights) {
    byte[] codes = new byte[weights.length];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) weights[i];
    }
    return new Convolution(
        c.name(),
        c.input(),
        c.inputShape(),
        c.geometry(),
        new WeightCodes(codes, c.weights().bits() + 1, c.weights().step()),
        c.bias(),
        c.scale(),
        c.residual(),
        c.activation());
  }
}
