package org.bitquake.onnx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;

/** Who reads each tensor of a graph. */
final class Readers {
  private static final Set<String> PASSING =
      Set.of("Flatten", "Reshape", "Squeeze", "Identity", "Dropout", "Relu", "Clip", "Transpose");
  private static final Set<String> QUANTIZING = Set.of("QuantizeLinear", "Quant", "BipolarQuant");
  private static final int STEPS = 64;

  private final Map<String, List<NodeProto>> readers = new HashMap<>();
  private final String output;

  Readers(GraphProto graph) {
    this.output = graph.getOutput(0).getName();
    for (NodeProto node : graph.getNodeList()) {
      node.getInputList()
          .forEach(i -> readers.computeIfAbsent(i, k -> new ArrayList<>()).add(node));
    }
  }

  /** Nodes that read a tensor; the graph's output counts as one. */
  int count(String tensor) {
    return readers.getOrDefault(tensor, List.of()).size() + (tensor.equals(output) ? 1 : 0);
  }

  /** Whether a quantiser comes before any layer that reads this tensor. */
  boolean isQuantized(String tensor) {
    Deque<String> next = new ArrayDeque<>(List.of(tensor));
    for (int i = 0; i < STEPS && !next.isEmpty(); i++) {
      for (NodeProto reader : readers.getOrDefault(next.remove(), List.of())) {
        if (QUANTIZING.contains(reader.getOpType())) {
          return true;
        }
        if (PASSING.contains(reader.getOpType()) && reader.getOutputCount() > 0) {
          next.add(reader.getOutput(0));
        }
      }
    }
    return false;
  }
}
