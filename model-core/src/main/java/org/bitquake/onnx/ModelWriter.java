package org.bitquake.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.AttributeProto.AttributeType;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.bitquake.BuildInfo;
import org.bitquake.data.Shape;
import org.nd4j.shade.protobuf.ByteString;

/** Puts an ONNX model together, node by node; the same calls give the same bytes. */
final class ModelWriter {
  private static final int IR_VERSION = 7;
  private static final int OPSET = 13;

  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private final Set<String> shared = new HashSet<>();

  /** Appends a node with one output; attributes may be added to what is returned. */
  NodeProto.Builder node(String op, String name, String output, String... inputs) {
    return graph
        .addNodeBuilder()
        .setOpType(op)
        .setName(name)
        .addOutput(output)
        .addAllInput(List.of(inputs));
  }

  AttributeProto integer(String name, int value) {
    return attribute(name, AttributeType.INT).setI(value).build();
  }

  AttributeProto real(String name, float value) {
    return attribute(name, AttributeType.FLOAT).setF(value).build();
  }

  AttributeProto integers(String name, List<Integer> values) {
    return attribute(name, AttributeType.INTS)
        .addAllInts(values.stream().map(Integer::longValue).toList())
        .build();
  }

  private static AttributeProto.Builder attribute(String name, AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }

  void scalar(String name, float value) {
    tensor(name, DataType.FLOAT_VALUE, floats(value));
  }

  void floats(String name, float[] values) {
    floats(name, values, values.length);
  }

  void floats(String name, float[] values, int... dims) {
    tensor(name, DataType.FLOAT_VALUE, floats(values), dims);
  }

  private static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  void integers(String name, int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int v : values) {
      bytes.putLong(v);
    }
    tensor(name, DataType.INT64_VALUE, bytes.array(), values.length);
  }

  void bytes(String name, byte[] values, int... dims) {
    tensor(name, DataType.INT8_VALUE, values, dims);
  }

  /** An int8 scalar that nodes share. */
  String int8(int value) {
    return shared("int8." + value, DataType.INT8_VALUE, value);
  }

  /** A uint8 scalar that nodes share. */
  String uint8(int value) {
    return shared("uint8." + value, DataType.UINT8_VALUE, value);
  }

  String zeroPoint() {
    return uint8(0);
  }

  private String shared(String name, int type, int value) {
    if (shared.add(name)) {
      tensor(name, type, new byte[] {(byte) value});
    }
    return name;
  }

  private void tensor(String name, int type, byte[] data, int... dims) {
    var tensor = TensorProto.newBuilder().setName(name).setDataType(type);
    for (int d : dims) {
      tensor.addDims(d);
    }
    graph.addInitializer(tensor.setRawData(ByteString.copyFrom(data)));
  }

  ModelProto model(String name, Shape image, int classes, Map<String, String> provenance) {
    graph
        .setName(name)
        .addInput(
            value("image", DataType.UINT8_VALUE, image.channels(), image.height(), image.width()))
        .addOutput(value("logits", DataType.FLOAT_VALUE, classes));
    var model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName(OnnxFile.PRODUCER)
            .setProducerVersion(BuildInfo.version())
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
            .setGraph(graph);
    provenance.forEach(
        (key, text) ->
            model.addMetadataProps(StringStringEntryProto.newBuilder().setKey(key).setValue(text)));
    return model.build();
  }

  /** {@code [N, …]} with any number of images. */
  private static ValueInfoProto value(String name, int type, int... sizes) {
    var shape = TensorShapeProto.newBuilder();
    shape.addDimBuilder().setDimParam("N");
    for (int size : sizes) {
      shape.addDimBuilder().setDimValue(size);
    }
    var tensor = TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }
}
