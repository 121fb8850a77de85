package org.bitquake.data.picture;

import java.util.Arrays;
import java.util.Optional;

/** The kinds of picture file that are read, told apart by how they begin. */
enum PictureKind {
  PNG("png", new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'}) {
    @Override
    Checked check(byte[] file) {
      return PngHeader.check(file);
    }
  },
  JPEG("jpeg", new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff}) {
    @Override
    Checked check(byte[] file) {
      return JpegHeader.check(file);
    }
  },
  BMP("bmp", new byte[] {'B', 'M'}) {
    @Override
    Checked check(byte[] file) {
      return BmpHeader.check(file);
    }
  };

  private final String reader;
  private final byte[] beginning;

  PictureKind(String reader, byte[] beginning) {
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
    return Arrays.stream(values())
        .filter(
            kind -> {
              int n = kind.beginning.length;
              return file.length >= n && Arrays.equals(file, 0, n, kind.beginning, 0, n);
            })
        .findFirst();
  }
}
