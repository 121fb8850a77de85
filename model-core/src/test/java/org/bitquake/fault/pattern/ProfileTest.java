package org.bitquake.fault.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.bitquake.InputException;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.FaultSite;
import org.bitquake.fault.Philox;
import org.bitquake.fault.pattern.Chip.Measure;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.NaiveMemory;
import org.bitquake.memory.Storage;
import org.bitquake.stats.Law;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Measured chips: a walk over every cell gives the same, and places and counts follow their law.
 */
class ProfileTest {
  private static final long SEED = 20261129;
  private static final Storage STORAGE = new Storage(8, 5, 2, true);
  private static final int COLUMNS = 16;
  private static final int[] WEIGHTS = {17, 30, 6};
  private static final int[] BITS = {4, 3, 8};
  private static final List<String> LABELS = List.of("stuck-at-0", "stuck-at-1", "bit-flip");

  /** A cell of a chip as a file lists it. */
  private record Listed(int array, int row, int column, int effect, double value) {
    String line() {
      return array + "," + row + "," + column + "," + LABELS.get(effect) + "," + value + "\n";
    }
  }

  /** A chip as its file says it, and as it is read. */
  private record Written(int arrays, List<Listed> cells, Chip chip) {
    static Written of(String name, int arrays, Measure measure, List<Listed> cells) {
      var text = new StringBuilder("# arrays: " + arrays + "\n# rows: 5\n# columns: 16\n");
      text.append("array,row,column,effect,").append(measure.label()).append('\n');
      cells.forEach(cell -> text.append(cell.line()));
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      return new Written(arrays, cells, ChipTable.parse(bytes, name, name));
    }

    int rows() {
      return arrays * STORAGE.rows();
    }

    /** The cell there, or null. */
    Listed at(int row, int column) {
      for (var cell : cells) {
        if (cell.array() * STORAGE.rows() + cell.row() == row && cell.column() == column) {
          return cell;
        }
      }
      return null;
    }
  }

  /** Chips of one, two and three arrays: smaller and larger than the network's memory. */
  private static List<Written> chips(Measure measure) {
    var random = new SplittableRandom(7);
    List<Written> chips = new ArrayList<>();
    for (int arrays = 1; arrays <= 3; arrays++) {
      List<Listed> cells = new ArrayList<>();
      for (int cell = 0; cell < arrays * 5 * COLUMNS; cell++) {
        if (random.nextInt(3) == 0) {
          double value =
              measure == Measure.PROBABILITY
                  ? random.nextInt(5) / 4.0
                  : 0.5 + random.nextInt(4) / 20.0;
          int row = cell / COLUMNS;
          cells.add(
              new Listed(row / 5, row % 5, cell % COLUMNS, random.nextInt(LABELS.size()), value));
        }
      }
      chips.add(Written.of("chip" + arrays + ".csv", arrays, measure, cells));
    }
    return chips;
  }

  private static Profile profile(List<Written> chips) {
    return new Profile(chips.stream().map(Written::chip).toList());
  }

  private static MemoryLayout layout() {
    return new MemoryLayout(STORAGE, WEIGHTS, BITS, 1);
  }

  /** The definition, cell by cell, of one trial: which chip, which place, and what fails. */
  private static final class Walk {
    final Written chip;
    final int first;
    private final long trial;
    private final List<Written> all;
    private final Measure measure;

    Walk(List<Written> all, Measure measure, long trial) {
      this.all = all;
      this.measure = measure;
      this.trial = trial;
      var random = new Philox(SEED, trial);
      random.block(0, 7L << 32, 0, 6);
      chip = all.get(part(random.word(0), all.size()));
      first = part(random.word(1), chip.rows());
    }

    private static int part(long word, int count) {
      double unit = Philox.unitClosedOpen(word);
      return (int) Math.floor(unit * count);
    }

    Listed under(NaiveMemory.Spot spot) {
      int row = spot.array() * STORAGE.rows() + spot.row();
      return chip.at((first + row) % chip.rows(), spot.column());
    }

    private double u(NaiveMemory.Spot spot) {
      long row = (long) spot.array() * STORAGE.rows() + spot.row();
      long address = row * COLUMNS + spot.column();
      var random = new Philox(SEED, trial);
      random.block(address / 4, 8L << 32, 0, 6);
      return Philox.unitClosedOpen(random.word((int) (address % 4)));
    }

    boolean isFaulty(NaiveMemory.Spot spot, double rate) {
      var cell = under(spot);
      if (cell == null) {
        return false;
      }
      if (measure == Measure.PROBABILITY) {
        return u(spot) < cell.value() * (rate / mean());
      }
      double before = share(cell.value(), false);
      double with = share(cell.value(), true);
      return rate >= with || (rate > before && u(spot) < (rate - before) / (with - before));
    }

    /** The mean probability of a cell. */
    double mean() {
      double sum = 0;
      for (var its : all) {
        double inChip = 0;
        for (var cell : its.cells()) {
          inChip += cell.value();
        }
        sum += inChip / (its.rows() * COLUMNS);
      }
      return sum / all.size();
    }

    /** The mean share of cells with a higher threshold, or at least as high a one. */
    double share(double threshold, boolean equal) {
      double sum = 0;
      for (var its : all) {
        long above =
            its.cells().stream()
                .filter(c -> c.value() > threshold || (equal && c.value() == threshold))
                .count();
        sum += (double) above / (its.rows() * COLUMNS);
      }
      return sum / all.size();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWalkOverEveryCellGivesTheSame(Measure measure) {
    var chips = chips(measure);
    var profile = profile(chips);
    var naive = new NaiveMemory(STORAGE, WEIGHTS, BITS, 1);
    var source = profile.source(SEED, layout(), FaultScope.ALL);
    double most = profile.most();
    for (long trial = 0; trial < 100; trial++) {
      var walk = new Walk(chips, measure, trial);
      var map = source.draw(trial, most);
      for (double rate : new double[] {0, most / 1000, most / 7, 0.45 * most, 0.8 * most, most}) {
        List<String> expected = new ArrayList<>();
        byte[][] codes = codes();
        for (int layer = 0; layer < WEIGHTS.length; layer++) {
          for (int weight = 0; weight < WEIGHTS[layer]; weight++) {
            int stored = Encoding.TWOS_COMPLEMENT.encode(codes[layer][weight], BITS[layer]);
            for (int bit = 0; bit < BITS[layer]; bit++) {
              var spot = naive.spot(layer, weight, bit);
              if (walk.isFaulty(spot, rate)) {
                expected.add(layer + " " + weight + " " + bit);
                int mask = 1 << bit;
                stored =
                    switch (walk.under(spot).effect()) {
                      case 0 -> stored & ~mask;
                      case 1 -> stored | mask;
                      default -> stored ^ mask;
                    };
              }
            }
            codes[layer][weight] = (byte) Encoding.TWOS_COMPLEMENT.decode(stored, BITS[layer]);
          }
        }
        byte[][] read = codes();
        var tally = map.apply(profile, rate, Encoding.TWOS_COMPLEMENT, codes(), read);
        assertThat(map.sites(rate).stream().map(ProfileTest::words)).isEqualTo(expected);
        assertThat(read).isDeepEqualTo(codes);
        assertThat(tally.faultyCells()).isEqualTo(expected.size());
        byte[][] inPlace = codes();
        assertThat(map.apply(profile, rate, Encoding.TWOS_COMPLEMENT, inPlace)).isEqualTo(tally);
        assertThat(inPlace).isDeepEqualTo(codes);
      }
    }
  }

  private static String words(FaultSite site) {
    return site.layer() + " " + site.weight() + " " + site.bit();
  }

  private static byte[][] codes() {
    byte[][] codes = new byte[WEIGHTS.length][];
    for (int layer = 0; layer < codes.length; layer++) {
      codes[layer] = new byte[WEIGHTS[layer]];
      int half = 1 << (BITS[layer] - 1);
      for (int weight = 0; weight < codes[layer].length; weight++) {
        codes[layer][weight] = (byte) ((weight * 7 + layer) % (2 * half) - half);
      }
    }
    return codes;
  }

  /** Chips of one cell tell where the network lies: each chip and place as often as it must. */
  @Test
  void everyChipAndPlaceIsAsLikelyAsAnyOther() {
    int trials = 12_000;
    List<Written> chips = new ArrayList<>();
    for (int arrays = 1; arrays <= 3; arrays++) {
      var cell = new Listed(arrays - 1, 2, 0, 0, arrays / 4.0); // its value tells the chips apart
      chips.add(Written.of("one" + arrays + ".csv", arrays, Measure.THRESHOLD, List.of(cell)));
    }
    var profile = profile(chips);
    // 30 rows of one word of 8 bits, wrapped round all of them: every place shows its cell
    var storage = new Storage(8, 5, 2, true);
    var layout = new MemoryLayout(storage, new int[] {60}, new int[] {8}, 1);
    var naive = new NaiveMemory(storage, new int[] {60}, new int[] {8}, 1);
    var source = profile.source(SEED, layout, FaultScope.ALL);
    long[] perChip = new long[3];
    long[][] places = {new long[5], new long[10], new long[15]};
    for (long trial = 0; trial < trials; trial++) {
      var sites = source.draw(trial, profile.most()).sites(profile.most());
      int rowOfFirst = Integer.MAX_VALUE;
      for (var site : sites) {
        var spot = naive.spot(site.layer(), site.weight(), site.bit());
        assertThat(spot.column()).isZero();
        rowOfFirst = Math.min(rowOfFirst, spot.array() * 5 + spot.row());
      }
      int chip = sites.size() == 6 ? 0 : sites.size() == 3 ? 1 : 2; // once every 5, 10, 15 rows
      assertThat(sites).hasSize(30 / (5 * (chip + 1)));
      perChip[chip]++;
      places[chip][rowOfFirst]++;
    }
    Law.assertUniform(perChip);
    Stream.of(places).forEach(Law::assertUniform);
  }

  static Stream<Measure> measures() {
    return Stream.of(Measure.values());
  }

  /** Trials are independent: the mean of many has a known error. */
  @ParameterizedTest
  @MethodSource("measures")
  void theMeanShareIsTheRate(Measure measure) {
    var chips = chips(measure);
    var profile = profile(chips);
    // All columns hold cells, so that no part of the chips is left out.
    var layout = new MemoryLayout(STORAGE, new int[] {40}, new int[] {8}, 1);
    var source = profile.source(SEED + 1, layout, FaultScope.ALL);
    int trials = 3000;
    for (double part : new double[] {0.13, 0.5, 0.77, 1}) {
      double rate = part * profile.most();
      double sum = 0;
      double squares = 0;
      for (long trial = 0; trial < trials; trial++) {
        double share = source.draw(trial, rate).sites(rate).size() / (double) source.cells();
        sum += share;
        squares += share * share;
      }
      double mean = sum / trials;
      double error = Math.sqrt((squares / trials - mean * mean) / (trials - 1));
      double critical = NormalDistribution.of(0, 1).inverseSurvivalProbability(Law.LEVEL / 2);
      assertThat(Math.abs(mean - rate) / error).as("rate %s", rate).isLessThan(critical);
    }
  }

  /**
   * At a voltage exactly the cells fail whose thresholds are higher; lower voltages add to them.
   */
  @Test
  void thresholdsMeanWhatTheySay() {
    var chips = chips(Measure.THRESHOLD);
    var profile = profile(chips);
    var naive = new NaiveMemory(STORAGE, WEIGHTS, BITS, 1);
    var source = profile.source(SEED, layout(), FaultScope.ALL);
    for (double voltage : new double[] {0.7, 0.65, 0.62, 0.6, 0.57, 0.55, 0.5, 0.4}) {
      double rate = profile.rateAt(voltage);
      assertThat(rate)
          .isCloseTo(
              chips.stream()
                      .mapToDouble(
                          c ->
                              (double) c.cells().stream().filter(x -> x.value() > voltage).count()
                                  / (c.rows() * COLUMNS))
                      .sum()
                  / 3,
              within(1e-15));
      for (long trial = 0; trial < 50; trial++) {
        var walk = new Walk(chips, Measure.THRESHOLD, trial);
        var faulty = new TreeMap<String, Boolean>();
        source.draw(trial, rate).sites(rate).forEach(s -> faulty.put(words(s), true));
        naive
            .spots()
            .forEach(
                (cell, spot) -> {
                  var under = walk.under(spot);
                  boolean fails = under != null && under.value() > voltage;
                  String its = cell.layer() + " " + cell.weight() + " " + cell.cell();
                  assertThat(faulty.containsKey(its)).isEqualTo(fails);
                });
      }
    }
    assertThat(profile.rateAt(0.4)).isEqualTo(profile.most());
    assertThat(profile.rateAt(0.65)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void marksAndRatesAreInverse(Measure measure) {
    var profile = profile(chips(measure));
    assertThat(profile.mark(0)).isZero();
    for (double rate = 0; rate <= profile.most(); rate += profile.most() / 64) {
      assertThat(profile.rate(profile.mark(rate))).isCloseTo(rate, within(1e-15));
    }
    assertThatThrownBy(() -> profile.mark(Math.nextUp(profile.most())))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the measured chips fail at a rate of " + profile.most());
  }

  @Test
  void equalFilesAreEqualProfiles() {
    var a = profile(chips(Measure.PROBABILITY));
    assertThat(profile(chips(Measure.PROBABILITY))).isEqualTo(a).hasSameHashCodeAs(a);
    assertThat(profile(chips(Measure.THRESHOLD))).isNotEqualTo(a);
    assertThat(a.label())
        .startsWith("profile: [{file: chip1.csv, sha256: " + a.chips().get(0).sha256() + "}, ");
  }

  @Test
  void chipsMustGoTogetherAndWithTheMemory() {
    var chips = chips(Measure.PROBABILITY);
    var other = chips(Measure.THRESHOLD).get(0).chip();
    var one = chips.get(0).chip();
    assertThatThrownBy(() -> new Profile(List.of(one, other)))
        .hasMessage(
            "chip1.csv has threshold_voltage, but chip1.csv probability; give chips of one kind");
    assertThatThrownBy(() -> new Profile(List.of(one, one)))
        .hasMessage("chip1.csv holds the same as another of the chips");
    assertThatThrownBy(() -> new Profile(List.of())).hasMessageContaining("of 0 chips");
    var profile = profile(chips);
    profile.requireFits(5, 16);
    assertThatThrownBy(() -> profile.requireFits(5, 32))
        .hasMessage("chip1.csv has arrays of 5x16 cells, but those of the memory are 5x32");
    assertThatThrownBy(() -> profile.requireFits(4, 16)).hasMessageContaining("are 4x16");
  }
}
