package org.bitquake.jobs.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.jobs.campaign.Campaign;
import org.bitquake.jobs.campaign.CampaignLoader;
import org.bitquake.jobs.config.CampaignConfig;
import org.bitquake.jobs.config.InputOptions;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.faultmap.ArrayMap;
import org.bitquake.jobs.faultmap.TrialMemory;
import org.bitquake.jobs.faultmap.TrialMemoryText;
import org.bitquake.jobs.figure.FigureSheet;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.network.WholeFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bitquake faults}: the faulty cells of one trial, as they lie in memory. */
@Command(
    name = "faults",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Draws the faulty cells of one trial of a campaign where they lie in the memory of weights, "
          + "an array at a time, with the layers that it holds; and counts them, layer by layer, against "
          + "what is expected. Nothing is run on images."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bitquake faults conf/memory.yaml --trial 17",
      "  bitquake faults conf/memory.yaml --model upsets --output upsets.png"
    })
final class FaultsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "CONFIG", description = "The campaign, a YAML file.")
  private String config;

  @Option(
      names = "--trial",
      paramLabel = "NUMBER",
      defaultValue = "0",
      description = "The trial's number, from 0 (default: ${DEFAULT-VALUE}).")
  private long trial;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "A fault model of CONFIG (default: its first of weight memory).")
  private Optional<String> model;

  @Option(
      names = "--network",
      paramLabel = "NAME",
      description = "A network of CONFIG (default: its first).")
  private Optional<String> network;

  @Option(
      names = "--rate",
      paramLabel = "RATE",
      description = "The fault rate, 0 to 1 (default: the highest of CONFIG).")
  private Optional<Double> rate;

  @Option(
      names = "--array",
      paramLabel = "NUMBER",
      description = "The array to draw, from 0 (default: the one with the most faulty cells).")
  private Optional<Long> array;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where the data set's files lie (default: directory of CONFIG, or built in).")
  private Optional<String> data;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Draws the array into this file, .png or .svg: a local or Hadoop path.")
  private Optional<String> output;

  @Option(
      names = "--output-mode",
      defaultValue = "error",
      paramLabel = "MODE",
      description = "If that file exists: error or overwrite (default: ${DEFAULT-VALUE}).")
  private OutputMode mode;

  @Override
  public Integer call() throws IOException {
    output.ifPresent(FaultsCommand::kind);
    var hadoop = new Configuration();
    if (output.isPresent() && mode == OutputMode.ERROR) {
      WholeFile.requireNew(new Path(output.get()), hadoop);
    }
    var campaign =
        CampaignLoader.load(
            Yaml.load(config, hadoop, CampaignConfig.class), new InputOptions(data), hadoop);
    double its = rate(campaign);
    var model = model(campaign);
    var memory =
        TrialMemory.of(
            named("network", campaign.networks(), CampaignNetwork::name, network),
            model,
            model.encoding().orElse(campaign.encoding()),
            campaign.seed(),
            trial(),
            its);
    long drawn = array(memory);
    var out = spec.commandLine().getOut();
    out.print(new TrialMemoryText(memory, trial).text());
    if (output.isPresent()) {
      draw(memory, drawn, new Path(output.get()), hadoop);
      out.println(Text.of("array %d: %s", drawn, output.get()));
    }
    out.flush();
    return ExitCode.DONE;
  }

  /** The one asked for, or the first, of the memory of weights: the only one that is drawn. */
  private MemoryModel model(Campaign campaign) {
    var ofWeights = campaign.kinds().stream().filter(MemoryModel::isOfWeights).toList();
    var all = model.isPresent() || ofWeights.isEmpty() ? campaign.kinds() : ofWeights;
    var its = named("fault model", all, MemoryModel::name, model);
    if (!its.isOfWeights()) {
      throw new InputException(
          Text.of(
              "%s: %s is a fault model of %s; only the memory of weights is drawn, so name another"
                  + " with --model",
              config, its.name(), its.faults().memory().target().label()));
    }
    return its;
  }

  private long trial() {
    if (trial < 0) {
      throw new InputException(Text.of("--trial: %d; trials are numbered from 0", trial));
    }
    return trial;
  }

  private double rate(Campaign campaign) {
    double its =
        rate.orElseGet(
            () -> campaign.rates().stream().mapToDouble(Double::doubleValue).max().orElseThrow());
    if (!(its >= 0 && its <= 1)) {
      throw new InputException(Text.of("--rate: %s is outside 0…1; write 5 %% as 0.05", its));
    }
    return its;
  }

  private long array(TrialMemory memory) {
    long its = array.orElseGet(memory::worstArray);
    if (its < 0 || its >= memory.layout().arrays()) {
      throw new InputException(
          Text.of("--array: %d; the memory has arrays 0 to %d", its, memory.layout().arrays() - 1));
    }
    return its;
  }

  private <T> T named(String what, List<T> all, Function<T, String> name, Optional<String> wanted) {
    if (wanted.isEmpty()) {
      return all.get(0);
    }
    return all.stream()
        .filter(its -> name.apply(its).equals(wanted.get()))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    Text.of(
                        "%s has no %s \"%s\"; it has %s",
                        config,
                        what,
                        wanted.get(),
                        String.join(", ", all.stream().map(name).toList()))));
  }

  private void draw(TrialMemory memory, long drawn, Path file, Configuration hadoop)
      throws IOException {
    var map = new ArrayMap(memory, drawn);
    var sheet = new FigureSheet(ArrayMap.legend(), List.of(map.panel(map.title())));
    byte[] bytes = sheet.files("array").get("array" + kind(file.getName()));
    WholeFile.write(bytes, file, hadoop, mode == OutputMode.OVERWRITE);
  }

  private static String kind(String file) {
    if (file.endsWith(".png") || file.endsWith(".svg")) {
      return file.substring(file.length() - ".png".length());
    }
    throw new InputException(
        Text.of("--output %s: a picture is a .png or .svg file; call it so", file));
  }
}
