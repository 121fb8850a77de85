package org.bitquake.jobs.campaign;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.bitquake.Text;
import org.bitquake.engine.Engines;
import org.bitquake.jobs.config.CampaignConfig;
import org.bitquake.jobs.config.RunOptions;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.console.Progress;
import org.bitquake.jobs.console.Timings;
import org.bitquake.jobs.injection.CampaignOutcome;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.jobs.store.Origin;
import org.bitquake.jobs.store.ResultDirectory;

/** A campaign from its configuration file to its report. */
public final class CampaignRun {
  private CampaignRun() {}

  /**
   * Runs what is missing of a campaign; nothing if its tables are complete.
   *
   * @throws org.bitquake.InputException before the first trial, if anything the user gave is wrong
   */
  public static CampaignOutcome run(SparkSession spark, String configFile, RunOptions options) {
    return run(spark, configFile, options, Engines::prepare);
  }

  static CampaignOutcome run(
      SparkSession spark, String configFile, RunOptions options, EngineSource engines) {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    var document = Yaml.load(configFile, hadoop, CampaignConfig.class);
    var campaign =
        Timings.phase(
            "networks and data", () -> CampaignLoader.load(document, options.inputs(), hadoop));
    try (var store =
        ResultDirectory.open(
            options.output().orElse(document.value().output()),
            "campaign",
            campaign.name(),
            CampaignIdentity.of(campaign),
            Origin.now(
                configFile,
                document.text(),
                options.inputs().data(),
                options.inputs().networks(),
                spark.version()),
            options.overwrite(),
            hadoop)) {
      var job = new CampaignJob(spark, campaign, store, engines, options.partitionsIn(spark));
      if (!job.isFinished()) {
        long already = job.committedRows(); // not counted, or the time left would be too short
        try (var progress =
            Progress.start("trials", campaign.isAdaptive() ? 0 : campaign.rows() - already)) {
          job.run(
              (done, expected) ->
                  progress.update(Math.max(0, done - already), Math.max(0, expected - already)));
          progress.note(Text.of("%.1f CPU-s", job.cpuSeconds()));
        }
      }
      var report = new CampaignReport(campaign, job.cells(), store.place());
      return new CampaignOutcome(store.root().toString(), report.text(), report.failed());
    }
  }
}
