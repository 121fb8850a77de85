package org.bitquake.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bitquake.InputException;
import org.bitquake.fault.ActivationFaultSampler.Scope;
import org.bitquake.fault.BufferSampler.Tally;
import org.bitquake.fault.effect.Drift;
import org.bitquake.fault.effect.Mixed;
import org.bitquake.fault.effect.StuckAtRandom;
import org.bitquake.fault.effect.StuckOpen;
import org.bitquake.fault.pattern.Lines;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.Storage;
import org.bitquake.memory.StoredCodes;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.RandomNetworks;
import org.bitquake.network.ResNet18;
import org.bitquake.network.StoredTensors;
import org.bitquake.stats.Law;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActivationFaultSamplerTest {
  private static final long SEED = 8;
  private static final QuantizedNetwork NETWORK = ResNet18.random(4, 1);
  private static final int[] IMAGES = {4, 7, 2};

  /** The first convolution's map, 4 × 32 × 32 codes of 4 bits. */
  private static final int LAYER = 0;

  private static final int CODES = 4096;

  private static ActivationFaultSampler sampler(boolean isTransient) {
    return sampler(NETWORK, CellPattern.INSTANCE, false, isTransient);
  }

  private static ActivationFaultSampler sampler(
      QuantizedNetwork network, FaultPattern pattern, boolean input, boolean isTransient) {
    var scope = new Scope(Storage.DEFAULT, input, isTransient);
    return new ActivationFaultSampler(SEED, network, pattern, scope);
  }

  /** Codes {@code [image][position]}. */
  private record Codes(int[][] codes) implements StoredCodes {
    static Codes of(int images, int size, int code) {
      int[][] codes = new int[images][size];
      for (int[] image : codes) {
        Arrays.fill(image, code);
      }
      return new Codes(codes);
    }

    @Override
    public int get(int image, int position) {
      return codes[image][position];
    }

    @Override
    public void set(int image, int position, int code) {
      codes[image][position] = code;
    }
  }

  private static int[][] read(
      ActivationFaultSampler sampler, CellEffect effect, double rate, int layer, int code) {
    var codes = Codes.of(IMAGES.length, NETWORK.shapeOf(layer).size(), code);
    sampler.faults(effect, rate, IMAGES).corrupt(layer, 0, IMAGES.length, codes);
    return codes.codes();
  }

  private static int wrongBits(int[] codes, int stored) {
    return Arrays.stream(codes).map(code -> Integer.bitCount(code ^ stored)).sum();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.001, 0.01, 0.2})
  void aCellOfTheBufferIsFaultyWithTheProbabilityOfTheRate(double rate) {
    var sampler = sampler(false);
    int trials = 40;
    int wrong = 0;
    for (int trial = 0; trial < trials; trial++) {
      sampler.draw(trial, rate);
      wrong += wrongBits(read(sampler, FaultKind.BIT_FLIP, rate, LAYER, 5)[0], 5);
    }
    Law.assertBinomial(wrong, trials * CODES * 4, rate);
  }

  @Test
  void permanentFaultsAreThoseOfAllImagesAndOfTheFirstCodesOfSmallerMaps() {
    var sampler = sampler(false);
    sampler.draw(3, 0.1);
    int[][] large = read(sampler, FaultKind.BIT_FLIP, 0.05, LAYER, 0);
    assertThat(large[0]).isEqualTo(large[1]).isEqualTo(large[2]);
    var stored = StoredTensors.of(NETWORK).positions();
    int last = stored.get(stored.size() - 1);
    int[][] small = read(sampler, FaultKind.BIT_FLIP, 0.05, last, 0);
    assertThat(small[1])
        .isEqualTo(Arrays.copyOf(large[0], NETWORK.shapeOf(last).size()))
        .contains(1, 2, 4, 8);
    assertThat(sampler.cells()).isEqualTo(CODES * 4);
  }

  @Test
  void transientFaultsBelongToImageAndLayer() {
    var sampler = sampler(true);
    sampler.draw(3, 0.1);
    int[][] all = read(sampler, FaultKind.BIT_FLIP, 0.05, LAYER, 0);
    assertThat(all[0]).isNotEqualTo(all[1]);
    assertThat(read(sampler, FaultKind.BIT_FLIP, 0.05, LAYER + 1, 0)[0]).isNotEqualTo(all[0]);
    var one = Codes.of(1, CODES, 0);
    sampler.faults(FaultKind.BIT_FLIP, 0.05, new int[] {9, 7}).corrupt(LAYER, 1, 1, one);
    assertThat(one.codes()[0]).as("image 7, wherever it is in a batch").isEqualTo(all[1]);
  }

  @Test
  void permanentFaultsAreNestedAndSharedByEffects() {
    var sampler = sampler(false);
    sampler.draw(1, 0.3);
    int[] at3 = read(sampler, FaultKind.BIT_FLIP, 0.3, LAYER, 0)[0];
    int[] at1 = read(sampler, FaultKind.BIT_FLIP, 0.1, LAYER, 0)[0];
    int[] ones = read(sampler, FaultKind.STUCK_AT_1, 0.1, LAYER, 0)[0];
    int[] zeros = read(sampler, FaultKind.STUCK_AT_0, 0.1, LAYER, 15)[0];
    for (int k = 0; k < CODES; k++) {
      assertThat(at1[k] & ~at3[k]).isZero();
      assertThat(ones[k]).isEqualTo(at1[k]);
      assertThat(zeros[k]).isEqualTo(15 ^ at1[k]);
    }
    assertThat(at3).isNotEqualTo(at1);
  }

  /** Of every faulty cell one share each, by marks of their own, whether it lasts or not. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void effectsThatDifferFromCellToCell(boolean isTransient) {
    var sampler = sampler(isTransient);
    sampler.draw(1, 0.2);
    int[] flips = read(sampler, FaultKind.BIT_FLIP, 0.2, LAYER, 0)[0];
    int faulty = wrongBits(flips, 0);
    int[] random = read(sampler, new StuckAtRandom(), 0.2, LAYER, 0)[0];
    Law.assertBinomial(wrongBits(random, 0), faulty, 0.5);
    int[] mixed = read(sampler, new Mixed(0.7, 0.2, 0.1), 0.2, LAYER, 0)[0];
    Law.assertBinomial(wrongBits(mixed, 0), faulty, 0.3);
    for (int k = 0; k < CODES; k++) {
      assertThat((random[k] | mixed[k]) & ~flips[k]).isZero();
    }
    assertThat(read(sampler, new StuckAtRandom(), 0.2, LAYER, 0)[0]).isEqualTo(random);
  }

  @Test
  void codesAboveTheLargestAreReadAsTheLargest() {
    int clipped = 0;
    for (int seed = 0; seed < 40; seed++) {
      var network = RandomNetworks.wide(seed);
      var sampler = sampler(network, CellPattern.INSTANCE, true, false);
      sampler.draw(0, 1);
      for (int position : StoredTensors.of(network).positions()) {
        int most = network.maxCode(position);
        var codes = Codes.of(1, network.shapeOf(position).size(), 0);
        sampler.faults(FaultKind.STUCK_AT_1, 1, IMAGES).corrupt(position, 0, 1, codes);
        assertThat(codes.codes()[0]).containsOnly(most);
        clipped += Integer.bitCount(most + 1) == 1 ? 0 : 1;
      }
    }
    assertThat(clipped).isGreaterThan(20);
  }

  @Test
  void theImageFailsOnlyIfItLiesThere() {
    for (boolean input : new boolean[] {false, true}) {
      var sampler = sampler(NETWORK, CellPattern.INSTANCE, input, true);
      sampler.draw(1, 0.5);
      var codes = Codes.of(1, NETWORK.inputShape().size(), 0);
      sampler.faults(FaultKind.BIT_FLIP, 0.5, IMAGES).corrupt(QuantizedNetwork.INPUT, 0, 1, codes);
      int wrong = wrongBits(codes.codes()[0], 0);
      assertThat(sampler.tally().faultyCells()).isEqualTo(wrong);
      if (input) {
        Law.assertBinomial(wrong, NETWORK.inputShape().size() * 8, 0.5);
      } else {
        assertThat(wrong).isZero();
      }
    }
  }

  @Test
  void whatTheFaultsDidIsCounted() {
    var sampler = sampler(false);
    sampler.draw(1, 0.1);
    int[] read = read(sampler, FaultKind.STUCK_AT_1, 0.1, LAYER, 12)[0];
    int[] flips = read(sampler, FaultKind.BIT_FLIP, 0.1, LAYER, 0)[0];
    int changed = (int) Arrays.stream(read).filter(code -> code != 12).count();
    read(sampler, FaultKind.STUCK_AT_1, 0.1, LAYER, 12);
    assertThat(sampler.tally()).isEqualTo(new Tally(3L * wrongBits(flips, 0), 3L * changed));
  }

  /** Whole rows of the buffer, as it lies in arrays. */
  @Test
  void otherPatternsFallOnTheBuffersLayout() {
    var sampler = sampler(NETWORK, Lines.ROW, false, false);
    var layout = new MemoryLayout(Storage.DEFAULT, new int[] {CODES}, new int[] {4}, 1);
    int rows = 0;
    int failed = 0;
    for (int trial = 0; trial < 50; trial++) {
      sampler.draw(trial, 0.2);
      int[] read = read(sampler, FaultKind.BIT_FLIP, 0.2, LAYER, 0)[0];
      Map<Long, List<Integer>> byRow = new HashMap<>();
      for (int k = 0; k < CODES; k++) {
        long row = layout.address(0, k, 0) / layout.columns();
        byRow.computeIfAbsent(row, its -> new ArrayList<>()).add(read[k]);
      }
      for (var row : byRow.values()) {
        assertThat(Set.copyOf(row)).isIn(Set.of(0), Set.of(15));
        rows++;
        failed += row.get(0) == 15 ? 1 : 0;
      }
    }
    Law.assertBinomial(failed, rows, 0.2);
  }

  @Test
  void faultsOfActivationsSayNothingAboutThoseOfWeights() {
    var sampler = sampler(false);
    sampler.draw(1, 0.3);
    int[] flips = read(sampler, FaultKind.BIT_FLIP, 0.3, LAYER, 0)[0];
    var weights = new FaultSampler(SEED, new int[] {CODES}, new int[] {4}, FaultScope.ALL);
    int both =
        (int)
            weights.draw(1, 0.3).sites(0.3).stream()
                .filter(site -> (flips[site.weight()] >> site.bit() & 1) == 1)
                .count();
    Law.assertBinomial(both, CODES * 4, 0.3 * 0.3);
  }

  @Test
  void whatActivationsCannotHaveIsRefusedInALine() {
    assertThatThrownBy(() -> sampler(NETWORK, Lines.ROW, false, true))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "transient faults of activations fall on single cells, not in the pattern row: use"
                + " pattern cell, or permanent faults");
    var sampler = sampler(false);
    sampler.draw(1, 0.1);
    assertThatThrownBy(() -> sampler.faults(new StuckOpen(), 0.1, IMAGES))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "stuck-open reads other cells of a memory of weights; activations cannot have it");
    assertThatThrownBy(() -> sampler.faults(new Drift(2, false, Drift.Direction.UP), 0.1, IMAGES))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("of cells of 2 bits; those of activations hold one");
    assertThatThrownBy(() -> sampler.faults(FaultKind.BIT_FLIP, 0.2, IMAGES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("faults were drawn for rates 0 to 0.1, not 0.2");
    var few = sampler.faults(FaultKind.BIT_FLIP, 0.1, new int[] {1});
    assertThatThrownBy(() -> few.corrupt(LAYER, 1, 1, Codes.of(1, CODES, 0)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> sampler.draw(1, 1.5)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void targetsHaveNames() {
    for (var target : FaultTarget.values()) {
      assertThat(FaultTarget.of(target.label())).isEqualTo(target);
    }
    assertThatThrownBy(() -> FaultTarget.of("biases")).isInstanceOf(InputException.class);
  }
}
