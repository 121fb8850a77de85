package org.bitquake.data.picture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bitquake.Text;

/**
 * Looks over a Windows bitmap before it is decoded: a BITMAPINFOHEADER or a later one, its palette
 * and, where they are not compressed, its pixels inside the file.
 */
final class BmpHeader {
  private static final int FILE_HEADER = 14;
  private static final int INFO_HEADER = 40;
  private static final int MOST_HEADER = 124;
  private static final int RLE8 = 1;
  private static final int RLE4 = 2;
  private static final int BIT_FIELDS = 3;
  private static final long MOST_COLOURS = 256;

  private BmpHeader() {}

  static PictureKind.Checked check(byte[] file) {
    if (file.length < FILE_HEADER + INFO_HEADER) {
      throw new IllegalArgumentException("is cut short");
    }
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    long pixels = Integer.toUnsignedLong(in.getInt(10));
    long header = Integer.toUnsignedLong(in.getInt(14));
    long width = in.getInt(18);
    long height = Math.abs((long) in.getInt(22));
    int bits = in.getShort(28);
    int compression = in.getInt(30);
    long colours = Integer.toUnsignedLong(in.getInt(46));
    if (header < INFO_HEADER || header > MOST_HEADER) {
      throw new IllegalArgumentException(
          Text.of("has a header of %d bytes, which is not read; save it as PNG", header));
    }
    if (compression < 0 || compression > BIT_FIELDS) {
      throw new IllegalArgumentException(
          Text.of("is compressed in a way (%d) that is not read; save it as PNG", compression));
    }
    boolean packed = compression == RLE8 || compression == RLE4;
    long row = (Math.max(width, 0) * Math.max(bits, 0) + 31) / 32 * 4;
    if (colours > MOST_COLOURS
        || pixels < FILE_HEADER + header
        || pixels > file.length
        || (!packed && height > (file.length - pixels) / Math.max(row, 1))) {
      throw new IllegalArgumentException("is cut short or damaged");
    }
    return new PictureKind.Checked(new PictureKind.FrameSize(Math.max(width, 0), height), file);
  }
}
