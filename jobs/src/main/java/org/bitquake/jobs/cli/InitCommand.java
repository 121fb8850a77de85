package org.bitquake.jobs.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.Text;
import org.bitquake.jobs.config.ConfigKind;
import org.bitquake.jobs.draft.Draft;
import org.bitquake.network.WholeFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code bitquake init}: a configuration file to start from. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Writes a configuration file with comments, fitted to networks, for you to go on from.",
      "Its command takes it as it is: campaign (also for single-fault), train, landscape, cnvlutin,"
          + " protect."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bitquake init campaign --output mine.yaml",
      "  bitquake init landscape -n conf/networks/resnet18-saq.qnn.npz --data data",
      "  bitquake init train -n conf/networks/vgg11-as.qnn.npz -o train.yaml"
    })
final class InitCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "KIND",
      converter = KindConverter.class,
      description = "What the file is for: ${COMPLETION-CANDIDATES}.")
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
      description =
          "Where the data set's files lie, or images of your own (default: built in, or the folder"
              + " data here).")
  private Optional<String> data;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The file to write, a local or Hadoop path (default: standard output).")
  private Optional<String> output;

  @Option(names = "--overwrite", description = "Replace FILE if it exists.")
  private boolean overwrite;

  /** Names a kind as people type it. */
  static final class KindConverter implements ITypeConverter<ConfigKind> {
    @Override
    public ConfigKind convert(String value) {
      return ConfigKind.of(value)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      Text.of(
                          "there is no kind of file \"%s\"; known: %s",
                          value,
                          Arrays.stream(ConfigKind.values())
                              .map(ConfigKind::toString)
                              .collect(Collectors.joining(", ")))));
    }
  }

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
