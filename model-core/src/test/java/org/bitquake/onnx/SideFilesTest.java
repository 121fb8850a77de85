package org.bitquake.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import onnx.Onnx.ModelProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataLocation;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.InputException;
import org.bitquake.network.MobileNet;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models whose tensors lie in files of their own; never others than those beside the model. */
class SideFilesTest {
  private static final QuantizedNetwork NETWORK = MobileNet.random(2, 1);
  private static final String DATA = "model.onnx.data";

  @TempDir Path root;
  private Path folder;
  private ModelProto model;

  /** Every initializer that has raw data, one behind the other, 64 bytes apart or more. */
  @BeforeEach
  void split() throws IOException {
    folder = Files.createDirectories(root.resolve("folder"));
    var builder = OnnxFile.model(NETWORK).toBuilder();
    var data = new ByteArrayOutputStream();
    int moved = 0;
    for (TensorProto.Builder tensor : builder.getGraphBuilder().getInitializerBuilderList()) {
      byte[] raw = tensor.getRawData().toByteArray();
      if (raw.length > 0) {
        data.write(new byte[64]);
        move(
            tensor,
            Map.of("location", DATA, "offset", "" + data.size(), "length", "" + raw.length));
        data.write(raw);
        moved++;
      }
    }
    assertThat(moved).isGreaterThan(20);
    Files.write(folder.resolve(DATA), data.toByteArray());
    model = builder.build();
  }

  private static void move(TensorProto.Builder tensor, Map<String, String> place) {
    tensor.clearRawData().clearExternalData().setDataLocation(DataLocation.EXTERNAL);
    new TreeMap<>(place)
        .forEach(
            (key, value) ->
                tensor.addExternalData(
                    StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
  }

  private QuantizedNetwork read(ModelProto its) {
    var files =
        SideFiles.of(
            new org.apache.hadoop.fs.Path(folder.resolve("model.onnx").toString()),
            new Configuration());
    byte[] bytes = its.toByteArray();
    return OnnxFile.read(bytes, "model.onnx", "model", InputFormat.plain(), Optional.of(files));
  }

  private void refused(ModelProto its, String... parts) {
    assertThatThrownBy(() -> read(its))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("model.onnx: cannot import this ONNX model: tensor ")
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1))
        .hasMessageContainingAll(parts);
  }

  /** The model, its first moved tensor elsewhere. */
  private ModelProto with(Map<String, String> place) {
    var builder = model.toBuilder();
    move(
        builder.getGraphBuilder().getInitializerBuilderList().stream()
            .filter(tensor -> SideFiles.has(tensor.build()))
            .findFirst()
            .orElseThrow(),
        place);
    return builder.build();
  }

  @Test
  void tensorsBesideTheModelAreItsOwn() {
    var network = read(model);
    assertThat(network.contentHash()).isEqualTo(NETWORK.contentHash());
    assertThat(network.provenance())
        .containsEntry("imported.sideFiles", DATA)
        .hasEntrySatisfying(
            "imported.sideFilesSha256", hash -> assertThat(hash).matches("[0-9a-f]{64}"));
  }

  @Test
  void filesMayLieInAFolderBelowAndLinksInsideAreFine() throws IOException {
    Files.createDirectories(folder.resolve("data"));
    Files.move(folder.resolve(DATA), folder.resolve("data").resolve("weights"));
    Files.createSymbolicLink(folder.resolve(DATA), Path.of("data", "weights"));
    assertThat(read(model).contentHash()).isEqualTo(NETWORK.contentHash());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../outside",
        "data/../../outside",
        "/etc/passwd",
        "file:/etc/passwd",
        "C:\\x",
        "a//b",
        "..",
        "a\nb",
        " ",
        ""
      })
  void placesOutsideTheFolderAreNeverRead(String location) throws IOException {
    Files.copy(folder.resolve(DATA), root.resolve("outside"));
    refused(with(Map.of("location", location)), "no file inside the model's folder");
  }

  @Test
  void linksOutOfTheFolderAndWhatIsNoFileAreNotRead() throws IOException {
    Files.copy(folder.resolve(DATA), root.resolve("outside"));
    Files.createSymbolicLink(folder.resolve("link"), root.resolve("outside"));
    refused(with(Map.of("location", "link")), "\"link\"", "no plain file inside");
    Files.createDirectories(root.resolve("other"));
    Files.copy(folder.resolve(DATA), root.resolve("other").resolve("data"));
    Files.createSymbolicLink(folder.resolve("below"), root.resolve("other"));
    refused(with(Map.of("location", "below/data")), "no plain file inside");
    refused(with(Map.of("location", "missing")), "\"missing\", which is missing", "beside");
    Files.createDirectories(folder.resolve("directory"));
    refused(with(Map.of("location", "directory")), "no plain file");
  }

  @Test
  void offsetsAndLengthsAreThoseOfTheFile() {
    String size = Long.toString(folder.resolve(DATA).toFile().length());
    refused(with(Map.of("location", DATA, "offset", size, "length", "1")), "cut short");
    refused(with(Map.of("location", DATA, "offset", "0", "length", "999999999999")), "cut short");
    refused(with(Map.of("location", DATA, "offset", "-1")), "the offset \"-1\"");
    refused(with(Map.of("location", DATA, "length", "x")), "the length \"x\"");
    refused(
        with(Map.of("location", DATA, "offset", "9".repeat(18), "length", "9".repeat(18))),
        "cut short");
    assertThatThrownBy(() -> read(with(Map.of("location", DATA))))
        .as("all of the file")
        .isInstanceOf(InputException.class)
        .hasMessageContaining("its shape needs");
  }

  @Test
  void noMoreThanAModelMayHaveIsRead() throws IOException {
    try (var file = new java.io.RandomAccessFile(folder.resolve("huge").toFile(), "rw")) {
      file.setLength(OnnxFile.MAX_BYTES + 1L); // of holes
    }
    assertThatThrownBy(() -> read(with(Map.of("location", "huge"))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("take more than 256 MiB");
  }

  @Test
  void withoutAFolderNoneIsRead() {
    assertThatThrownBy(() -> OnnxFile.read(model.toByteArray(), "model.onnx", "model"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("keeps its data in another file");
  }
}
