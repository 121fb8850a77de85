package org.bitquake.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.bitquake.fault.FaultSampler;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.Philox;
import org.bitquake.quant.Quantizer;
import org.bitquake.stats.Law;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The gradient under faults against {@link NaiveNetwork}, the faults against their law. */
class RandBetTest {
  private static final long SEED = 5;
  private static final double RATE = 0.05;
  private static final int BATCH = QuantizedModelTest.BATCH;
  private static final long STEP = 7;

  private final QuantizedModelTest batch = new QuantizedModelTest();

  static Stream<Arguments> models() {
    return Stream.of(KnownModel.values())
        .flatMap(
            m ->
                Stream.of(Quantizer.values())
                    .filter(q -> q != Quantizer.LIQ) // whose faults are refused
                    .map(q -> Arguments.of(m, q)));
  }

  private RandBet start(KnownModel model, Quantizer quantizer) {
    batch.oneBatch(model.architecture(OptionalInt.of(2)), quantizer);
    return new RandBet(options(0, RATE), batch.model, new SplitBatch(batch.model, List.of()));
  }

  private static TrainOptions options(double rho, double rate) {
    return options(rho, rate, 10);
  }

  private static TrainOptions options(double rho, double rate, int classes) {
    return new TrainOptions(
        "faulty",
        new TrainOptions.Model(TrainOptions.Model.LENET5, OptionalInt.empty(), classes),
        SEED,
        1,
        0,
        BATCH,
        false,
        1e-9,
        1,
        false,
        0,
        QuantizedModelTest.LAMBDA,
        0,
        rho,
        Quantizer.LSQ,
        4,
        4,
        WeightClip.NONE,
        rate,
        TrainDefaults.FAULT_THRESHOLD,
        SaqScope.WEIGHTS,
        1);
  }

  @ParameterizedTest
  @MethodSource("models")
  void faultyWeightsAreWhatMemoryReads(KnownModel known, Quantizer quantizer) {
    var faults = start(known, quantizer);
    batch.model.pass(batch.batches.images(), batch.batches.labels(), null);
    var tally = faults.flip(STEP);

    var random = new Philox(SEED, 0);
    random.block(0, 0, 0, 10);
    int[] weights = batch.model.slots().stream().mapToInt(s -> s.weights()).toArray();
    int[] bits = new int[weights.length];
    java.util.Arrays.fill(bits, 4);
    var masks = new int[batch.model.master().length];
    var sites =
        new FaultSampler(random.word(0), weights, bits, FaultScope.ALL)
            .draw(STEP, RATE)
            .sites(RATE);
    for (var site : sites) {
      masks[batch.model.slots().get(site.layer()).weightOffset() + site.weight()] |=
          1 << site.bit();
    }
    assertThat(tally.faultyCells()).isEqualTo(sites.size()).isPositive();
    var expected = new double[masks.length];
    for (int l = 0; l < weights.length; l++) {
      var s = batch.model.slots().get(l);
      float step = batch.model.weightQuantizers().get(l).step();
      for (int i = s.weightOffset(); i < s.weightOffset() + s.weights(); i++) {
        int code = (int) Math.rint(Math.min(Math.max(batch.model.master()[i] / step, -8), 7));
        int cells = (code & 15) ^ masks[i];
        expected[i] = ((cells < 8 ? cells : cells - 16) - code) * (double) step;
      }
    }
    for (int i = 0; i < masks.length; i++) {
      assertThat(faults.epsilon()[i]).isCloseTo((float) expected[i], offset(1e-6f));
    }
  }

  @ParameterizedTest
  @CsvSource({"0.001", "0.01", "0.05", "0.3"})
  void cellsFlipAtTheRateAndAnewInEachStep(double rate) {
    batch.oneBatch(KnownModel.LENET5.architecture(OptionalInt.empty()), Quantizer.MAX);
    var faults = new RandBet(options(0, rate), batch.model, new SplitBatch(batch.model, List.of()));
    int weights = batch.model.slots().stream().mapToInt(s -> s.weights()).sum();
    int steps = 10;
    int cells = 0;
    int changed = 0;
    int both = 0;
    var before = new BitSet();
    for (long step = 0; step < steps; step++) {
      cells += (int) faults.flip(step).faultyCells();
      var now = new BitSet();
      for (int i = 0; i < faults.epsilon().length; i++) {
        now.set(i, faults.epsilon()[i] != 0);
      }
      changed += now.cardinality();
      before.and(now);
      both += before.cardinality();
      before = now;
    }
    double any = 1 - Math.pow(1 - rate, 4);
    Law.assertBinomial(cells, steps * 4 * weights, rate);
    Law.assertBinomial(changed, steps * weights, any);
    Law.assertBinomial(both, (steps - 1) * weights, any * any);
  }

  @Test
  void trainingSeesOtherFaultsThanCampaignsOfItsSeed() {
    var faults = start(KnownModel.LENET5, Quantizer.LSQ);
    faults.flip(STEP);
    int[] weights = batch.model.slots().stream().mapToInt(s -> s.weights()).toArray();
    var campaign =
        new FaultSampler(SEED, weights, new int[] {4, 4, 4, 4, 4}, FaultScope.ALL)
            .draw(STEP, RATE)
            .sites(RATE);
    var same =
        campaign.stream()
            .filter(
                s ->
                    faults.epsilon()[batch.model.slots().get(s.layer()).weightOffset() + s.weight()]
                        != 0)
            .count();
    Law.assertBinomial((int) same, campaign.size(), 1 - Math.pow(1 - RATE, 4));
  }

  @ParameterizedTest
  @MethodSource("models")
  void addsTheClippedGradientAtTheFaultyWeights(KnownModel known, Quantizer quantizer) {
    var faults = start(known, quantizer);
    var model = batch.model;
    float[] old = model.steps();
    for (int a = model.slots().size(); a < old.length; a++) {
      old[a] *= 0.97f; // that of an activation itself puts others on rounding ties
    }
    model.setSteps(old);
    double clean = model.pass(batch.batches.images(), batch.batches.labels(), null);
    var first = cleanGradient(old);
    double[] steps = model.straightThrough(BATCH);
    var statistics = model.statistics().stream().map(float[]::clone).toList();
    float[] before = model.steps();
    faults.setOn(true);
    faults.add(STEP, batch.batches.images(), batch.batches.labels(), clean, steps);

    assertThat(model.steps()).isEqualTo(before);
    assertThat(model.statistics()).usingRecursiveComparison().isEqualTo(statistics);
    var second = new Gradient(batch, faults.epsilon(), RandBet.MOST);
    assertThat(second.clipped).isPositive();
    first.plus(second).assertSame(model.gradient(), steps);
  }

  /** That of a pass which began with these activation steps. */
  private Gradient cleanGradient(float[] old) {
    float[] now = batch.model.steps();
    int layers = batch.model.slots().size();
    System.arraycopy(now, 0, old, 0, layers);
    batch.model.setSteps(old);
    var gradient = new Gradient(batch, null, Double.POSITIVE_INFINITY);
    batch.model.setSteps(now);
    return gradient;
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0.3, 0", "0, 0.05", "0.3, 0.05"})
  void anUpdateFollowsTheGradientOfSaqOrTheCleanOneAndThatUnderFaults(double rho, double rate) {
    var replica = new Replica(options(rho, rate), 1000);
    batch.oneBatch(replica.model().architecture(), Quantizer.LSQ);
    System.arraycopy(
        batch.model.master(), 0, replica.model().master(), 0, batch.model.master().length);
    batch.model = replica.model();
    batch.model.startWeightSteps();
    batch.model.pass(batch.batches.images(), batch.batches.labels(), null); // finds steps
    float[] steps = batch.model.steps();
    replica.faults().ifPresent(f -> f.setOn(true));
    replica.update(STEP, batch.batches.images(), batch.batches.labels());

    batch.model.setSteps(steps); // the learning rate moves them by a billionth
    var expected = new Gradient(batch, rho > 0 ? ascent(rho) : null, Double.POSITIVE_INFINITY);
    if (rate > 0) {
      float[] epsilon = replica.faults().orElseThrow().epsilon();
      expected = expected.plus(new Gradient(batch, epsilon, RandBet.MOST));
    }
    expected.assertSame(replica.sgd().velocity(), replica.sgd().stepVelocity());
  }

  /** SAQ's ε by its definition. */
  private float[] ascent(double rho) {
    double[] g = new Gradient(batch, null, Double.POSITIVE_INFINITY).atQuantized;
    double squares = 0;
    for (var s : batch.model.slots()) {
      for (int i = s.weightOffset(); i < s.weightOffset() + s.weights(); i++) {
        squares += g[i] * g[i];
      }
    }
    var epsilon = new float[g.length];
    for (var s : batch.model.slots()) {
      for (int i = s.weightOffset(); i < s.weightOffset() + s.weights(); i++) {
        epsilon[i] = (float) (rho * g[i] / Math.sqrt(squares));
      }
    }
    return epsilon;
  }

  @ParameterizedTest
  @CsvSource({
    "10, 2.01, 0, true", // 1.15 · 1.75 = 2.0125
    "10, 2.02, 0, false",
    "10, 1.0, 2.49, true",
    "10, 1.0, 2.51, false",
    "100, 4.0, 0, true", // 1.15 · 3.5 = 4.025
    "100, 4.05, 0, false"
  })
  void faultsComeOnceLossesAreBelowTheThreshold(
      int classes, double clean, double perturbed, boolean on) {
    batch.oneBatch(KnownModel.LENET5.architecture(OptionalInt.empty()), Quantizer.MAX);
    var faults =
        new RandBet(options(0, RATE, classes), batch.model, new SplitBatch(batch.model, List.of()));
    assertThat(faults.on()).isFalse();
    faults.look(clean, perturbed);
    assertThat(faults.on()).isEqualTo(on);
  }
}
