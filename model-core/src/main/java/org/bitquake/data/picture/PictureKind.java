package org.bitquake.data.picture;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** The kinds of picture file that are read, told apart by how they begin. */
enum PictureKind {
  PNG("png", "89504e470d0a1a0a") {
    @Override
    Checked check(byte[] file) {
      return PngHeader.check(file);
    }
  },
  JPEG("jpeg", "ffd8ff") {
    @Override
    Checked check(byte[] file) {
      return JpegHeader.check(file);
    }
  },
  BMP("bmp", "424d") {
    @Override
    Checked check(byte[] file) {
      return BmpHeader.check(file);
    }
  };

  private final String reader;

  /** A character for each byte. */
  private final String beginning;

  PictureKind(String reader, String beginning) {
    this.reader = reader;
    this.beginning = beginning;
  }

  /** Width and height as the file states them. */
  record FrameSize(long width, long height) {}

  /**
   * A file that may be decoded.
   *
   * @param file for the decoder
   */
  record Checked(FrameSize size, byte[] file) {}

  /** The name under which ImageIO has its reader. */
  String reader() {
    return reader;
  }

  /**
   * Reads the header, and sees to it that what a decoder would believe of the file's structure is
   * true.
   *
   * @throws IllegalArgumentException that says what is wrong with the file
   */
  abstract Checked check(byte[] file);

  static Optional<PictureKind> of(byte[] file) {
    return Arrays.stream(values()).filter(kind -> kind.begins(file)).findFirst();
  }

  private boolean begins(byte[] file) {
    byte[] bytes = HexFormat.of().parseHex(beginning);
    int n = bytes.length;
    return file.length >= n && Arrays.equals(file, 0, n, bytes, 0, n);
  }
}
