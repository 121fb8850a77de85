package org.bitquake.onnx;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.AttributeProto.AttributeType;
import onnx.Onnx.NodeProto;
import org.bitquake.onnx.Value.Tensor;

/**
 * A node with what its inputs turned out to be; an input left out is empty.
 *
 * @param readers how many readers each input has
 */
record Node(NodeProto proto, List<Optional<Value>> inputs, List<Integer> readers) {
  String op() {
    return proto.getOpType();
  }

  /** Whether there are inputs and all are constants of the file. */
  boolean isConstant() {
    return !inputs.isEmpty()
        && inputs.stream().allMatch(i -> i.filter(v -> !(v instanceof Constant)).isEmpty());
  }

  /**
   * Refuses every attribute but these: what is not understood must not be ignored.
   *
   * @param known names of attributes
   */
  Node allow(String... known) {
    Set<String> names = Set.of(known);
    for (AttributeProto a : proto.getAttributeList()) {
      Require.that(
          names.contains(a.getName()),
          "its attribute %s is not supported",
          Require.quote(a.getName()));
    }
    return this;
  }

  Optional<AttributeProto> attribute(String name, AttributeType type) {
    var found = proto.getAttributeList().stream().filter(a -> a.getName().equals(name)).findFirst();
    found.ifPresent(
        a -> Require.that(a.getType() == type, "its attribute %s is not of type %s", name, type));
    return found;
  }

  int integer(String name, int otherwise) {
    return attribute(name, AttributeType.INT).map(a -> Math.toIntExact(a.getI())).orElse(otherwise);
  }

  float real(String name, float otherwise) {
    return attribute(name, AttributeType.FLOAT).map(AttributeProto::getF).orElse(otherwise);
  }

  String text(String name, String otherwise) {
    return attribute(name, AttributeType.STRING)
        .map(a -> a.getS().toStringUtf8())
        .orElse(otherwise);
  }

  /** The integers of an attribute, or null. */
  int[] integers(String name) {
    return attribute(name, AttributeType.INTS)
        .map(a -> a.getIntsList().stream().mapToInt(Math::toIntExact).toArray())
        .orElse(null);
  }

  /** Requires an integer attribute, if it is there, to have this value. */
  void must(String name, int value) {
    int found = integer(name, value);
    Require.that(found == value, "%s is %d; only %d is supported", name, found, value);
  }

  boolean has(int index) {
    return index < inputs.size() && inputs.get(index).isPresent();
  }

  Value input(int index) {
    Require.that(has(index), "its input %d is missing", index);
    return inputs.get(index).orElseThrow();
  }

  /** An input that is computed from the image. */
  Tensor tensor(int index) {
    Require.that(input(index) instanceof Tensor, "it reads %s", input(index).describe());
    return (Tensor) input(index);
  }

  /** A constant in float32, which may have been integers with a step. */
  Constant reals(int index, String what) {
    return input(index) instanceof Weights weights ? weights.reals() : constant(index, what);
  }

  Constant constant(int index, String what) {
    Require.that(
        input(index) instanceof Constant,
        "its %s is %s, not a constant of the file",
        what,
        input(index).describe());
    return (Constant) input(index);
  }

  /** One number, such as a step or a zero point; more are refused. */
  float scalar(int index, String what) {
    return constant(index, what).real("its " + what);
  }

  /** Refuses an input that other nodes read as well. */
  void requireOnlyReader(int index) {
    Require.that(
        readers.get(index) <= 1,
        "it reads %s that %d nodes read; quantise them before they are shared",
        input(index).describe(),
        readers.get(index));
  }
}
