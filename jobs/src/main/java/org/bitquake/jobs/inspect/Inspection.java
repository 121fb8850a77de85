package org.bitquake.jobs.inspect;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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
import org.bitquake.engine.ActivationStatistics.Zeros;
import org.bitquake.jobs.console.PictureProgress;
import org.bitquake.jobs.store.TopFive;
import org.bitquake.network.QnnFile;
import org.bitquake.network.QuantizedNetwork;

/**
 * What a network file or a campaign's directory holds, for people.
 *
 * @param data where the data set's files lie; empty for the Fashion-MNIST built in
 * @param run whether networks are run, for accuracy and zero activations
 */
public record Inspection(Optional<String> data, boolean run, Configuration hadoop) {
  /** Images behind the fractions of zero activations. */
  private static final int SPARSITY_IMAGES = 2_000;

  private static final String DEFAULT_DATASET = "fashion-mnist";

  /**
   * Looks at a file or directory, local or a Hadoop path.
   *
   * @throws InputException if it is not there, or neither a network nor a campaign's directory
   */
  public String of(String path) throws IOException {
    var file = new Path(path);
    var files = file.getFileSystem(hadoop);
    if (!files.exists(file)) {
      throw new InputException(path + ": no such file or directory");
    }
    return files.getFileStatus(file).isDirectory()
        ? new CampaignInspection(path, hadoop).text()
        : of(QnnFile.read(file, hadoop));
  }

  /** Name, input, layers and content hash of a network, which is not run. */
  public static String outline(QuantizedNetwork network) {
    return head(network) + new NetworkInspection(network, List.of()).layers();
  }

  private static String head(QuantizedNetwork network) {
    return Text.of("network %s, input %s%n%n", network.name(), network.inputShape());
  }

  private String of(QuantizedNetwork network) {
    if (!run) {
      return outline(network) + new NetworkInspection(network, List.of()).provenance();
    }
    Optional<Dataset> images = dataset(network);
    boolean fits = images.filter(d -> fits(network, d)).isPresent();
    List<Zeros> zeros = fits ? Images.zeros(network, images.get(), SPARSITY_IMAGES) : List.of();
    var inspection = new NetworkInspection(network, zeros);
    String accuracy =
        images
            .map(its -> accuracy(network, its, fits))
            .orElseGet(
                () -> Text.of("no accuracy: say where images for it are with --data PATH%n"));
    return head(network) + inspection.layers() + accuracy + inspection.provenance();
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
          images.name(), images.form(), images.classes(), network.inputShape(), network.classes());
    }
    var answers = Images.answers(network, images);
    String top5 =
        TopFive.applies(network.classes())
            ? Text.of("top-5 accuracy %.2f %%%n", 100.0 * answers.top5() / images.size())
            : "";
    return Text.of(
            "accuracy without faults %.2f %% (%,d of %,d images of %s)%n",
            100.0 * answers.correct() / images.size(),
            answers.correct(),
            images.size(),
            images.name())
        + top5
        + ties(network, answers.ties());
  }

  /** Codes are few, so that classes are often equal; logits hardly ever. */
  private static String ties(QuantizedNetwork network, int ties) {
    return ties == 0 && network.outputCodes().isEmpty()
        ? ""
        : Text.of(
            "%,d images have a tie for the largest output; the first class of it counts%n", ties);
  }
}
