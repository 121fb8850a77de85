package org.bitquake.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import onnx.Onnx.ModelProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import org.bitquake.network.QnnFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {
  private static final Path TRAINED = Path.of("../conf/networks/lenet5-saq.qnn.npz");
  private static final Path PROTOTYPE = Path.of("../../shared/reference/lenet5-saq.npz");

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(Object... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    String[] texts = java.util.Arrays.stream(args).map(Object::toString).toArray(String[]::new);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), texts);
  }

  private void assertRefused(String... parts) {
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).startsWith("bitquake: ").contains(parts);
  }

  @Test
  void anExportedNetworkComesBackTheSame() throws Exception {
    Path model = folder.resolve("net.onnx");
    Path back = folder.resolve("back.qnn.npz");
    assertThat(run("export", TRAINED, "--output", model)).as(err.toString()).isZero();
    assertThat(out.toString().strip()).isEqualTo(model.toString());
    assertThat(run("import", model, "--output", back)).as(err.toString()).isZero();
    assertThat(out.toString()).contains(back.toString(), "61,470 weights of 4 bits");
    assertThat(back).hasSameBinaryContentAs(TRAINED);
  }

  @Test
  void aFileThatExistsIsKeptUnlessAskedFor() throws Exception {
    Path model = Files.writeString(folder.resolve("net.onnx"), "mine");
    assertThat(run("export", TRAINED, "-o", model)).isEqualTo(ExitCode.WRONG_INPUT);
    assertRefused(model.toString(), "exists");
    assertThat(model).hasContent("mine");
    assertThat(run("export", TRAINED, "-o", model, "--output-mode", "overwrite")).isZero();
    Path back = Files.writeString(folder.resolve("back.qnn.npz"), "mine");
    assertThat(run("import", model, "-o", back)).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(back).hasContent("mine");
    assertThat(run("import", model, "-o", back, "--output-mode", "overwrite", "--name", "renamed"))
        .isZero();
    try (var in = Files.newInputStream(back)) {
      assertThat(QnnFile.read(in, "back").name()).isEqualTo("renamed");
    }
  }

  /** The exported model, one tensor in a file beside it; then without that file. */
  @Test
  void aModelWhoseTensorsLieBesideIt() throws Exception {
    Path model = folder.resolve("net.onnx");
    assertThat(run("export", TRAINED, "-o", model)).isZero();
    var whole = ModelProto.parseFrom(Files.readAllBytes(model)).toBuilder();
    var tensor =
        whole.getGraphBuilder().getInitializerBuilderList().stream()
            .filter(t -> t.getRawData().size() > 1000)
            .findFirst()
            .orElseThrow();
    Path data = Files.write(folder.resolve("net.data"), tensor.getRawData().toByteArray());
    tensor
        .clearRawData()
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(
            StringStringEntryProto.newBuilder().setKey("location").setValue("net.data"));
    Files.write(model, whole.build().toByteArray());
    Path back = folder.resolve("back.qnn.npz");
    assertThat(run("import", model, "-o", back)).as(err.toString()).isZero();
    try (var in = Files.newInputStream(back);
        var trained = Files.newInputStream(TRAINED)) {
      assertThat(QnnFile.read(in, "back").contentHash())
          .isEqualTo(QnnFile.read(trained, "trained").contentHash());
    }
    Files.delete(data);
    assertThat(run("import", model, "-o", folder.resolve("x"))).isEqualTo(ExitCode.WRONG_INPUT);
    assertRefused("net.onnx", "\"net.data\", which is missing");
  }

  @Test
  void aTensorFlowLiteModel() throws Exception {
    Path model = Path.of("../../shared/data/mlperf-tiny/pretrainedResnet_quant.tflite");
    assumeTrue(Files.exists(model), "needs MLPerf Tiny's models in ../shared/data");
    Path network = folder.resolve("resnet8.qnn.npz");
    assertThat(run("import", model, "-o", network, "--name", "resnet8"))
        .as(err.toString())
        .isZero();
    assertThat(out.toString())
        .contains("network resnet8, input 3×32×32", "average pool", "add", "3×3 / 2", "8 bits");
    assertThat(run("inspect", network, "--no-accuracy")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("imported.leftOut: SOFTMAX");
    assertThat(run("export", network, "-o", folder.resolve("back.onnx")))
        .isEqualTo(ExitCode.WRONG_INPUT);
    assertRefused("cannot export network resnet8", "are not exported");
    Path normal = folder.resolve("normal.qnn.npz");
    assertThat(run("import", model, "-o", normal, "--mean", "0.5,0.4,0.3", "--std", "1,1,1"))
        .as(err.toString())
        .isZero();
    try (var in = Files.newInputStream(normal)) {
      assertThat(QnnFile.read(in, "normal").input().tables()).hasDimensions(3, 256);
    }
    Path not = folder.resolve("not.qnn.npz");
    assertThat(run("import", model, "-o", not, "--mean", "0.5,0.4"))
        .isEqualTo(ExitCode.WRONG_INPUT);
    assertRefused("2 means and 0 standard deviations for 3 channels");
    assertThat(run("import", model, "-o", not, "--layout", "nhwc")).isEqualTo(ExitCode.WRONG_INPUT);
    assertRefused("--layout and --channels are for ONNX models");
    Path cut = folder.resolve("cut.tflite");
    Files.write(cut, java.util.Arrays.copyOf(Files.readAllBytes(model), 50_000));
    assertThat(run("import", cut, "-o", folder.resolve("no.qnn.npz")))
        .isEqualTo(ExitCode.WRONG_INPUT);
    assertRefused("cut.tflite", "cannot import this TensorFlow Lite model");
    assertThat(folder.resolve("no.qnn.npz")).doesNotExist();
  }

  @Test
  void aNumPyFileOfResearchCode() throws Exception {
    assumeTrue(Files.exists(PROTOTYPE), "the prototype networks are not here");
    Path back = folder.resolve("prototype.qnn.npz");
    assertThat(run("import", PROTOTYPE, "-o", back)).as(err.toString()).isZero();
    try (var in = Files.newInputStream(back)) {
      var network = QnnFile.read(in, "back");
      assertThat(network.name()).isEqualTo("lenet5-saq");
      assertThat(network.provenance()).containsEntry("imported.format", "NumPy");
    }
  }

  @Test
  void whatIsNoNetworkIsOneLine() throws Exception {
    Path text = Files.writeString(folder.resolve("text.onnx"), "not a model");
    for (Object[] wrong :
        new Object[][] {
          {text, "not an ONNX model"},
          {folder.resolve("missing.onnx"), "no such file"},
          {TRAINED, "already"}
        }) {
      assertThat(run("import", wrong[0], "-o", folder.resolve("x"))).isEqualTo(2);
      assertRefused(wrong[0].toString(), wrong[1].toString());
    }
    assertThat(folder.resolve("x")).doesNotExist();
    assertThat(run("export", text, "-o", folder.resolve("x"))).isEqualTo(2);
    assertRefused("text.onnx");
    assertThat(run("import", text)).isEqualTo(2);
    assertRefused("--output");
  }
}
