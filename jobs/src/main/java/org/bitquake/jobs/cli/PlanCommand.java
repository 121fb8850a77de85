package org.bitquake.jobs.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.Text;
import org.bitquake.jobs.campaign.CampaignLoader;
import org.bitquake.jobs.config.CampaignConfig;
import org.bitquake.jobs.config.InputOptions;
import org.bitquake.jobs.config.SingleFaultConfig;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.plan.CampaignPlan;
import org.bitquake.jobs.plan.PlanReport;
import org.bitquake.jobs.plan.SingleFaultPlan;
import org.bitquake.jobs.plan.SingleFaultSizes;
import org.bitquake.jobs.singlefault.FaultPilot;
import org.bitquake.jobs.singlefault.SingleFaultLoader;
import org.bitquake.stats.SampleSize;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bitquake plan}: how many trials a campaign needs and how long they take. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Runs a few trials of a campaign here, and says what the whole of it will take:",
      "trials and images for the wanted interval, CPU time, and time on so many cores."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bitquake plan conf/lenet5.yaml",
      "  bitquake plan conf/lenet5.yaml --half-width 0.002 --cores 64,4096",
      "  bitquake plan conf/lenet5.yaml --single-fault --margin 0.01 --confidence 0.99"
    })
final class PlanCommand implements Callable<Integer> {
  private static final int MOST_CORES = 1_000_000;
  private static final double MOST_SECONDS = 86_400;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "CONFIG", description = "The campaign, a YAML file.")
  private String config;

  @Option(
      names = "--half-width",
      paramLabel = "H",
      description =
          "Plan for intervals of ± H, such as 0.005 (default: halfWidth of CONFIG, or 0.005).")
  private Optional<Double> halfWidth;

  @Option(
      names = "--cores",
      split = ",",
      paramLabel = "N",
      description = "Tell the time on so many cores (default: this machine's, 16, 100, 1000).")
  private List<Integer> cores = new ArrayList<>();

  @Option(
      names = "--seconds",
      defaultValue = "10",
      paramLabel = "S",
      description = "About how long to run trials, at most (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where the data set's files lie (default: directory of CONFIG, or built in).")
  private Optional<String> data;

  @Mixin private NetworkOptions networks;

  @Option(
      names = "--single-fault",
      description = "Also say how many single faults to inject for proportions to be known.")
  private boolean singleFault;

  @Option(
      names = "--margin",
      paramLabel = "E",
      description = "Half the interval of such a proportion (default: 0.01).")
  private Optional<Double> margin;

  @Option(
      names = "--confidence",
      paramLabel = "C",
      description = "Confidence of such an interval (default: 0.99).")
  private Optional<Double> confidence;

  @Override
  public Integer call() {
    halfWidth.ifPresent(h -> require(h > 0 && h < 0.5, "--half-width", "between 0 and 0.5"));
    require(seconds > 0 && seconds <= MOST_SECONDS, "--seconds", "above 0 and at most 86400");
    cores.forEach(n -> require(n >= 1 && n <= MOST_CORES, "--cores", "1 to 1000000"));
    margin.ifPresent(e -> require(e > 0 && e < 1, "--margin", "between 0 and 1"));
    confidence.ifPresent(c -> require(c > 0 && c < 1, "--confidence", "between 0 and 1"));
    if (!singleFault && (margin.isPresent() || confidence.isPresent())) {
      throw new ParameterException(
          spec.commandLine(), "--margin and --confidence belong to --single-fault; add it");
    }
    var hadoop = new Configuration();
    if (Yaml.has(config, hadoop, SingleFaultConfig.KEY)) {
      return planSingleFaults(hadoop);
    }
    var document = Yaml.load(config, hadoop, CampaignConfig.class);
    var campaign = CampaignLoader.load(document, inputs(), hadoop);
    var plan = CampaignPlan.of(campaign, seconds, halfWidth);
    var out = spec.commandLine().getOut();
    out.print(new PlanReport(plan, machines()).text());
    if (singleFault) {
      var size = new SampleSize(margin.orElse(0.01), confidence.orElse(0.99));
      out.print("\n" + new SingleFaultSizes(campaign, size).text());
    }
    out.flush();
    return ExitCode.DONE;
  }

  private int planSingleFaults(Configuration hadoop) {
    if (singleFault || halfWidth.isPresent()) {
      throw new ParameterException(
          spec.commandLine(),
          Text.of("--half-width and --single-fault are for trials; %s sets faults.margin", config));
    }
    var document = Yaml.load(config, hadoop, SingleFaultConfig.class);
    var campaign = SingleFaultLoader.load(document, inputs(), hadoop);
    var cost = FaultPilot.secondsPerFault(campaign, seconds);
    spec.commandLine().getOut().print(new SingleFaultPlan(campaign, cost, machines()).text());
    spec.commandLine().getOut().flush();
    return ExitCode.DONE;
  }

  private InputOptions inputs() {
    return new InputOptions(data, networks.get());
  }

  private List<Integer> machines() {
    Set<Integer> machines = new LinkedHashSet<>(cores);
    if (machines.isEmpty()) {
      machines.addAll(List.of(Runtime.getRuntime().availableProcessors(), 16, 100, 1000));
    }
    return List.copyOf(machines);
  }

  private void require(boolean sound, String option, String allowed) {
    if (!sound) {
      throw new ParameterException(spec.commandLine(), option + " must be " + allowed);
    }
  }
}
