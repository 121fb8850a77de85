package org.bitquake.data.picture;

import java.io.ByteArrayOutputStream;
import org.bitquake.Text;

/**
 * Looks over a JPEG before it is decoded (ITU-T T.81, Annex B): its segments up to the first scan
 * lie inside the file, and the frame is one of 8-bit grey or colour. What applications have added,
 * colour profiles above all, is taken out, so that no decoder acts on it.
 */
final class JpegHeader {
  private static final int TEMPORARY = 0x01;
  private static final int FIRST_FRAME = 0xc0;
  private static final int LAST_FRAME = 0xcf;
  private static final int HUFFMAN_TABLES = 0xc4;
  private static final int RESERVED = 0xc8;
  private static final int ARITHMETIC_TABLES = 0xcc;
  private static final int FIRST_ALONE = 0xd0;
  private static final int START_OF_SCAN = 0xda;
  private static final int END_OF_IMAGE = 0xd9;
  private static final int FIRST_APPLICATION = 0xe0;
  private static final int ADOBE = 0xee;
  private static final int LAST_APPLICATION = 0xef;
  private static final int COMMENT = 0xfe;
  private static final int FRAME_HEADER = 8;

  private final byte[] file;
  private final ByteArrayOutputStream plain = new ByteArrayOutputStream();
  private PictureKind.FrameSize size;

  private JpegHeader(byte[] file) {
    this.file = file;
  }

  /**
   * Checks a file.
   *
   * @throws IllegalArgumentException that says what is wrong with the file
   */
  static PictureKind.Checked check(byte[] file) {
    var header = new JpegHeader(file);
    header.walk();
    return new PictureKind.Checked(header.size, header.plain.toByteArray());
  }

  private void walk() {
    plain.write(file, 0, 2);
    int at = 2;
    while (true) {
      at = marker(at);
      int marker = file[at++] & 0xff;
      if (marker == END_OF_IMAGE || (marker == START_OF_SCAN && size == null)) {
        throw new IllegalArgumentException("has no frame header");
      }
      if (marker == START_OF_SCAN) {
        plain.write(file, at - 2, file.length - at + 2);
        return;
      }
      if (marker == TEMPORARY || (marker >= FIRST_ALONE && marker < END_OF_IMAGE)) {
        continue;
      }
      int length = at + 2 > file.length ? 0 : twoBytes(at);
      if (length < 2 || length > file.length - at) {
        throw cutShort();
      }
      if (isFrame(marker)) {
        size = frame(at, length);
      }
      if (!isAddition(marker)) {
        plain.write(file, at - 2, length + 2);
      }
      at += length;
    }
  }

  private static IllegalArgumentException cutShort() {
    return new IllegalArgumentException("is cut short in its header");
  }

  /** Where the next marker's code is; any number of 0xFF may stand before it. */
  private int marker(int from) {
    int at = from;
    while (at < file.length && file[at] == (byte) 0xff) {
      at++;
    }
    if (at >= file.length) {
      throw cutShort();
    }
    if (at == from) {
      throw new IllegalArgumentException("has no marker where its header says");
    }
    return at;
  }

  private static boolean isFrame(int marker) {
    return marker >= FIRST_FRAME
        && marker <= LAST_FRAME
        && marker != HUFFMAN_TABLES
        && marker != RESERVED
        && marker != ARITHMETIC_TABLES;
  }

  /** Applications' own segments and comments; JFIF's and Adobe's say how colours are stored. */
  private static boolean isAddition(int marker) {
    return marker == COMMENT
        || (marker > FIRST_APPLICATION && marker <= LAST_APPLICATION && marker != ADOBE);
  }

  private PictureKind.FrameSize frame(int at, int length) {
    if (length < FRAME_HEADER) {
      throw cutShort();
    }
    int bits = file[at + 2] & 0xff;
    if (bits != 8) {
      throw new IllegalArgumentException(Text.of("has %d bits a channel; 8 are read", bits));
    }
    int components = file[at + 7] & 0xff;
    if (components != 1 && components != 3) {
      throw new IllegalArgumentException(
          Text.of("has %d colour components (CMYK?); save it as RGB or grey", components));
    }
    return new PictureKind.FrameSize(twoBytes(at + 5), twoBytes(at + 3));
  }

  private int twoBytes(int at) {
    return ((file[at] & 0xff) << 8) | (file[at + 1] & 0xff);
  }
}
