package org.bitquake.jobs.cli;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.data.format.ImageLoader;
import org.bitquake.data.format.ImageLoader.Wanted;
import org.bitquake.jobs.console.PictureProgress;
import org.bitquake.jobs.inspect.Predictions;
import org.bitquake.jobs.store.TopFive;
import org.bitquake.network.QnnFile;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.WholeFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bitquake predict}: what a network answers, for comparison with other programs. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Writes what a network answers to images as a NumPy file: predictions and labels [N], "
          + "logits [N, classes], and with --layers the codes of each layer, [N, C, H, W], counted as "
          + "where the network comes from."
    },
    footerHeading = "%nExample:%n",
    footer = "  bitquake predict networks/as.qnn.npz --images 100 --output answers.npz")
final class PredictCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "NETWORK", description = "Network file (.qnn.npz).")
  private String network;

  @Option(
      names = "--data",
      paramLabel = "PATH|NAME",
      defaultValue = "fashion-mnist",
      description =
          "Images of your own, or a data set by name (default: ${DEFAULT-VALUE}, built in).")
  private String data;

  @Mixin private ImageOptions images;

  @Option(names = "--layers", description = "Write the codes of every layer, too.")
  private boolean layers;

  @Mixin private OutputFile output;

  @Override
  public Integer call() throws IOException {
    var hadoop = new Configuration();
    output.check(hadoop);
    QuantizedNetwork it = QnnFile.read(new Path(network), hadoop);
    var answers = new Predictions(it, images(it, hadoop));
    WholeFile.write(out -> answers.write(layers, out), output.path(), hadoop, output.overwrite());
    var out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%s: %,d images, %,d as labelled, %s%,d with a tie for the first class%n",
        output.path(),
        answers.count(),
        answers.correct(),
        TopFive.applies(it.classes())
            ? Text.of("%,d with the label among the five largest logits, ", answers.top5())
            : "",
        answers.ties());
    out.flush();
    return ExitCode.DONE;
  }

  private Dataset images(QuantizedNetwork it, Configuration hadoop) {
    var asked = images.spec(data, Optional.empty());
    var wanted = new Wanted(it.inputShape().channels(), OptionalInt.of(it.classes()));
    try (var progress = new PictureProgress()) {
      return ImageLoader.load(asked, Optional.of(wanted), hadoop, progress);
    }
  }
}
