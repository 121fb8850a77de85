package org.bitquake.network;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The narrow kind of zip that network files are: entries back to back, deflated, without extra
 * fields, comments, descriptors or dates (APPNOTE.TXT 4.3). Every tool can read it.
 *
 * <p>Reading accepts exactly this kind and nothing else: each header must equal, byte for byte, the
 * one that writing would produce, and nothing may lie between, before or after. Nothing is inflated
 * before the caller says how long it must be.
 */
final class ZipFormat {
  /** An entry as it lies in the file, still deflated. */
  record Entry(String name, int crc, int size, byte[] deflated) {}

  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int LOCAL_LENGTH = 30;
  private static final int CENTRAL_LENGTH = 46;
  private static final int END_LENGTH = 22;
  private static final short VERSION = 20;
  private static final short DEFLATED = 8;
  private static final short FIRST_OF_1980 = 0x21;

  /** Deflate cannot shrink by more than this (RFC 1951: 258 bytes from 2 bits). */
  private static final int MOST_SHRINKING = 1032;

  private ZipFormat() {}

  static Entry entry(String name, byte[] content) {
    var crc = new CRC32();
    crc.update(content);
    return new Entry(name, (int) crc.getValue(), content.length, deflate(content));
  }

  private static byte[] deflate(byte[] content) {
    var deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try {
      deflater.setInput(content);
      deflater.finish();
      var out = new ByteArrayOutputStream();
      byte[] buffer = new byte[1 << 16];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  static byte[] write(List<Entry> entries) throws IOException {
    var out = new ByteArrayOutputStream();
    var central = new ByteArrayOutputStream();
    for (Entry e : entries) {
      central.write(central(e, out.size()));
      out.write(local(e));
      out.write(e.deflated());
    }
    int start = out.size();
    out.write(central.toByteArray());
    out.write(end(entries.size(), central.size(), start));
    return out.toByteArray();
  }

  private static ByteBuffer header(int length, byte[] name) {
    return ByteBuffer.allocate(length + name.length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer common(ByteBuffer to, Entry e, byte[] name) {
    return to.putShort(VERSION)
        .putShort((short) 0)
        .putShort(DEFLATED)
        .putShort((short) 0)
        .putShort(FIRST_OF_1980)
        .putInt(e.crc())
        .putInt(e.deflated().length)
        .putInt(e.size())
        .putShort((short) name.length)
        .putShort((short) 0);
  }

  private static byte[] local(Entry e) {
    byte[] name = e.name().getBytes(StandardCharsets.US_ASCII);
    return common(header(LOCAL_LENGTH, name).putInt(LOCAL), e, name).put(name).array();
  }

  private static byte[] central(Entry e, int offset) {
    byte[] name = e.name().getBytes(StandardCharsets.US_ASCII);
    return common(header(CENTRAL_LENGTH, name).putInt(CENTRAL).putShort(VERSION), e, name)
        .putShort((short) 0)
        .putShort((short) 0)
        .putShort((short) 0)
        .putInt(0)
        .putInt(offset)
        .put(name)
        .array();
  }

  private static byte[] end(int count, int centralLength, int centralStart) {
    return header(END_LENGTH, new byte[0])
        .putInt(END)
        .putInt(0)
        .putShort((short) count)
        .putShort((short) count)
        .putInt(centralLength)
        .putInt(centralStart)
        .putShort((short) 0)
        .array();
  }

  /**
   * The entries of a file, in order.
   *
   * @throws IllegalArgumentException if the bytes are not such a zip
   */
  static List<Entry> read(byte[] file, int maxEntries) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int endAt = file.length - END_LENGTH;
    Check.that(endAt >= 0 && in.getInt(endAt) == END, "it is not a zip file or is cut short");
    int count = in.getShort(endAt + 10) & 0xffff;
    int at = in.getInt(endAt + 16);
    int centralStart = at;
    Check.that(
        count <= maxEntries, "it has %d entries; at most %d are expected", count, maxEntries);
    List<Entry> entries = new ArrayList<>();
    Set<String> names = new HashSet<>();
    int offset = 0;
    for (int i = 0; i < count; i++) {
      Entry e = readEntry(file, in, at, offset, centralStart, i);
      Check.that(names.add(e.name()), "its entry %s is there twice", e.name());
      entries.add(e);
      offset += local(e).length + e.deflated().length;
      at += CENTRAL_LENGTH + e.name().length();
    }
    Check.that(offset == centralStart && at == endAt, "its zip directory has gaps");
    expect(file, endAt, end(count, at - centralStart, centralStart), "end of the zip directory");
    return entries;
  }

  private static Entry readEntry(
      byte[] file, ByteBuffer in, int at, int offset, int centralStart, int i) {
    Check.that(
        at >= 0 && at <= file.length - CENTRAL_LENGTH, "its zip directory is cut at entry %d", i);
    int nameLength = in.getShort(at + 28) & 0xffff;
    int length = in.getInt(at + 20);
    int size = in.getInt(at + 24);
    long dataAt = (long) offset + LOCAL_LENGTH + nameLength;
    Check.that(
        nameLength <= file.length - CENTRAL_LENGTH - at
            && length >= 0
            && dataAt + length <= centralStart
            && centralStart <= file.length,
        "its zip entry %d does not lie inside the file",
        i);
    Check.that(
        size >= 0 && size <= MOST_SHRINKING * (long) length,
        "its zip entry %d claims to inflate from %d to %d bytes",
        i,
        length,
        size);
    String name = new String(file, at + CENTRAL_LENGTH, nameLength, StandardCharsets.ISO_8859_1);
    byte[] deflated = Arrays.copyOfRange(file, (int) dataAt, (int) dataAt + length);
    var entry = new Entry(name, in.getInt(at + 16), size, deflated);
    expect(file, at, central(entry, offset), "directory record of zip entry " + i);
    expect(file, offset, local(entry), "header of zip entry " + i);
    return entry;
  }

  private static void expect(byte[] file, int at, byte[] bytes, String what) {
    Check.that(
        Arrays.equals(file, at, at + bytes.length, bytes, 0, bytes.length),
        "the %s is not one that bitquake writes",
        what);
  }

  /**
   * Inflates an entry.
   *
   * @throws IllegalArgumentException unless it inflates to exactly the size it claims, with its CRC
   */
  static byte[] inflate(Entry entry) {
    byte[] content = new byte[entry.size()];
    var inflater = new Inflater(true);
    try {
      inflater.setInput(entry.deflated());
      int n = 0;
      while (n < content.length && !inflater.finished()) {
        int more = inflater.inflate(content, n, content.length - n);
        Check.that(more > 0, "entry %s is cut short", entry.name());
        n += more;
      }
      // The end mark may still be unread; one more byte would be one too many.
      int surplus = inflater.finished() ? 0 : inflater.inflate(new byte[1]);
      Check.that(
          n == content.length
              && surplus == 0
              && inflater.finished()
              && inflater.getRemaining() == 0,
          "entry %s does not inflate to the %d bytes it claims",
          entry.name(),
          entry.size());
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("entry " + entry.name() + " is damaged", e);
    } finally {
      inflater.end();
    }
    var crc = new CRC32();
    crc.update(content);
    Check.that(
        (int) crc.getValue() == entry.crc(), "entry %s does not match its checksum", entry.name());
    return content;
  }
}
