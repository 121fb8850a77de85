package org.bitquake.jobs.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BinaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.data.Datasets;
import org.bitquake.data.format.DataSpec;
import org.bitquake.jobs.config.TrainConfig;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.session.SparkStart;
import org.bitquake.jobs.train.TrainJob;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bitquake train}: trains the networks of a configuration. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Trains quantised networks and writes each as NAME.qnn.npz: on this machine, or with "
          + "mode: spark in the configuration on Spark's executors (all but networks with SAQ).",
      "An interrupted run goes on after the last tenth of an epoch; finished networks are kept."
    },
    footerHeading = "%nExample:%n",
    footer = "  bitquake train conf/train-lenet5.yaml --data data --output networks")
final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "CONFIG", description = "YAML file, such as conf/train-lenet5.yaml.")
  private String config;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where the data lie; default: where the configuration says.")
  private Optional<String> data;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Directory of the networks; default: the configuration's.")
  private Optional<String> output;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      split = ",",
      description =
          "Train only these networks; several processes may share an output directory this way.")
  private List<String> only = List.of();

  @Override
  public Integer call() throws IOException {
    var document = Yaml.load(config, new Configuration(), TrainConfig.class);
    TrainConfig plan = document.value();
    BinaryOperator<String> beside = (key, path) -> document.beside(key, path).toString();
    var job =
        new TrainJob(
            plan,
            only,
            spec(plan, "train", beside),
            spec(plan, "test", beside),
            Path.of(output.orElse(plan.output())),
            spec.commandLine().getOut(),
            () -> SparkStart.session("train"));
    job.run();
    return ExitCode.DONE;
  }

  /** The data elsewhere, if the command line says where; test data of their own stay. */
  private DataSpec spec(TrainConfig plan, String split, BinaryOperator<String> beside) {
    var asked = plan.data().spec(split, beside);
    boolean apart = split.equals(Datasets.TEST) && plan.data().test().isPresent();
    return apart ? asked : data.map(asked::in).orElse(asked);
  }
}
