package org.bitquake.data.picture;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.bitquake.Text;

/**
 * Looks over a PNG before it is decoded (ISO/IEC 15948): its chunks lie inside the file and match
 * their checksums, which ImageIO does not look at.
 */
final class PngHeader {
  private static final int SIGNATURE = 8;
  private static final int AROUND = 12;
  private static final int IHDR = 0x49484452;
  private static final int PLTE = 0x504c5445;
  private static final int IDAT = 0x49444154;
  private static final int IEND = 0x49454e44;
  private static final int IHDR_LENGTH = 13;
  private static final int MOST_COLOURS = 256;

  private PngHeader() {}

  static PictureKind.Checked check(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file);
    boolean data = false;
    for (int at = SIGNATURE, chunk = 0; ; chunk++) {
      if (at > file.length - AROUND) {
        throw new IllegalArgumentException("is cut short");
      }
      int length = in.getInt(at);
      int type = in.getInt(at + 4);
      if (length < 0 || length > file.length - AROUND - at) {
        throw new IllegalArgumentException(Text.of("is cut short in chunk %d", chunk));
      }
      var crc = new CRC32();
      crc.update(file, at + 4, length + 4);
      if ((int) crc.getValue() != in.getInt(at + 8 + length)) {
        throw new IllegalArgumentException(
            Text.of("is damaged: chunk %d does not match its checksum", chunk));
      }
      if ((chunk == 0) != (type == IHDR) || (type == IHDR && length != IHDR_LENGTH)) {
        throw new IllegalArgumentException("does not begin with its one header");
      }
      if (type == PLTE && length > 3 * MOST_COLOURS) {
        throw new IllegalArgumentException("has a palette of over 256 colours");
      }
      data |= type == IDAT;
      if (type == IEND) {
        break;
      }
      at += AROUND + length;
    }
    if (!data) {
      throw new IllegalArgumentException("has no pixels");
    }
    if (in.get(SIGNATURE + 16) > 8) {
      throw new IllegalArgumentException("has 16 bits a channel; 8 are read");
    }
    var size =
        new PictureKind.FrameSize(
            Integer.toUnsignedLong(in.getInt(SIGNATURE + 8)),
            Integer.toUnsignedLong(in.getInt(SIGNATURE + 12)));
    return new PictureKind.Checked(size, file);
  }
}
