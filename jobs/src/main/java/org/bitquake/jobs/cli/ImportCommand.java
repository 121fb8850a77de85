package org.bitquake.jobs.cli;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.jobs.inspect.Inspection;
import org.bitquake.network.ChangedFile;
import org.bitquake.network.PrototypeFile;
import org.bitquake.network.QnnFile;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.onnx.InputFormat;
import org.bitquake.onnx.OnnxFile;
import org.bitquake.onnx.SideFiles;
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
      "Makes a network file of a quantised ONNX model (QCDQ or QDQ form, as Brevitas exports it), "
          + "of an int8 TensorFlow Lite model, or of a NumPy file in the layout of research code "
          + "(LeNet-5, ResNet-18). The input must be 8-bit pixels: uint8, int8 (pixel - 128), or "
          + "value / 255 in float32."
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

  @Option(
      names = "--mean",
      split = ",",
      paramLabel = "MEAN",
      description =
          "Subtracted from pixel / 255, one value or one for each channel, where the model does not"
              + " do so itself.")
  private List<Double> mean = List.of();

  @Option(
      names = "--std",
      split = ",",
      paramLabel = "STD",
      description = "What the difference is divided by, as many values as --mean.")
  private List<Double> std = List.of();

  @Option(
      names = "--layout",
      paramLabel = "LAYOUT",
      description = "Of an ONNX model's input: nchw or nhwc (default: nchw).")
  private Optional<InputFormat.Layout> layout;

  @Option(
      names = "--channels",
      paramLabel = "ORDER",
      description = "Of an ONNX model's input: rgb or bgr (default: rgb).")
  private Optional<InputFormat.Channels> channels;

  @Override
  public Integer call() throws IOException {
    var hadoop = new Configuration();
    output.check(hadoop);
    var path = new Path(file);
    byte[] content = read(path, hadoop);
    String stem = path.getName().replaceFirst("\\.(onnx|npz|tflite)$", "");
    var sideFiles = SideFiles.of(path, hadoop);
    QuantizedNetwork network = network(content, stem, sideFiles);
    network = name.map(network::withName).orElse(network);
    QnnFile.write(network, output.path(), hadoop, output.overwrite());
    var out = spec.commandLine().getOut();
    out.println(output.path());
    out.print(Inspection.outline(network));
    for (String note : List.of("imported.leftOut", "imported.warning")) {
      if (network.provenance().containsKey(note)) {
        String what = note.equals("imported.leftOut") ? "left out: " : "warning: ";
        out.println(what + network.provenance().get(note));
      }
    }
    return ExitCode.DONE;
  }

  private QuantizedNetwork network(byte[] content, String stem, SideFiles sideFiles)
      throws IOException {
    boolean isZip = content.length > 1 && content[0] == 'P' && content[1] == 'K';
    boolean isLite = !isZip && TfLiteFile.looksLikeOne(content);
    boolean isOnnx = !isZip && !isLite;
    if (!isOnnx && (layout.isPresent() || channels.isPresent())) {
      throw new InputException(
          file + ": --layout and --channels are for ONNX models; other files say it themselves");
    }
    if (isZip && !(mean.isEmpty() && std.isEmpty())) {
      throw new InputException(file + ": --mean and --std are for ONNX and TensorFlow Lite models");
    }
    if (isZip) {
      if (!ChangedFile.looksLikeOne(content)) {
        return PrototypeFile.read(content, file, stem);
      }
      if (isNetworkFile(content)) {
        throw new InputException(
            file + ": is a network file of bitquake already; use it as it is, nothing to import");
      }
      return ChangedFile.read(content, file);
    }
    return isLite
        ? TfLiteFile.read(content, file, stem, mean, std)
        : OnnxFile.read(content, file, stem, format(), Optional.of(sideFiles));
  }

  private boolean isNetworkFile(byte[] content) throws IOException {
    try {
      QnnFile.read(new ByteArrayInputStream(content), file);
      return true;
    } catch (InputException e) {
      return false;
    }
  }

  private InputFormat format() {
    try {
      return new InputFormat(
          mean,
          std,
          layout.orElse(InputFormat.Layout.NCHW),
          channels.orElse(InputFormat.Channels.RGB));
    } catch (IllegalArgumentException e) {
      throw new InputException(e.getMessage(), e);
    }
  }

  private static byte[] read(Path path, Configuration hadoop) throws IOException {
    try (InputStream in = path.getFileSystem(hadoop).open(path)) {
      return in.readNBytes(OnnxFile.MAX_BYTES + 1);
    } catch (FileNotFoundException e) {
      throw new InputException(path + ": there is no such file; check the path", e);
    }
  }
}
