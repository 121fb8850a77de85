package org.bitquake.jobs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.bitquake.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScalingTest {
  private static final Scaling NOTHING_ELSE = new Scaling(0, 0, 0, 0, 0);

  private static Work work(long trials, double secondsOfATrial) {
    return new Work(trials, trials, trials * secondsOfATrial);
  }

  @Test
  void withoutOverheadsOneCoreTakesTheWorkItself() {
    var work = work(1_000_000, 1e-3);
    assertThat(ClusterSimulation.seconds(NOTHING_ELSE, work, new Scaling.Cut(100, 2, 3), 1))
        .isCloseTo(1000, Percentage.withPercentage(5)); // tasks of random length
    assertThat(NOTHING_ELSE.seconds(work, new Scaling.Cut(100, 2, 3), 1))
        .isCloseTo(1000, Percentage.withPercentage(1));
  }

  @Test
  void eachBoundIsReached() {
    var cut = new Scaling.Cut(100, 4, 50);
    var work = work(1000, 1e-9);
    var driver = new Scaling(0, 0, 0, 0.01, 0);
    assertThat(driver.seconds(work, cut, 1_000)).isCloseTo(50, Offset.offset(0.1));
    assertThat(ClusterSimulation.seconds(driver, work, cut, 1_000))
        .isCloseTo(51, Offset.offset(0.1)); // and the tasks that sort
    var waves = new Scaling(0, 2, 0, 0, 0);
    assertThat(waves.seconds(work, cut, 1_000)).isCloseTo(52, Offset.offset(0.1));
    assertThat(ClusterSimulation.seconds(waves, work, cut, 1_000))
        .isCloseTo(50, Offset.offset(0.1));
  }

  /** Trials, CPU time of each, cores. */
  private static final List<Case> CASES =
      List.of(
          new Case(1_000_000, 50e-6, 2),
          new Case(1_000_000, 50e-6, 100),
          new Case(10_000, 1, 2),
          new Case(10_000, 1, 100),
          new Case(10_000, 1, 1000),
          new Case(1_000_000, 1e-3, 100),
          new Case(100_000_000, 1e-3, 1000),
          new Case(1_000_000_000, 50e-6, 100),
          new Case(1_000_000_000, 50e-6, 1000),
          new Case(1_000_000_000, 1e-3, 1000));

  private record Case(long trials, double seconds, int cores) {
    Work work() {
      return ScalingTest.work(trials, seconds);
    }

    double model(BiFunction<Work, Integer, Scaling.Cut> cut) {
      return Scaling.MEASURED.seconds(work(), cut.apply(work(), cores), cores);
    }

    double simulated(BiFunction<Work, Integer, Scaling.Cut> cut) {
      return ClusterSimulation.seconds(Scaling.MEASURED, work(), cut.apply(work(), cores), cores);
    }

    String line() {
      double ideal = work().seconds() / cores;
      return Text.of(
          "| %,d | %s | %,d | %s | %s | %s | %.0f %% | %s | %s | %.0f %% |%n",
          trials,
          seconds < 1 ? Text.of("%.2f ms", seconds * 1e3) : Text.of("%.0f s", seconds),
          cores,
          Figures.duration(ideal),
          Figures.duration(model(Scaling::fixed)),
          Figures.duration(simulated(Scaling::fixed)),
          100 * ideal / simulated(Scaling::fixed),
          Figures.duration(model(Scaling::adaptive)),
          Figures.duration(simulated(Scaling::adaptive)),
          100 * ideal / simulated(Scaling::adaptive));
    }
  }

  static List<Case> cases() {
    return CASES;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theModelAgreesWithTheSimulation(Case its) {
    assertThat(its.model(Scaling::fixed))
        .isCloseTo(its.simulated(Scaling::fixed), Percentage.withPercentage(15));
    assertThat(its.model(Scaling::adaptive))
        .isCloseTo(its.simulated(Scaling::adaptive), Percentage.withPercentage(15));
  }

  @Test
  void thePageShowsThisModel() throws IOException {
    String table = CASES.stream().map(Case::line).collect(Collectors.joining());
    assertThat(Path.of("../submit/cluster/SCALING.md")).content().contains(table);
  }
}
