package org.bitquake.onnx;

import java.util.LinkedHashSet;
import java.util.Set;
import org.bitquake.onnx.Value.Answer;
import org.bitquake.onnx.Value.Tensor;

/** What follows the last layer and keeps the order of its results. */
final class EndNodes {
  private static final Set<String> ORDERING =
      Set.of(
          "Softmax",
          "LogSoftmax",
          "Sigmoid",
          "ArgMax",
          "QLinearSoftmax",
          "QLinearSigmoid",
          "Log",
          "Exp");
  private static final Set<String> PASSING =
      Set.of(
          "Identity",
          "Dropout",
          "Cast",
          "Flatten",
          "Reshape",
          "Squeeze",
          "QuantizeLinear",
          "DequantizeLinear",
          "Mul",
          "Div");
  private static final int AXIS_IS_LAST = 13;

  private final Set<String> leftOut = new LinkedHashSet<>();
  private final int opset;

  EndNodes(int opset) {
    this.opset = opset;
  }

  static boolean isOne(Node node) {
    return ORDERING.contains(node.op());
  }

  /** Names of what was left out. */
  Set<String> leftOut() {
    return leftOut;
  }

  void leaveOut(String what) {
    leftOut.add(what);
  }

  Value first(Node node) {
    Tensor in = node.tensor(0);
    if (node.op().contains("max") || node.op().equals("ArgMax")) {
      boolean vector = in.form().flat();
      int otherwise = node.op().equals("ArgMax") ? 0 : opset < AXIS_IS_LAST ? 1 : -1;
      int axis = node.integer("axis", otherwise);
      Require.that(
          axis == 1 || (vector && axis == -1) || (!vector && axis == -3),
          "it goes along axis %d; the classes, 1, are supported",
          axis);
      Require.that(
          in.shape().height() * in.shape().width() == 1,
          "it goes along the channels of a map of %s, not along classes",
          in.shape());
      node.must("select_last_index", 0);
    }
    leftOut.add(node.op());
    return new Answer(in);
  }

  Value after(Node node, Answer answer) {
    Require.that(
        ORDERING.contains(node.op()) || PASSING.contains(node.op()),
        "it reads %s",
        answer.describe());
    if (node.op().equals("Mul") || node.op().equals("Div")) {
      float c = node.scalar(1, "constant");
      Require.that(c > 0, "it multiplies classes by %s, which may change their order", c);
    }
    if (ORDERING.contains(node.op())) {
      leftOut.add(node.op());
    }
    return answer;
  }
}
