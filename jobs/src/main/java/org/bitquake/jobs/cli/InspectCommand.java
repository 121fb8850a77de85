package org.bitquake.jobs.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.data.Datasets;
import org.bitquake.data.Source;
import org.bitquake.data.format.DataSpec;
import org.bitquake.data.format.ImageLoader;
import org.bitquake.data.format.ImageLoader.Wanted;
import org.bitquake.engine.ActivationStatistics;
import org.bitquake.engine.ActivationStatistics.Zeros;
import org.bitquake.jobs.console.PictureProgress;
import org.bitquake.network.QnnFile;
import org.bitquake.network.QuantizedNetwork;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bitquake inspect}: what a network file or a campaign's directory holds. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Shows a network's layers, codes, sparsity, accuracy without faults and origin,",
      "or what a campaign's directory is, how far it is and what tables it has."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bitquake inspect networks/standard.qnn.npz networks/AS.qnn.npz",
      "  bitquake inspect results/lenet5"
    })
final class InspectCommand implements Callable<Integer> {
  /** Images behind the fractions of zero activations. */
  private static final int SPARSITY_IMAGES = 2_000;

  private static final String DEFAULT_DATASET = "fashion-mnist";

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE|DIR",
      description = "Network files (.qnn.npz) or campaign directories.")
  private List<String> paths;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "Where the data set's files lie, or images of your own (default: the Fashion-MNIST built"
              + " in).")
  private Optional<String> data;

  @Option(
      names = "--no-accuracy",
      description = "Do not run the network: no accuracy, no zero activations.")
  private boolean noAccuracy;

  private final Configuration hadoop = new Configuration();

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    String separator = "";
    for (String path : paths) {
      out.print(separator);
      out.print(inspect(path));
      out.flush();
      separator = "\n";
    }
    return ExitCode.DONE;
  }

  private String inspect(String path) throws IOException {
    var file = new Path(path);
    var files = file.getFileSystem(hadoop);
    if (!files.exists(file)) {
      throw new InputException(path + ": no such file or directory");
    }
    return files.getFileStatus(file).isDirectory()
        ? new CampaignInspection(path, hadoop).text()
        : network(QnnFile.read(file, hadoop));
  }

  private String network(QuantizedNetwork network) {
    String head = Text.of("network %s, input %s%n%n", network.name(), network.inputShape());
    Optional<Dataset> images = noAccuracy ? Optional.empty() : dataset(network);
    boolean fits = images.filter(d -> fits(network, d)).isPresent();
    List<Zeros> zeros =
        fits
            ? ActivationStatistics.zeroFractions(
                network, Images.first(images.get(), SPARSITY_IMAGES))
            : List.of();
    var inspection = new NetworkInspection(network, zeros);
    String accuracy = images.map(its -> accuracy(network, its, fits)).orElse("");
    if (!noAccuracy && images.isEmpty()) {
      accuracy = Text.of("no accuracy: say where images for it are with --data PATH%n");
    }
    return head + inspection.layers() + accuracy + inspection.provenance();
  }

  private Optional<Dataset> dataset(QuantizedNetwork network) {
    String trainedOn = network.provenance().getOrDefault("trained.on", DEFAULT_DATASET);
    String name = trainedOn.replaceFirst("/.*", "");
    boolean known = Source.PUBLISHED.stream().anyMatch(source -> source.name().equals(name));
    boolean said = network.provenance().containsKey("trained.on");
    if (known && (said || data.isEmpty())) {
      return Optional.of(Datasets.load(name, "test", data, hadoop));
    }
    return data.map(path -> own(network, path, known ? Optional.of(name) : Optional.empty()));
  }

  /** Images at a path, or the data set of a name in that folder. */
  private Dataset own(QuantizedNetwork network, String path, Optional<String> name) {
    var wanted = new Wanted(network.inputShape().channels(), OptionalInt.of(network.classes()));
    try (var progress = new PictureProgress()) {
      return ImageLoader.load(
          DataSpec.at(path, Datasets.TEST), Optional.of(wanted), hadoop, progress);
    } catch (InputException e) {
      try {
        return Datasets.load(name.orElseThrow(() -> e), Datasets.TEST, data, hadoop);
      } catch (InputException other) {
        throw e;
      }
    }
  }

  private static boolean fits(QuantizedNetwork network, Dataset images) {
    return images.shape().equals(network.inputShape()) && images.classes() <= network.classes();
  }

  private static String accuracy(QuantizedNetwork network, Dataset images, boolean fits) {
    if (!fits) {
      return Text.of(
          "no accuracy: images of %s are %s in %d classes, the network reads %s in %d%n",
          images.name(), images.shape(), images.classes(), network.inputShape(), network.classes());
    }
    int correct = Images.correct(network, images);
    return Text.of(
        "accuracy without faults %.2f %% (%,d of %,d images of %s)%n",
        100.0 * correct / images.size(), correct, images.size(), images.name());
  }
}
