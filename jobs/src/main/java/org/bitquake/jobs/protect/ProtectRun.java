package org.bitquake.jobs.protect;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.bitquake.engine.Engines;
import org.bitquake.jobs.config.ProtectConfig;
import org.bitquake.jobs.config.RunOptions;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.console.Timings;
import org.bitquake.jobs.figure.FigureFiles;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.jobs.store.Origin;
import org.bitquake.jobs.store.ResultDirectory;

/** A search from its configuration file to its report. */
public final class ProtectRun {
  private ProtectRun() {}

  /**
   * What came of it.
   *
   * @param directory of the tables
   * @param report for people
   * @param unreached networks for which nothing was confirmed
   */
  public record Outcome(String directory, String report, long unreached) {}

  /**
   * Runs what is missing of a search; nothing if its tables are complete.
   *
   * @throws org.bitquake.InputException before the first trial, if anything the user gave is wrong
   */
  public static Outcome run(SparkSession spark, String configFile, RunOptions options) {
    return run(spark, configFile, options, Engines::prepare);
  }

  static Outcome run(
      SparkSession spark, String configFile, RunOptions options, EngineSource engines) {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    var document = Yaml.load(configFile, hadoop, ProtectConfig.class);
    var plan =
        Timings.phase(
            "networks and data", () -> SearchLoader.load(document, options.inputs(), hadoop));
    try (var store =
        ResultDirectory.open(
            options.output().orElse(document.value().output()),
            "protect",
            plan.name(),
            plan.identity(),
            Origin.now(
                configFile,
                document.text(),
                options.inputs().data(),
                options.inputs().networks(),
                spark.version()),
            options.overwrite(),
            hadoop)) {
      var winners = new WinnerFile(plan, document, options.inputs().data());
      var job = new ProtectJob(spark, plan, store, engines, options.partitionsIn(spark));
      if (!job.isFinished()) {
        job.run(
            (search, claims) -> {
              Map<String, byte[]> files = new LinkedHashMap<>();
              search
                  .winner(claims)
                  .ifPresent(
                      its -> {
                        String text = winners.text(search, its, search.fresh(its).trials());
                        String network = plan.networks().get(search.network()).name();
                        files.put(WinnerFile.name(network), text.getBytes(StandardCharsets.UTF_8));
                      });
              FigureFiles.write(files, store.root(), hadoop);
            });
      }
      var report = new ProtectReport(plan, job.frontier(), store.place());
      return new Outcome(store.root().toString(), report.text(), report.unreached());
    }
  }
}
