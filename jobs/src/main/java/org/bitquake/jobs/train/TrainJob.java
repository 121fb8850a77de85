package org.bitquake.jobs.train;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.InputException;
import org.bitquake.data.Dataset;
import org.bitquake.data.Datasets;
import org.bitquake.jobs.config.TrainConfig;
import org.bitquake.network.QnnFile;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.train.TrainOptions;
import org.bitquake.train.Trainer;

/**
 * Trains the networks of a configuration on the driver. A network that is there already is not
 * trained again; one that was interrupted goes on after its last epoch.
 */
public final class TrainJob {
  private static final String SUFFIX = ".qnn.npz";

  private final List<TrainOptions> networks;
  private final Dataset train;
  private final Dataset test;
  private final Path output;
  private final PrintWriter out;
  private final Configuration hadoop = new Configuration();

  /**
   * Checks everything before the first step.
   *
   * @param directory of the data set; empty for the excerpt that travels in the jar
   * @param output made if it does not exist
   */
  public TrainJob(TrainConfig config, Optional<String> directory, Path output, PrintWriter out) {
    this.networks = config.networks().stream().map(config::options).toList();
    this.train = Datasets.load(config.data().name(), "train", directory, hadoop);
    this.test = Datasets.load(config.data().name(), "test", directory, hadoop);
    this.output = output;
    this.out = out;
    try {
      Files.createDirectories(output);
    } catch (IOException e) {
      throw new InputException(
          "cannot make the output directory %s: %s".formatted(output, e.getMessage()), e);
    }
    if (!Files.isWritable(output)) {
      throw new InputException("cannot write to the output directory %s".formatted(output));
    }
  }

  /** Trains what is missing; returns the files of all networks. */
  public List<Path> run() throws IOException {
    var pending = new ArrayList<TrainOptions>();
    for (var options : networks) {
      if (finished(options)) {
        out.printf("%s is there already: %s%n", options.name(), file(options));
      } else {
        pending.add(options);
      }
    }
    out.printf(
        "Training %d of %d networks on %s (%,d images)%n",
        pending.size(), networks.size(), train.name(), train.size());
    out.flush();
    trainAll(pending, new EpochLines(pending, out));
    return networks.stream().map(this::file).toList();
  }

  /** Each network on a thread of its own, as many at a time as there are processors. */
  private void trainAll(List<TrainOptions> pending, EpochLines lines) throws IOException {
    int threads = Math.min(Runtime.getRuntime().availableProcessors(), pending.size());
    var pool = Executors.newFixedThreadPool(Math.max(1, threads));
    try {
      var running = new ArrayList<Future<?>>();
      for (var options : pending) {
        running.add(
            pool.submit(
                () -> {
                  train(options, lines);
                  return options;
                }));
      }
      for (var one : running) {
        one.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("training was interrupted; run it again to go on");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw new IOException(e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private void train(TrainOptions options, EpochLines lines) throws IOException {
    var checkpoint = output.resolve("." + options.name() + ".checkpoint");
    var network =
        Trainer.train(options, train, test, Optional.of(checkpoint), r -> lines.print(options, r));
    QnnFile.write(network, hadoopPath(file(options)), hadoop, false);
    Files.deleteIfExists(checkpoint);
    out.printf("%s → %s%n", options.name(), file(options));
    out.flush();
  }

  /** True where the file holds a network of just these options and data. */
  private boolean finished(TrainOptions options) throws IOException {
    if (!Files.exists(file(options))) {
      return false;
    }
    QuantizedNetwork there = QnnFile.read(hadoopPath(file(options)), hadoop);
    var expected = Trainer.provenance(options, train);
    boolean same =
        Trainer.SETTINGS.stream()
            .allMatch(key -> expected.get(key).equals(there.provenance().get(key)));
    if (!same) {
      throw new InputException(
          "%s holds a network trained otherwise; move it away or choose another output"
              .formatted(file(options)));
    }
    return true;
  }

  private Path file(TrainOptions options) {
    return output.resolve(options.name() + SUFFIX);
  }

  private static org.apache.hadoop.fs.Path hadoopPath(Path path) {
    return new org.apache.hadoop.fs.Path(path.toAbsolutePath().normalize().toUri());
  }
}
