package org.bitquake.jobs.cli;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.bitquake.jobs.campaign.CampaignRun;
import org.bitquake.jobs.config.SingleFaultConfig;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.injection.CampaignOutcome;
import org.bitquake.jobs.session.SparkStart;
import org.bitquake.jobs.singlefault.SingleFaultRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bitquake campaign}: Monte-Carlo trials of memory faults, into tables. */
@Command(
    name = "campaign",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Runs a fault campaign and leaves its tables in a directory.",
      "Run again after a kill, it goes on where it was; finished, it prints its table again."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bitquake campaign conf/lenet5.yaml",
      "  bitquake campaign conf/single-fault-lenet5.yaml",
      "  bitquake campaign conf/lenet5.yaml --output hdfs:///results/lenet5",
      "  bitquake campaign conf/resnet18.yaml --network model.qnn.npz"
    })
final class CampaignCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "CONFIG", description = "The campaign, a YAML file.")
  private String config;

  @Mixin private ResultOptions options;

  @Mixin private NetworkOptions networks;

  @Override
  public Integer call() throws IOException {
    var asked = options.get().with(networks.get());
    SparkSession spark = SparkStart.session("campaign");
    var hadoop = spark.sessionState().newHadoopConf();
    if (Yaml.has(config, hadoop, SingleFaultConfig.KEY)) {
      var outcome = SingleFaultRun.run(spark, config, asked);
      int code = report(outcome, "single_faults");
      options.page(spark, outcome.directory(), List.of());
      return code;
    }
    var outcome = CampaignRun.run(spark, config, asked);
    int code = report(outcome, "trials");
    options.page(spark, outcome.directory(), List.of());
    return code;
  }

  /** Prints what came of it; returns the exit code. */
  int report(CampaignOutcome outcome, String table) {
    var out = spec.commandLine().getOut();
    out.print(outcome.report());
    out.flush();
    if (outcome.failed() == 0) {
      return ExitCode.DONE;
    }
    spec.commandLine()
        .getErr()
        .printf(
            Locale.ROOT,
            "bitquake: %d %s failed; see SELECT error, count(*) FROM %s GROUP BY error%n",
            outcome.failed(),
            table.replace('_', ' '),
            table);
    return ExitCode.FAILED_TRIALS;
  }
}
