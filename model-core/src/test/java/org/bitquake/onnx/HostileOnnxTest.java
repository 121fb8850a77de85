package org.bitquake.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import org.bitquake.InputException;
import org.bitquake.network.MobileNet;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.CodedOutputStream;

/** What cannot be folded is refused in one line that names the node; nothing else ever happens. */
class HostileOnnxTest {
  private static final QuantizedNetwork NETWORK = MobileNet.random(2, 1);
  private static final ModelProto MODEL = OnnxFile.model(NETWORK);

  private static void refused(byte[] file, String... parts) {
    assertThatThrownBy(() -> OnnxFile.read(file, "model.onnx", "model"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("model.onnx: cannot import this ONNX model: ")
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1))
        .hasMessageContainingAll(parts);
  }

  /** The model after a change, refused with these words. */
  private static void refused(Consumer<ModelProto.Builder> change, String... parts) {
    var builder = MODEL.toBuilder();
    change.accept(builder);
    refused(builder.build().toByteArray(), parts);
  }

  private static NodeProto.Builder node(ModelProto.Builder model, String name) {
    return model.getGraphBuilder().getNodeBuilderList().stream()
        .filter(n -> n.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static TensorProto.Builder tensor(ModelProto.Builder model, String name) {
    return model.getGraphBuilder().getInitializerBuilderList().stream()
        .filter(n -> n.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static AttributeProto.Builder attribute(NodeProto.Builder node, String name) {
    return node.getAttributeBuilderList().stream()
        .filter(a -> a.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static onnx.Onnx.TensorShapeProto.Builder imageShape(ModelProto.Builder model) {
    return model
        .getGraphBuilder()
        .getInputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .getShapeBuilder();
  }

  @Test
  void framesThatAreNotAModel() {
    refused(new byte[0], "empty");
    refused(
        "hello, this is text".getBytes(java.nio.charset.StandardCharsets.UTF_8),
        "not an ONNX model");
    refused(m -> m.clearGraph(), "no graph");
    refused(m -> m.clearOpsetImport(), "operator set");
    refused(m -> m.getOpsetImportBuilder(0).setVersion(8), "operator set 8", "9 to 23");
    refused(m -> m.getOpsetImportBuilder(0).setVersion(1L << 40), "operator set");
    refused(m -> m.addFunctionsBuilder(), "functions");
    refused(m -> m.getGraphBuilder().addOutput(m.getGraph().getOutput(0)), "2 outputs");
    refused(m -> m.getGraphBuilder().clearInput(), "0 inputs");
  }

  @Test
  void cutOrDamagedFilesAreRefusedOrRead() {
    byte[] file = MODEL.toByteArray();
    for (int length = 1; length < file.length; length += 97) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> OnnxFile.read(cut, "cut", "cut")).isInstanceOf(InputException.class);
    }
    var random = new SplittableRandom(1);
    int refused = 0;
    for (int i = 0; i < 500; i++) {
      byte[] damaged = file.clone();
      for (int k = 0; k <= i % 3; k++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try {
        OnnxFile.read(damaged, "damaged", "damaged"); // a weight may have changed: that is sound
      } catch (InputException e) {
        assertThat(e.getMessage().lines()).hasSize(1);
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(50);
  }

  @Test
  void imagesOfOpenOrAbsurdSizes() {
    refused(m -> imageShape(m).getDimBuilder(2).setDimParam("height"), "\"image\"", "dimension 2");
    refused(m -> imageShape(m).getDimBuilder(1).setDimValue(1L << 62), "\"image\"", "larger");
    refused(m -> imageShape(m).getDimBuilder(1).setDimValue(-3), "\"image\"", "dimension 1");
    refused(m -> imageShape(m).removeDim(0), "3 dimensions");
    refused(m -> imageShape(m).getDimBuilder(1).setDimValue(4), "\"stem\" (\"Conv\")", "channels");
    var batch = MODEL.toBuilder();
    imageShape(batch).getDimBuilder(0).setDimValue(1);
    var read = OnnxFile.read(batch.build().toByteArray(), "x", "x");
    assertThat(read.contentHash()).isEqualTo(NETWORK.contentHash());
  }

  @Test
  void operatorsAndAttributesThatAreNotKnown() {
    refused(m -> node(m, "stem").setOpType("ConvInteger"), "node \"stem\" (\"ConvInteger\")");
    refused(m -> node(m, "stem").setDomain("qonnx.custom_op"), "\"stem\"", "qonnx.custom_op");
    refused(
        m -> node(m, "stem").addAttribute(AttributeProto.newBuilder().setName("secret")),
        "\"stem\"",
        "\"secret\"");
    refused(
        m -> attribute(node(m, "stem"), "pads").setInts(0, -2), "node \"stem\" (\"Conv\")", "-2");
    refused(m -> attribute(node(m, "stem"), "pads").addInts(2), "\"stem\"", "pads", "not four");
    refused(m -> attribute(node(m, "stem"), "strides").addInts(2), "\"stem\"", "strides");
    refused(
        m -> attribute(node(m, "stem"), "strides").setInts(0, 0).setInts(1, 0),
        "\"stem\"",
        "above 0");
    refused(m -> attribute(node(m, "stem"), "group").setI(1L << 40), "\"stem\"");
    refused(m -> attribute(node(m, "stem"), "group").setI(7), "\"stem\"");
    refused(
        m ->
            node(m, "stem")
                .addAttribute(
                    AttributeProto.newBuilder()
                        .setName("dilations")
                        .setType(AttributeProto.AttributeType.INTS)
                        .addInts(2)
                        .addInts(1 << 20)),
        "\"stem\"",
        "dilation");
  }

  @Test
  void tensorsThatAreNotWhatTheySay() {
    refused(m -> tensor(m, "stem.codes").setDims(0, 1L << 50), "stem", "dimension");
    refused(m -> tensor(m, "stem.codes").setDims(0, 1 << 27), "stem");
    refused(m -> tensor(m, "stem.codes").setDims(0, 3), "stem.codes", "54 bytes", "81");
    refused(m -> tensor(m, "stem.codes").setDataType(10), "stem.codes", "data type 10");
    refused(m -> tensor(m, "stem.codes").setName("other"), "stem", "neither an initializer");
    refused(
        m -> tensor(m, "stem.codes").setDataLocation(TensorProto.DataLocation.EXTERNAL),
        "stem.codes",
        "another file");
    refused(m -> tensor(m, "stem.weight_step").setRawData(floats(0)), "stem.weights", "0.0");
    refused(m -> tensor(m, "stem.step").setRawData(floats(Float.NaN)), "stem.levels", "NaN");
    refused(m -> tensor(m, "stem.bias").setRawData(floats(Float.NaN, 1)), "stem", "finite");
    refused(m -> tensor(m, "stem.variance").setRawData(floats(1, -1)), "normalized", "variance[1]");
    refused(
        m -> {
          tensor(m, "stem.codes").setDataType(TensorProto.DataType.INT32_VALUE);
          node(m, "stem.weights").setInput(0, "stem.codes"); // past the Clip
        },
        "stem");
  }

  @Test
  void quantisationThatTheIntegerGraphHasNot() {
    refused(
        m -> tensor(m, "stem.step").addDims(2).setRawData(floats(1, 2)),
        "\"stem.levels\" (\"QuantizeLinear\")",
        "2 steps");
    refused(m -> node(m, "stem").setInput(0, "image"), "\"stem\"", "the image", "DequantizeLinear");
    refused(
        m -> node(m, "block0.depthwise").setInput(0, "stem.rectified"),
        "\"stem.levels\" (\"QuantizeLinear\")",
        "2 nodes read");
    refused(
        m -> node(m, "block0.depthwise").setInput(0, "stem.clipped"),
        "\"block0.depthwise\" (\"Conv\")",
        "activations as integers");
    refused(m -> node(m, "stem").setInput(1, "stem.mean"), "\"stem\" (\"Conv\")", "not quantised");
    refused(m -> node(m, "stem.out").setInput(1, "fc.weight_step"), "\"stem.out\"", "step");
    refused(m -> m.getGraphBuilder().getOutputBuilder(0).setName("stem.out"), "\"stem.out\"");
    refused(m -> m.getGraphBuilder().getOutputBuilder(0).setName("none"), "\"none\"");
    refused(m -> m.getGraphBuilder().addNode(node(m, "stem")), "exists already");
    refused(
        m -> {
          GraphProto.Builder g = m.getGraphBuilder();
          NodeProto first = g.getNode(0);
          g.removeNode(0).addNode(first);
        },
        "\"stem\"",
        "earlier node");
  }

  private static ByteString floats(float... values) {
    var bytes = java.nio.ByteBuffer.allocate(4 * values.length);
    bytes.order(java.nio.ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return ByteString.copyFrom(bytes.array());
  }

  /** Two bytes of file for an empty message, one for a number of eight bytes, nesting. */
  @Test
  void protobufThatGrowsInMemory() throws IOException {
    byte[] empty = new byte[2 * (ProtobufLimits.MAX_FIELDS + 1)];
    for (int i = 0; i < empty.length; i += 2) {
      empty[i] = 1 << 3 | 2; // GraphProto.node, of length 0
    }
    refused(wrapped(7, empty), "more than 1000000 fields");
    byte[] numbers = new byte[ProtobufLimits.MAX_NUMBERS + 1];
    refused(wrapped(7, wrapped(5, wrapped(7, numbers))), "packed numbers"); // int64_data
    byte[] nested = new byte[0];
    for (int i = 0; i < 100; i++) {
      nested = wrapped(1, wrapped(5, wrapped(6, nested))); // node, attribute, graph
    }
    refused(wrapped(7, nested), "deeper than 24");
    refused(new byte[OnnxFile.MAX_BYTES + 1], "larger than 256 MiB");
  }

  /** A large tensor that many nodes read, and chains that hold more with every node. */
  @Test
  void smallFilesThatHoldMuch() {
    var writer = new ModelWriter();
    writer.bytes("w", new byte[1 << 22], 1 << 22);
    writer.scalar("step", 1);
    for (int i = 0; i < 40; i++) {
      writer.node("DequantizeLinear", "dq" + i, "dq" + i, "w", "step");
    }
    var bomb = writer.model("bomb", NETWORK.inputShape(), 10, java.util.Map.of());
    refused(bomb.toByteArray(), "\"dq", "hold over");
    refused(
        m -> {
          NodeProto pool = node(m, "pool").build();
          for (int i = 0; i < 5_000; i++) {
            m.getGraphBuilder().addNode(pool.toBuilder().setOutput(0, "pool" + i));
          }
        },
        "\"pool\"",
        "4096 layers");
  }

  private static byte[] wrapped(int field, byte[] content) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = CodedOutputStream.newInstance(bytes);
    out.writeByteArray(field, content);
    out.flush();
    return bytes.toByteArray();
  }
}
