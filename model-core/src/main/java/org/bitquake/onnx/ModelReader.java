package org.bitquake.onnx;

import java.io.IOException;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.OperatorSetIdProto;
import org.nd4j.shade.protobuf.CodedInputStream;

/**
 * Bytes to a model whose frame is one that can be read: size, protobuf, operator set, no extras.
 */
final class ModelReader {
  private static final int OLDEST_OPSET = 9;
  private static final int NEWEST_OPSET = 23;

  private ModelReader() {}

  /**
   * @throws IllegalArgumentException if it is not such a model
   */
  static ModelProto parse(byte[] file) {
    Require.that(file.length > 0, "the file is empty");
    ModelProto model = protobuf(file);
    Require.that(model.hasGraph(), "it has no graph: it is not an ONNX model");
    int opset = opset(model);
    Require.that(
        opset >= OLDEST_OPSET && opset <= NEWEST_OPSET,
        "it uses ONNX operator set %d; export it with one from %d to %d, such as 13",
        opset,
        OLDEST_OPSET,
        NEWEST_OPSET);
    Require.that(model.getTrainingInfoCount() == 0, "it holds training information");
    Require.that(model.getFunctionsCount() == 0, "it defines functions of its own");
    GraphProto graph = model.getGraph();
    Require.that(graph.getSparseInitializerCount() == 0, "it has sparse initializers");
    return model;
  }

  private static ModelProto protobuf(byte[] file) {
    try {
      ProtobufLimits.check(file, ModelProto.getDescriptor());
      var in = CodedInputStream.newInstance(file);
      in.setRecursionLimit(ProtobufLimits.MAX_DEPTH);
      in.setSizeLimit(OnnxFile.MAX_BYTES);
      return ModelProto.parseFrom(in);
    } catch (IOException e) {
      throw new IllegalArgumentException("it is not an ONNX model or is cut short", e);
    }
  }

  static int opset(ModelProto model) {
    for (OperatorSetIdProto set : model.getOpsetImportList()) {
      if (isStandard(set.getDomain())) {
        return (int) Math.max(-1, Math.min(Integer.MAX_VALUE, set.getVersion()));
      }
    }
    throw Require.no("it names no ONNX operator set");
  }

  static boolean isStandard(String domain) {
    return domain.isEmpty() || domain.equals("ai.onnx");
  }
}
