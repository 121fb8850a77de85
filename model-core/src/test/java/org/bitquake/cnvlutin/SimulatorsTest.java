package org.bitquake.cnvlutin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.function.IntPredicate;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution.Geometry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatorsTest {
  private static final Accelerator DEFAULT = Accelerator.ISCA_2016;

  /** One layer, its input, the machine. */
  private record Case(
      Accelerator accelerator, Shape input, Geometry geometry, boolean encoded, int[] codes) {
    LayerCounts run(LayerSimulator.Maker maker) {
      return maker.make(accelerator, input, geometry, encoded).run(codes);
    }

    static Case random(Random random) {
      int groups = 1 + random.nextInt(6) / 4 * random.nextInt(4);
      int perGroup = random.nextInt(4) == 0 ? 1 + random.nextInt(300) : 1 + random.nextInt(40);
      var shape = new Shape(groups * perGroup, 1 + random.nextInt(7), 1 + random.nextInt(7));
      int padding = random.nextInt(3);
      var geometry =
          new Geometry(
              groups * (random.nextBoolean() ? 1 + random.nextInt(20) : 1 + random.nextInt(700)),
              1 + random.nextInt(Math.min(4, shape.height() + 2 * padding)),
              1 + random.nextInt(Math.min(4, shape.width() + 2 * padding)),
              1 + random.nextInt(3),
              padding,
              groups);
      return new Case(
          accelerator(random),
          shape,
          geometry,
          random.nextInt(8) > 0,
          randomCodes(random, shape.size(), random.nextDouble()));
    }

    private static Accelerator accelerator(Random random) {
      if (random.nextInt(3) == 0) {
        return DEFAULT;
      }
      return new Accelerator(
          1 + random.nextInt(16),
          1 + random.nextInt(16),
          1 + random.nextInt(Accelerator.MAX_LANES),
          1 + random.nextInt(20),
          random.nextBoolean() ? LaneAssignment.CONTIGUOUS : LaneAssignment.INTERLEAVED,
          random.nextInt(5),
          true,
          true);
    }
  }

  private static int[] randomCodes(Random random, int count, double zeros) {
    int[] codes = new int[count];
    for (int i = 0; i < count; i++) {
      codes[i] = random.nextDouble() < zeros ? 0 : 1 + random.nextInt(15);
    }
    return codes;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void closedFormIsTheWalk(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 100; i++) {
      var some = Case.random(random);
      assertThat(some.run(CountingSimulator::new))
          .as("case %d: %s", i, some)
          .isEqualTo(some.run(LiteralSimulator::new));
    }
  }

  @Test
  void largeImagesAreCutIntoSeveralChunks() {
    var random = new Random(5);
    var shape = new Shape(3, 40, 70);
    var some =
        new Case(
            DEFAULT,
            shape,
            new Geometry(5, 3, 2, 1, 1, 1),
            true,
            randomCodes(random, shape.size(), .7));
    assertThat(some.run(CountingSimulator::new)).isEqualTo(some.run(LiteralSimulator::new));
  }

  @Test
  void anImageLeavesNothingForTheNext() {
    var shape = new Shape(20, 5, 5);
    var random = new Random(6);
    var simulator = new CountingSimulator(DEFAULT, shape, new Geometry(4, 3, 3, 1, 1, 1), true);
    int[] first = randomCodes(random, shape.size(), 0.3);
    var counts = simulator.run(first);
    simulator.run(randomCodes(random, shape.size(), 0.8));
    assertThat(simulator.run(first)).isEqualTo(counts);
  }

  /** One window each; the pattern says which channels hold values. */
  @ParameterizedTest
  @CsvSource({
    "256, 3, 256, dense,  144, 144",
    "256, 3, 256, zero,   144, 9",
    "256, 3, 256, even,   144, 72",
    "256, 3, 256, first,  144, 144",
    "64,  3, 64,  dense,  36,  36",
    "64,  3, 64,  even,   36,  18",
    "64,  3, 64,  zero,   36,  3",
    "512, 3, 512, dense,  576, 576",
    "512, 3, 512, even,   576, 288",
    "512, 3, 512, zero,   576, 18",
    "1,   5, 6,   dense,  25,  25",
    "6,   5, 16,  dense,  25,  25",
  })
  void cyclesOfOneWindow(
      int channels, int kernel, int filters, String pattern, long baseline, long cnvlutin) {
    IntPredicate holdsValues =
        switch (pattern) {
          case "dense" -> c -> true;
          case "zero" -> c -> false;
          case "even" -> c -> c % 2 == 0;
          default -> c -> c < 16;
        };
    int[] codes = new int[channels * kernel * kernel];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = holdsValues.test(i / (kernel * kernel)) ? 7 : 0;
    }
    var shape = new Shape(channels, kernel, kernel);
    var geometry = new Geometry(filters, kernel, kernel, 1, 0, 1);
    for (LayerSimulator.Maker maker : makers()) {
      var counts = maker.make(DEFAULT, shape, geometry, true).run(codes);
      assertThat(counts.baselineCycles()).isEqualTo(baseline);
      assertThat(counts.cnvlutinCycles()).isEqualTo(cnvlutin);
      var plain = maker.make(DEFAULT, shape, geometry, false).run(codes);
      assertThat(plain.cnvlutinCycles()).as("not encoded").isEqualTo(baseline);
    }
  }

  private static LayerSimulator.Maker[] makers() {
    return new LayerSimulator.Maker[] {LiteralSimulator::new, CountingSimulator::new};
  }

  /**
   * C = 512: blocks of 32 channels make lane 0 do what interleaved bricks share among two lanes.
   */
  @Test
  void interleavedBricksShareNeighbouringChannels() {
    var shape = new Shape(512, 3, 3);
    int[] codes = new int[shape.size()];
    for (int i = 0; i < 32 * 9; i++) {
      codes[i] = 1;
    }
    var interleaved = new Accelerator(16, 16, 16, 16, LaneAssignment.INTERLEAVED, 0, false, false);
    var geometry = new Geometry(256, 3, 3, 1, 0, 1);
    for (LayerSimulator.Maker maker : makers()) {
      assertThat(maker.make(DEFAULT, shape, geometry, true).run(codes).cnvlutinCycles())
          .isEqualTo(9 * 32);
      assertThat(maker.make(interleaved, shape, geometry, true).run(codes).cnvlutinCycles())
          .isEqualTo(9 * (16 + 1));
    }
  }

  /** Every count of a case small enough to do by hand. */
  @Test
  void countsOfASmallLayer() {
    // 2 lanes, bricks of 2, 1 unit of 2 filters; 3 channels (C' = 4) of 1×2, kernel 1×1, 5 filters.
    var accelerator = new Accelerator(1, 2, 2, 2, LaneAssignment.CONTIGUOUS, 7, true, true);
    int[] codes = {1, 0, 2, 3, 0, 0}; // position 0: 1, 2, 0; position 1: 0, 3, 0
    // P = 3. Position 0: lane 0 has (1, 2): 6 cycles; lane 1 has (0, padding): 1.
    // Position 1: lane 0 has (0, 3): 3 cycles; lane 1: 1. Baseline: 2 rows · 3 passes each.
    var expected =
        new LayerCounts(
            2 * 6 + 7,
            6 + 3 + 7,
            6 + 3,
            (6 + 1) + (3 + 1),
            6,
            3,
            2 * 3 * 5,
            3 * 5,
            new Accesses(2 * 2, 2 * 2 * 2 * 3, 2 * 3),
            new Accesses(2 * 2, 3 * 3, 2 * 3));
    for (LayerSimulator.Maker maker : makers()) {
      var counts =
          maker
              .make(accelerator, new Shape(3, 1, 2), new Geometry(5, 1, 1, 1, 0, 1), true)
              .run(codes);
      assertThat(counts).isEqualTo(expected);
      assertThat(counts.speedUp()).isEqualTo(19 / 16.0);
      assertThat(counts.zeroFraction()).isEqualTo(0.5);
      assertThat(counts.idealSpeedUp()).hasValue(2);
      assertThat(counts.laneImbalance(2)).isEqualTo(2 * 9 / 11.0);
      assertThat(new AccessEnergy(1, 10, 100).of(counts.cnvlutin())).isEqualTo(4 + 90 + 600);
    }
  }

  /** Effectual multiply-accumulates by the definition of a convolution. */
  @Test
  void effectualMacsAreThoseOfTheConvolution() {
    var random = new Random(8);
    for (int i = 0; i < 50; i++) {
      var some = Case.random(random);
      var counts = some.run(CountingSimulator::new);
      assertThat(counts.effectualMacs()).isEqualTo(effectualMacs(some));
      assertThat(counts.cnvlutinCycles()).isGreaterThanOrEqualTo(counts.windowCycles());
    }
  }

  private static long effectualMacs(Case it) {
    var g = it.geometry();
    var in = it.input();
    long macs = 0;
    for (int c = 0; c < in.channels(); c++) {
      for (int y = -g.padding();
          y + g.kernelHeight() <= in.height() + g.padding();
          y += g.stride()) {
        for (int x = -g.padding();
            x + g.kernelWidth() <= in.width() + g.padding();
            x += g.stride()) {
          for (int k = 0; k < g.kernelHeight() * g.kernelWidth(); k++) {
            int row = y + k / g.kernelWidth();
            int column = x + k % g.kernelWidth();
            boolean inside = row >= 0 && row < in.height() && column >= 0 && column < in.width();
            if (inside && it.codes()[(c * in.height() + row) * in.width() + column] != 0) {
              macs += g.outChannels() / g.groups();
            }
          }
        }
      }
    }
    return macs;
  }

  @Test
  void whatCannotBeCountedIsRefused() {
    var tiny = new Accelerator(1, 1, 1, 16, LaneAssignment.CONTIGUOUS, 0, true, true);
    var shape = new Shape(1 << 12, 8, 8);
    var geometry = new Geometry(1 << 14, 8, 8, 1, 0, 1);
    assertThatThrownBy(() -> new CountingSimulator(tiny, shape, geometry, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("use more units");
  }

  @ParameterizedTest
  @CsvSource({"0,16,16,16,0", "16,0,16,16,0", "16,16,33,16,0", "16,16,16,0,0", "16,16,16,16,-1"})
  void acceleratorsAreChecked(int units, int filters, int lanes, int brick, int latency) {
    assertThatThrownBy(
            () ->
                new Accelerator(
                    units, filters, lanes, brick, LaneAssignment.CONTIGUOUS, latency, true, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be");
  }
}
