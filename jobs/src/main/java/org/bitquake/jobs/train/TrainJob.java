package org.bitquake.jobs.train;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.data.format.DataSpec;
import org.bitquake.data.format.ImageLoader;
import org.bitquake.data.format.ImageLoader.Wanted;
import org.bitquake.jobs.config.TrainConfig;
import org.bitquake.jobs.config.TrainConfig.NetworkEntry;
import org.bitquake.jobs.console.PictureProgress;
import org.bitquake.jobs.console.Progress;
import org.bitquake.network.QnnFile;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.train.Averaging;
import org.bitquake.train.TrainOptions;
import org.bitquake.train.Trainer;
import org.bitquake.train.TrainingListener;

/**
 * Trains the networks of a configuration one after the other, on the driver or, in mode spark and
 * where they need one gradient a step, on the executors. A network that is there already is not
 * trained again; one that was interrupted goes on after the last tenth of an epoch.
 */
public final class TrainJob {
  private static final String SUFFIX = ".qnn.npz";
  private static final int FEW_CLASSES = 20;

  private final List<TrainOptions> networks;
  private final Map<String, String> starts;
  private final Dataset train;
  private final Dataset test;
  private final Path output;
  private final Optional<Averaging> averaging;
  private final Optional<JavaSparkContext> spark;
  private final PrintWriter out;
  private final Configuration hadoop = new Configuration();

  /**
   * Checks everything before the first step.
   *
   * @param only names of the networks to train; all if empty
   * @param trainData images to learn from
   * @param testData images that measure accuracy
   * @param output made if it does not exist
   * @param spark asked for the session in mode spark only
   */
  public TrainJob(
      TrainConfig config,
      List<String> only,
      DataSpec trainData,
      DataSpec testData,
      Path output,
      PrintWriter out,
      Supplier<SparkSession> spark) {
    var chosen = chosen(config, only);
    int channels = chosen.get(0).model().imageShape().channels();
    this.train = load(config.data(), trainData, new Wanted(channels, OptionalInt.empty()));
    int classes = train.classes();
    this.test = load(config.data(), testData, new Wanted(channels, OptionalInt.of(classes)));
    requireSame(train, test);
    this.networks = chosen.stream().map(options -> options.withClasses(classes)).toList();
    this.starts = starts(config);
    this.output = output;
    this.out = out;
    try {
      Files.createDirectories(output);
    } catch (IOException e) {
      throw new InputException(
          Text.of("cannot make the output directory %s: %s", output, e.getMessage()), e);
    }
    if (!Files.isWritable(output)) {
      throw new InputException(Text.of("cannot write to the output directory %s", output));
    }
    this.averaging = config.averaging();
    this.spark = averaging.map(a -> JavaSparkContext.fromSparkContext(spark.get().sparkContext()));
  }

  private Dataset load(TrainConfig.DataEntry data, DataSpec spec, Wanted wanted) {
    try (var progress = new PictureProgress()) {
      var loaded = ImageLoader.load(spec, Optional.of(wanted), hadoop, progress);
      return data.note()
          .map(note -> loaded.named(Text.of("%s (%s)", loaded.name(), note)))
          .orElse(loaded);
    }
  }

  private static void requireSame(Dataset train, Dataset test) {
    if (train.classes() != test.classes() || !train.classNames().equals(test.classNames())) {
      throw new InputException(
          Text.of(
              "%s has other classes (%s) than %s (%s)",
              test.name(), classes(test), train.name(), classes(train)));
    }
  }

  private static String classes(Dataset data) {
    List<String> names = data.classNames();
    return names.isEmpty() || names.size() > FEW_CLASSES
        ? Integer.toString(data.classes())
        : String.join(", ", names);
  }

  private static List<TrainOptions> chosen(TrainConfig config, List<String> only) {
    var names = config.networks().stream().map(NetworkEntry::name).toList();
    for (String name : only) {
      if (!names.contains(name)) {
        throw new InputException(
            Text.of(
                "no network \"%s\" in the configuration; there are %s",
                name, String.join(", ", names)));
      }
    }
    return config.networks().stream()
        .map(config::options)
        .filter(options -> only.isEmpty() || only.contains(options.name()))
        .toList();
  }

  private static Map<String, String> starts(TrainConfig config) {
    return config.networks().stream()
        .filter(network -> network.from().isPresent())
        .collect(Collectors.toMap(NetworkEntry::name, network -> network.from().orElseThrow()));
  }

  /** Trains what is missing; returns the files of all networks. */
  public List<Path> run() throws IOException {
    var pending = new ArrayList<TrainOptions>();
    for (var options : networks) {
      checkStart(options);
      if (finished(options)) {
        out.printf(Locale.ROOT, "%s is there already: %s%n", options.name(), file(options));
      } else {
        pending.add(options);
      }
    }
    out.printf(
        Locale.ROOT,
        "Training %d of %d networks on %s (%,d images)%n",
        pending.size(),
        networks.size(),
        train.name(),
        train.size());
    for (var options : pending) {
      where(options).ifPresent(out::println);
    }
    out.flush();
    try (var lines =
        new EpochLines(pending, train.size(), out, work -> Progress.start("training", work))) {
      for (var options : pending) {
        train(options, lines);
      }
    }
    return networks.stream().map(this::file).toList();
  }

  /** Where a network is trained; empty where there is no choice. */
  private Optional<String> where(TrainOptions options) {
    return averaging.map(
        a ->
            averaging(options).isPresent()
                ? Text.of(
                    "%s trains on %d workers, their parameters averaged every %d updates",
                    options.name(), a.workers(), a.frequency())
                : Text.of(
                    "%s trains on the driver: %s the gradient of a whole batch",
                    options.name(),
                    options.rho() > 0
                        ? Text.of("SAQ (rho %s) follows", options.rho())
                        : Text.of("faults (faultRate %s) are added to", options.faultRate())));
  }

  /** What follows the gradients and losses of whole batches stays on the driver. */
  private Optional<Averaging> averaging(TrainOptions options) {
    return options.gradients() > 1 ? Optional.empty() : averaging;
  }

  private void train(TrainOptions options, EpochLines lines) throws IOException {
    var checkpoint = output.resolve("." + options.name() + ".checkpoint");
    var network = train(options, checkpoint, lines.of(options));
    QnnFile.write(network, hadoopPath(file(options)), hadoop, false);
    Files.deleteIfExists(checkpoint);
    lines.say(Text.of("%s → %s", options.name(), file(options)));
  }

  private QuantizedNetwork train(TrainOptions options, Path checkpoint, TrainingListener listener)
      throws IOException {
    var start = start(options);
    var file = Optional.of(checkpoint);
    var copies = averaging(options);
    if (copies.isEmpty()) {
      return Trainer.train(options, start, train, test, file, listener);
    }
    try (var epochs = new SparkEpochs(spark.orElseThrow(), options, copies.get(), train)) {
      return Trainer.train(options, start, train, test, file, listener, Optional.of(epochs));
    }
  }

  /** True where the file holds a network of just these options and data. */
  private boolean finished(TrainOptions options) throws IOException {
    if (!Files.exists(file(options))) {
      return false;
    }
    QuantizedNetwork there = QnnFile.read(hadoopPath(file(options)), hadoop);
    var expected = Trainer.provenance(options, start(options), train, averaging(options));
    boolean same =
        Trainer.SETTINGS.stream()
            .allMatch(key -> Objects.equals(expected.get(key), there.provenance().get(key)));
    if (!same) {
      throw new InputException(
          Text.of(
              "%s holds a network trained otherwise; move it away or choose another output",
              file(options)));
    }
    return true;
  }

  /** Refuses a network whose start is neither there nor trained in this run. */
  private void checkStart(TrainOptions options) {
    String start = starts.get(options.name());
    boolean comes = networks.stream().anyMatch(n -> n.name().equals(start));
    if (start != null && !comes && !Files.exists(file(start))) {
      throw new InputException(
          Text.of(
              "network %s starts from %s, but there is no %s; train that one first",
              options.name(), start, file(start)));
    }
  }

  /** The network to start from; empty for random weights. */
  private Optional<QuantizedNetwork> start(TrainOptions options) throws IOException {
    String start = starts.get(options.name());
    return start == null
        ? Optional.empty()
        : Optional.of(QnnFile.read(hadoopPath(file(start)), hadoop));
  }

  private Path file(TrainOptions options) {
    return file(options.name());
  }

  private Path file(String name) {
    return output.resolve(name + SUFFIX);
  }

  private static org.apache.hadoop.fs.Path hadoopPath(Path path) {
    return new org.apache.hadoop.fs.Path(path.toAbsolutePath().normalize().toUri());
  }
}
