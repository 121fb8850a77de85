package org.bitquake.jobs.campaign;

import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.bitquake.engine.Engines;
import org.bitquake.jobs.config.CampaignConfig;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.console.Progress;
import org.bitquake.jobs.store.ResultDirectory;

/** A campaign from its configuration file to its report. */
public final class CampaignRun {
  private CampaignRun() {}

  /**
   * What the command line adds to the configuration file.
   *
   * @param output directory of the tables, instead of the file's
   * @param overwrite true to replace another campaign there
   * @param data directory of the data set, instead of the file's
   * @param partitions tasks per wave, instead of three for each core; does not change the rows
   */
  public record Options(
      Optional<String> output,
      boolean overwrite,
      Optional<String> data,
      Optional<Integer> partitions) {}

  /**
   * What came of it.
   *
   * @param directory of the tables
   * @param report for people
   * @param failedTrials trials without a result
   */
  public record Outcome(String directory, String report, long failedTrials) {}

  /**
   * Runs what is missing of a campaign; nothing if its tables are complete.
   *
   * @throws org.bitquake.InputException before the first trial, if anything the user gave is wrong
   */
  public static Outcome run(SparkSession spark, String configFile, Options options) {
    return run(spark, configFile, options, Engines::prepare);
  }

  static Outcome run(SparkSession spark, String configFile, Options options, EngineSource engines) {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    var document = Yaml.load(configFile, hadoop, CampaignConfig.class);
    var campaign = CampaignLoader.load(document, options.data(), hadoop);
    var store =
        ResultDirectory.open(
            options.output().orElse(document.value().output()),
            "campaign",
            campaign.name(),
            CampaignIdentity.of(campaign),
            options.overwrite(),
            hadoop);
    int partitions =
        options.partitions().orElseGet(() -> 3 * spark.sparkContext().defaultParallelism());
    var job = new CampaignJob(spark, campaign, store, engines, partitions);
    if (!job.isFinished()) {
      long already = job.committedRows(); // not counted, or the time left would be too short
      try (var progress =
          Progress.start("trials", campaign.isAdaptive() ? 0 : campaign.rows() - already)) {
        job.run(
            (done, expected) ->
                progress.update(Math.max(0, done - already), Math.max(0, expected - already)));
        progress.note(String.format(Locale.ROOT, "%.1f CPU-s", job.cpuSeconds()));
      }
    }
    var report = new CampaignReport(campaign, job.cells().collectAsList(), place(store.root()));
    return new Outcome(store.root().toString(), report.text(), report.failed());
  }

  private static String place(Path root) {
    return "file".equals(root.toUri().getScheme()) ? root.toUri().getPath() : root.toString();
  }
}
