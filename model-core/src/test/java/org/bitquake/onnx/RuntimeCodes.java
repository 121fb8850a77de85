package org.bitquake.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import java.nio.ByteBuffer;
import java.util.Map;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;

/** ONNX Runtime's integers, whose zero point the node that made them says. */
final class RuntimeCodes {
  private static final Map<String, Integer> ZERO_POINT =
      Map.of(
          "QuantizeLinear", 2,
          "QLinearConv", 7,
          "QLinearMatMul", 7,
          "QGemm", 8,
          "QLinearAdd", 7,
          "QLinearConcat", 1,
          "QLinearAveragePool", 4,
          "QLinearGlobalAveragePool", 4);

  private RuntimeCodes() {}

  static int[] of(OnnxTensor tensor) {
    ByteBuffer bytes = tensor.getByteBuffer();
    boolean signed = tensor.getInfo().type == OnnxJavaType.INT8;
    int[] codes = new int[bytes.remaining()];
    for (int k = 0; k < codes.length; k++) {
      int b = bytes.get();
      codes[k] = signed ? b : b & 0xff;
    }
    return codes;
  }

  /**
   * @param zero the network's code of 0
   */
  static int[] of(ModelProto model, String name, OnnxTensor tensor, int zero) {
    TensorProto point = zeroPoint(model, name);
    byte value =
        point.getRawData().isEmpty() ? (byte) point.getInt32Data(0) : point.getRawData().byteAt(0);
    int theirs = point.getDataType() == DataType.INT8_VALUE ? value : value & 0xff;
    int[] codes = of(tensor);
    for (int k = 0; k < codes.length; k++) {
      codes[k] += zero - theirs;
    }
    return codes;
  }

  static boolean isSigned(ModelProto model, String tensor) {
    return zeroPoint(model, tensor).getDataType() == DataType.INT8_VALUE;
  }

  private static TensorProto zeroPoint(ModelProto model, String tensor) {
    NodeProto node =
        model.getGraph().getNodeList().stream()
            .filter(n -> n.getOutput(0).equals(tensor))
            .findFirst()
            .orElseThrow();
    Integer index = ZERO_POINT.get(node.getOpType());
    if (index == null) {
      return zeroPoint(model, node.getInput(0));
    }
    return model.getGraph().getInitializerList().stream()
        .filter(t -> t.getName().equals(node.getInput(index)))
        .findFirst()
        .orElseThrow();
  }
}
