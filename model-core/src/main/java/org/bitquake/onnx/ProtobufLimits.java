package org.bitquake.onnx;

import java.io.IOException;
import org.nd4j.shade.protobuf.CodedInputStream;
import org.nd4j.shade.protobuf.Descriptors.Descriptor;
import org.nd4j.shade.protobuf.Descriptors.FieldDescriptor;
import org.nd4j.shade.protobuf.Descriptors.FieldDescriptor.JavaType;
import org.nd4j.shade.protobuf.WireFormat;

/**
 * Counts what parsing a message would create, before it is parsed. An empty message takes two bytes
 * of a file and a hundred of memory, so that the size of a file alone does not bound it.
 */
final class ProtobufLimits {
  /** Messages, strings and single numbers; a ResNet-50 has about ten thousand. */
  static final int MAX_FIELDS = 1_000_000;

  /** Numbers that take fewer bytes in the file than in memory. */
  static final int MAX_NUMBERS = 1 << 24;

  /** Depth of messages in messages; a model without subgraphs needs 8. */
  static final int MAX_DEPTH = 24;

  private int fields;
  private long numbers;

  private ProtobufLimits() {}

  /**
   * Walks the message without keeping anything.
   *
   * @throws IllegalArgumentException if it holds more than the limits
   * @throws IOException if it is not a sound protobuf message
   */
  static void check(byte[] message, Descriptor type) throws IOException {
    new ProtobufLimits().walk(CodedInputStream.newInstance(message), type, 0);
  }

  private void walk(CodedInputStream in, Descriptor type, int depth) throws IOException {
    Require.that(depth < MAX_DEPTH, "it nests messages deeper than %d", MAX_DEPTH);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      Require.that(++fields <= MAX_FIELDS, "it has more than %d fields", MAX_FIELDS);
      FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
      int wire = WireFormat.getTagWireType(tag);
      if (wire == WireFormat.WIRETYPE_START_GROUP || wire == WireFormat.WIRETYPE_END_GROUP) {
        throw Require.no("it is not an ONNX model: it has groups");
      } else if (field == null || wire != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        in.skipField(tag);
      } else {
        delimited(in, field, depth);
      }
    }
  }

  private void delimited(CodedInputStream in, FieldDescriptor field, int depth) throws IOException {
    int length = in.readRawVarint32();
    int outer = in.pushLimit(length);
    if (field.getJavaType() == JavaType.MESSAGE) {
      walk(in, field.getMessageType(), depth + 1);
    } else if (field.isPackable() && !isFixed(field)) {
      numbers += length;
      Require.that(numbers <= MAX_NUMBERS, "it has more than %d packed numbers", MAX_NUMBERS);
    }
    in.skipRawBytes(in.getBytesUntilLimit());
    in.popLimit(outer);
  }

  private static boolean isFixed(FieldDescriptor field) {
    return field.getJavaType() == JavaType.FLOAT || field.getJavaType() == JavaType.DOUBLE;
  }
}
