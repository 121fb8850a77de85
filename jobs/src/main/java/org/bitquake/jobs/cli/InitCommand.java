package org.bitquake.jobs.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.jobs.config.ConfigKind;
import org.bitquake.jobs.draft.Draft;
import org.bitquake.network.WholeFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bitquake init}: a configuration file to start from. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Writes a configuration file with comments, fitted to networks, for you to go on from.",
      "Its command takes it as it is: campaign (also for single-fault), train, landscape, cnvlutin."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bitquake init campaign --output mine.yaml",
      "  bitquake init landscape --network conf/networks/resnet18-saq.qnn.npz --data data",
      "  bitquake init train --network conf/networks/vgg11-standard.qnn.npz --output train.yaml"
    })
final class InitCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "KIND", description = "What the file is for: ${COMPLETION-CANDIDATES}.")
  private ConfigKind kind;

  @Option(
      names = {"-n", "--network"},
      paramLabel = "FILE",
      description =
          "A network that it is for (.qnn.npz); several may be given (default: the LeNet-5 of"
              + " bitquake).")
  private List<String> networks = List.of();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where the data set's files lie (default: built in, or the folder data here).")
  private Optional<String> data;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The file to write, a local or Hadoop path (default: standard output).")
  private Optional<String> output;

  @Option(names = "--overwrite", description = "Replace FILE if it exists.")
  private boolean overwrite;

  @Override
  public Integer call() throws IOException {
    var hadoop = new Configuration();
    var file = output.map(Path::new);
    String text = Draft.text(kind, networks, data, file, hadoop);
    var out = spec.commandLine().getOut();
    if (file.isEmpty()) {
      out.print(text);
    } else {
      WholeFile.write(text.getBytes(StandardCharsets.UTF_8), file.get(), hadoop, overwrite);
      out.println(file.get());
    }
    out.flush();
    return ExitCode.DONE;
  }
}
