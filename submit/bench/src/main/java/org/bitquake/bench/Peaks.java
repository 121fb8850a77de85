package org.bitquake.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the benchmarks of {@code org.bitquake.bench.peak} with JMH, each in a JVM of its own. */
final class Peaks {
  /** Before the compiler is done the Vector API is a hundred times slower. */
  private static final int WARM_UPS = 3;

  private Peaks() {}

  /**
   * Multiply-adds per CPU-second, a value for each iteration.
   *
   * @return by lane type, {@code int16} and {@code int32}
   */
  static Map<String, List<Double>> run(Settings settings) {
    var time = TimeValue.nanoseconds(settings.slice().toNanos());
    var options =
        new OptionsBuilder()
            .include("org\\.bitquake\\.bench\\.peak\\.")
            .forks(settings.peakForks())
            .warmupIterations(WARM_UPS)
            .warmupTime(TimeValue.nanoseconds(settings.warmUp().toNanos()))
            .measurementIterations(settings.peakIterations())
            .measurementTime(time)
            .jvmArgsAppend("-Xbatch") // compiles before it goes on, on a busy machine, too
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .build();
    try {
      var rates = new TreeMap<String, List<Double>>();
      for (RunResult result : new Runner(options).run()) {
        rates.put(result.getPrimaryResult().getLabel(), rates(result));
      }
      return rates;
    } catch (RunnerException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Double> rates(RunResult result) {
    List<Double> rates = new ArrayList<>();
    for (var fork : result.getBenchmarkResults()) {
      for (IterationResult iteration : fork.getIterationResults()) {
        var counters = iteration.getSecondaryResults();
        rates.add(counters.get("macs").getScore() / counters.get("nanos").getScore() * 1e9);
      }
    }
    return rates;
  }
}
