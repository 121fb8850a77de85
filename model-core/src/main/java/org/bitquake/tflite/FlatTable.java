package org.bitquake.tflite;

import com.google.flatbuffers.Table;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table of a FlatBuffer, field by field in the order of its schema. Nothing in the file is
 * trusted: every access is within the buffer, and nothing is allocated by the file's word.
 *
 * @see <a href="https://flatbuffers.dev/internals/">FlatBuffers, internals</a>
 */
final class FlatTable extends Table {
  private static final int FIRST_FIELD = 4;
  private static final int FIELD = 2;
  private static final int MAX_NAME = 4096;

  private FlatTable(ByteBuffer file, int position) {
    Model.require(position >= 0 && position <= file.limit() - 4, "a table lies outside of it");
    int vtable = position - file.getInt(position);
    Model.require(
        vtable >= 0 && vtable <= file.limit() - FIRST_FIELD, "a table's fields lie outside of it");
    __reset(position, file);
  }

  /** The first table of a file. */
  static FlatTable root(byte[] file) {
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    return new FlatTable(buffer, buffer.getInt(0));
  }

  /** Where a field's value is; 0 if the table has none. */
  private int at(int field) {
    int offset = __offset(FIRST_FIELD + FIELD * field);
    return offset == 0 ? 0 : bb_pos + offset;
  }

  boolean has(int field) {
    return at(field) != 0;
  }

  int unsignedByte(int field) {
    return has(field) ? bb.get(at(field)) & 0xff : 0;
  }

  boolean bool(int field) {
    return unsignedByte(field) != 0;
  }

  int integer(int field, int otherwise) {
    return has(field) ? bb.getInt(at(field)) : otherwise;
  }

  long longInteger(int field) {
    return has(field) ? bb.getLong(at(field)) : 0;
  }

  /** A vector of elements of so many bytes: the bytes; empty if the table has none. */
  ByteBuffer vector(int field, int elementBytes) {
    if (!has(field)) {
      return ByteBuffer.allocate(0);
    }
    int at = at(field);
    int start = Math.addExact(at, bb.getInt(at));
    Model.require(start >= 0 && start <= bb.limit() - 4, "a list lies outside of it");
    long bytes = (bb.getInt(start) & 0xffffffffL) * elementBytes;
    Model.require(bytes <= bb.limit() - 4L - start, "a list reaches beyond its end");
    return bb.duplicate()
        .order(ByteOrder.LITTLE_ENDIAN)
        .position(start + 4)
        .limit(start + 4 + (int) bytes)
        .slice()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  int[] integers(int field) {
    ByteBuffer bytes = vector(field, Integer.BYTES);
    int[] values = new int[bytes.remaining() / Integer.BYTES];
    bytes.asIntBuffer().get(values);
    return values;
  }

  long[] longs(int field) {
    ByteBuffer bytes = vector(field, Long.BYTES);
    long[] values = new long[bytes.remaining() / Long.BYTES];
    bytes.asLongBuffer().get(values);
    return values;
  }

  float[] floats(int field) {
    ByteBuffer bytes = vector(field, Float.BYTES);
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  /** A name, for people: cut short if it is long. */
  String text(int field) {
    ByteBuffer bytes = vector(field, 1);
    byte[] text = new byte[Math.min(MAX_NAME, bytes.remaining())];
    bytes.get(text);
    return new String(text, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", " ");
  }

  Optional<FlatTable> table(int field) {
    return has(field)
        ? Optional.of(new FlatTable(bb, Math.addExact(at(field), bb.getInt(at(field)))))
        : Optional.empty();
  }

  List<FlatTable> tables(int field) {
    if (!has(field)) {
      return List.of();
    }
    int first = at(field) + bb.getInt(at(field)) + 4;
    int count = vector(field, Integer.BYTES).remaining() / Integer.BYTES;
    List<FlatTable> tables = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int at = first + i * Integer.BYTES;
      tables.add(new FlatTable(bb, Math.addExact(at, bb.getInt(at))));
    }
    return tables;
  }
}
