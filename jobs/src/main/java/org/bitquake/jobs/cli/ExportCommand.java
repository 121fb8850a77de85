package org.bitquake.jobs.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.network.QnnFile;
import org.bitquake.network.WholeFile;
import org.bitquake.onnx.OnnxFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bitquake export}: networks for other programs. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Writes a network as an ONNX model in QCDQ form (operator set 13): uint8 pixels in, float32 "
          + "logits out. Importing it again gives the same network, to the bit."
    },
    footerHeading = "%nExample:%n",
    footer = "  bitquake export networks/standard.qnn.npz --output standard.onnx")
final class ExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "Network file (.qnn.npz).")
  private String file;

  @Mixin private OutputFile output;

  @Override
  public Integer call() throws IOException {
    var hadoop = new Configuration();
    output.check(hadoop);
    byte[] model = OnnxFile.bytes(QnnFile.read(new Path(file), hadoop));
    WholeFile.write(model, output.path(), hadoop, output.overwrite());
    spec.commandLine().getOut().println(output.path());
    return ExitCode.DONE;
  }
}
