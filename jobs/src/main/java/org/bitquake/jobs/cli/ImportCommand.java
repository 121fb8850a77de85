package org.bitquake.jobs.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.jobs.inspect.Inspection;
import org.bitquake.network.PrototypeFile;
import org.bitquake.network.QnnFile;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.onnx.OnnxFile;
import org.bitquake.tflite.TfLiteFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bitquake import}: networks of other programs. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Makes a network file of a quantised ONNX model (QCDQ or QDQ form, as Brevitas exports it),",
      "of an int8 TensorFlow Lite model, or of a NumPy file in the layout of research code",
      "(LeNet-5, ResNet-18). The input must be 8-bit pixels: uint8, int8 (pixel - 128), or",
      "value / 255 in float32."
    },
    footerHeading = "%nExample:%n",
    footer = "  bitquake import model.onnx --output networks/model.qnn.npz")
final class ImportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description = "ONNX or TensorFlow Lite model, or NumPy file (.npz).")
  private String file;

  @Mixin private OutputFile output;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The network's name in tables (default: the file's name).")
  private Optional<String> name;

  @Override
  public Integer call() throws IOException {
    var hadoop = new Configuration();
    var path = new Path(file);
    byte[] content = read(path, hadoop);
    String stem = path.getName().replaceFirst("\\.(onnx|npz|tflite)$", "");
    QuantizedNetwork network = network(content, stem);
    network = name.map(network::withName).orElse(network);
    QnnFile.write(network, output.path(), hadoop, output.overwrite());
    var out = spec.commandLine().getOut();
    out.println(output.path());
    out.print(Inspection.outline(network));
    return ExitCode.DONE;
  }

  private QuantizedNetwork network(byte[] content, String stem) {
    if (content.length > 1 && content[0] == 'P' && content[1] == 'K') {
      return PrototypeFile.read(content, file, stem);
    }
    return TfLiteFile.looksLikeOne(content)
        ? TfLiteFile.read(content, file, stem)
        : OnnxFile.read(content, file, stem);
  }

  private static byte[] read(Path path, Configuration hadoop) throws IOException {
    try (InputStream in = path.getFileSystem(hadoop).open(path)) {
      return in.readNBytes(OnnxFile.MAX_BYTES + 1);
    } catch (FileNotFoundException e) {
      throw new InputException(path + ": there is no such file; check the path", e);
    }
  }
}
