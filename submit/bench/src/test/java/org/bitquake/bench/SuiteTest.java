package org.bitquake.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bitquake.bench.Measurement.Quantity;
import org.bitquake.engine.Engines;
import org.bitquake.jobs.cli.Benchmarks;
import org.bitquake.jobs.cli.Benchmarks.Part;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every benchmark once, as short and small as can be: it runs, and its numbers hang together. */
class SuiteTest {
  private static final Path HOME = Path.of("../..");
  private static final Settings TINY =
      new Settings(2, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofHours(1), 0, 2, false);

  private static Results results;
  private static final StringWriter SAID = new StringWriter();

  @BeforeAll
  static void runEverything() throws IOException {
    var parts = EnumSet.of(Part.LIMITS, Part.ENGINES, Part.PEER);
    var options =
        new Benchmarks.Options(
            true,
            parts,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    var workloads =
        List.of(
            Workload.lenet5(HOME),
            Workload.resnet18(4),
            Workload.convolutions(16),
            Workload.wider(4));
    results = new Suite().run(options, HOME, TINY, workloads, new PrintWriter(SAID, true));
  }

  @Test
  void everyEngineIsMeasuredOnEveryNetwork() {
    for (var status : Engines.all()) {
      String name = status.provider().name();
      assertThat(results.engines()).containsKey(name);
      if (status.usable()) {
        boolean wider = status.provider().unsupported(Workload.wider(4).network()).isEmpty();
        assertThat(results.engines().get(name))
            .as(name)
            .matches(wider ? "" : Pattern.quote(Workload.WIDER) + ": [^;]*");
        assertThat(results.all(Quantity.PREDICT).stream().filter(s -> s.engine().equals(name)))
            .hasSize(wider ? 4 : 3);
        assertThat(results.all(Quantity.LOAD).stream().filter(s -> s.engine().equals(name)))
            .hasSize(wider ? 3 : 2);
        assertThat(results.find(Quantity.TRIAL, Workload.LENET5, name, 30)).isPresent();
        assertThat(results.find(Quantity.TRIAL, Workload.RESNET18, name, 30)).isPresent();
      }
    }
  }

  @Test
  void everyMeasurementHasASampleForEachRound() {
    assertThat(results.series())
        .isNotEmpty()
        .allSatisfy(s -> assertThat(s.samples()).hasSize(TINY.rounds()))
        .allSatisfy(s -> assertThat(s.seconds()).isPositive());
  }

  @Test
  void anEngineMustDoWiderNetworks() {
    assertThat(results.all(Quantity.TRIAL))
        .anyMatch(s -> s.subject().equals(Workload.WIDER) && s.engine().equals("reference"));
    assertThat(Workload.wider(4).network().isPlain()).isFalse();
  }

  @Test
  void theLimitOfFloatsShortsAndIntsIsMeasured() {
    for (String lanes : List.of("float32", "int16", "int32")) {
      assertThat(results.peaks()).containsKey(lanes);
      assertThat(results.peaks().get(lanes))
          .hasSize(TINY.peakIterations())
          .allMatch(rate -> rate > 0);
    }
  }

  @Test
  void theLimitOfBytesIsMeasuredOrSaidToBeMissing() {
    if (results.peaks().containsKey("int8")) {
      assertThat(results.peaks().get("int8")).isNotEmpty().allMatch(rate -> rate > 0);
    } else {
      assertThat(results.notes()).filteredOn(n -> n.startsWith("the int8 limit: ")).hasSize(1);
    }
  }

  @Test
  void progressNamesTheRounds() {
    assertThat(SAID.toString()).contains("bench: round 1 of 2\n", "bench: round 2 of 2\n");
  }

  @Test
  void theReportHasATableOfEachKind() {
    assertThat(Report.of(results))
        .contains(
            "int16",
            "Inference",
            "Preparing a trial",
            "Other faults",
            "Whole trials",
            "LeNet-5",
            "ResNet-18")
        .contains("not measured: the PyTorch loop: not in a quick run")
        .doesNotContain("× PyTorch", "Two task threads");
  }
}
