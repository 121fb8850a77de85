package org.bitquake.jobs.singlefault;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.bitquake.engine.Engines;
import org.bitquake.jobs.config.RunOptions;
import org.bitquake.jobs.config.SingleFaultConfig;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.injection.CampaignOutcome;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.jobs.store.Origin;
import org.bitquake.jobs.store.ResultDirectory;

/** A campaign of single faults from its configuration file to its report. */
public final class SingleFaultRun {
  private SingleFaultRun() {}

  /**
   * Runs what is missing of a campaign; nothing if its tables are complete.
   *
   * @throws org.bitquake.InputException before the first fault, if anything the user gave is wrong
   */
  public static CampaignOutcome run(SparkSession spark, String configFile, RunOptions options) {
    return run(spark, configFile, options, Engines::prepare);
  }

  static CampaignOutcome run(
      SparkSession spark, String configFile, RunOptions options, EngineSource engines) {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    var document = Yaml.load(configFile, hadoop, SingleFaultConfig.class);
    var campaign = SingleFaultLoader.load(document, options.inputs(), hadoop);
    try (var store =
        ResultDirectory.open(
            options.output().orElse(document.value().output()),
            "campaign",
            campaign.name(),
            campaign.identity(),
            Origin.now(
                configFile,
                document.text(),
                options.inputs().data(),
                options.inputs().networks(),
                spark.version()),
            options.overwrite(),
            hadoop)) {
      var job = new SingleFaultJob(spark, campaign, store, engines, options.partitionsIn(spark));
      if (!job.isFinished()) {
        job.run();
      }
      var report = new SingleFaultReport(campaign, job.rates(), store.place());
      return new CampaignOutcome(store.root().toString(), report.text(), report.failed());
    }
  }
}
