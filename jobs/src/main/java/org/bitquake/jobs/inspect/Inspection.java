package org.bitquake.jobs.inspect;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.data.Datasets;
import org.bitquake.engine.ActivationStatistics;
import org.bitquake.engine.ActivationStatistics.Zeros;
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
    Dataset images = dataset(network);
    boolean fits = images.shape().equals(network.inputShape());
    List<Zeros> zeros =
        fits
            ? ActivationStatistics.zeroFractions(network, Images.first(images, SPARSITY_IMAGES))
            : List.of();
    var inspection = new NetworkInspection(network, zeros);
    return head(network)
        + inspection.layers()
        + accuracy(network, images, fits)
        + inspection.provenance();
  }

  private Dataset dataset(QuantizedNetwork network) {
    String trainedOn = network.provenance().getOrDefault("trained.on", DEFAULT_DATASET);
    String name = trainedOn.replaceFirst("/.*", "");
    return Datasets.load(name, "test", data, hadoop);
  }

  private static String accuracy(QuantizedNetwork network, Dataset images, boolean fits) {
    if (!fits) {
      return Text.of(
          "no accuracy: images of %s are %s, the network reads %s%n",
          images.name(), images.shape(), network.inputShape());
    }
    int correct = Images.correct(network, images);
    return Text.of(
        "accuracy without faults %.2f %% (%,d of %,d images of %s)%n",
        100.0 * correct / images.size(), correct, images.size(), images.name());
  }
}
