package org.bitquake.onnx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;

/** Who reads each tensor of a graph. */
final class Readers {
  private static final Set<String> PASSING =
      Set.of("Flatten", "Reshape", "Squeeze", "Identity", "Dropout", "Relu", "Clip", "Transpose");
  private static final Set<String> QUANTIZING = Set.of("QuantizeLinear", "Quant", "BipolarQuant");
  private static final Set<String> FIRST =
      Set.of(
          "Cast",
          "Add",
          "Sub",
          "Mul",
          "Div",
          "QuantizeLinear",
          "DequantizeLinear",
          "Quant",
          "BipolarQuant",
          "Clip",
          "Identity");
  private static final List<Long> LAST_TO_FIRST = List.of(0L, 3L, 1L, 2L);
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
    return leads(tensor, PASSING, node -> QUANTIZING.contains(node.getOpType()));
  }

  /** Whether the image, with nothing but elementwise nodes between, is put channels first. */
  boolean isTurned(String image) {
    return leads(
        image,
        FIRST,
        node ->
            node.getOpType().equals("Transpose")
                && node.getAttributeList().stream()
                    .anyMatch(a -> a.getIntsList().equals(LAST_TO_FIRST)));
  }

  private boolean leads(String tensor, Set<String> passing, Predicate<NodeProto> to) {
    Deque<String> next = new ArrayDeque<>(List.of(tensor));
    for (int i = 0; i < STEPS && !next.isEmpty(); i++) {
      for (NodeProto reader : readers.getOrDefault(next.remove(), List.of())) {
        if (to.test(reader)) {
          return true;
        }
        if (passing.contains(reader.getOpType()) && reader.getOutputCount() > 0) {
          next.add(reader.getOutput(0));
        }
      }
    }
    return false;
  }
}
