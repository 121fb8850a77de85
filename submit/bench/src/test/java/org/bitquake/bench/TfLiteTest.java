package org.bitquake.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.bitquake.bench.Measurement.Quantity;
import org.bitquake.jobs.cli.Benchmarks;
import org.bitquake.jobs.cli.Benchmarks.Part;
import org.bitquake.tflite.TensorFlowLite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Imported networks beside TensorFlow Lite. */
class TfLiteTest {
  private static final Path MODEL =
      Path.of("../../../shared/data/mlperf-tiny/pretrainedResnet_quant.tflite");
  private static final Settings TINY =
      new Settings(1, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofHours(1), 0, 1, false);

  @TempDir Path folder;

  private static Benchmarks.Options options() {
    return new Benchmarks.Options(
        true,
        EnumSet.of(Part.TFLITE),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void itsInterpreterIsMeasuredInTheSameRounds() throws IOException {
    assumeTrue(Files.exists(MODEL), "needs " + MODEL);
    var why = TensorFlowLite.unavailable();
    assumeTrue(why.isEmpty(), () -> why.orElse(""));
    var workload = Workload.tflite(MODEL);

    Results results =
        new Suite()
            .run(options(), folder, TINY, List.of(workload), new PrintWriter(new StringWriter()));

    String name = workload.title();
    assertThat(results.find(Quantity.PREDICT, name, Rounds.TFLITE, 250)).isPresent();
    assertThat(results.find(Quantity.PREDICT, name, "reference", 250)).isPresent();
    assertThat(Report.of(results)).containsPattern("× TensorFlow Lite").contains(name);
  }

  @Test
  void aMissingModelIsAReasonNotAnError() throws IOException {
    var out = new StringWriter();

    new Suite().run(options(), new PrintWriter(out), new PrintWriter(new StringWriter()), folder);

    assertThat(out.toString())
        .contains("not measured: TensorFlow Lite: no model (--tflite FILE names one)")
        .doesNotContain("× TensorFlow Lite");
  }
}
