package org.bitquake.data.picture;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import org.bitquake.data.Shape;

/** Small picture files for tests. */
public final class PictureFiles {
  private PictureFiles() {}

  /** A picture of noise. */
  public static Picture random(Shape shape, long seed) {
    byte[] pixels = new byte[shape.size()];
    new Random(seed).nextBytes(pixels);
    return new Picture(shape, pixels);
  }

  /** A picture as a file: {@code png}, {@code bmp}, or {@code jpg}, which loses something. */
  public static byte[] file(Picture picture, String format) {
    Shape s = picture.shape();
    boolean grey = s.channels() == 1;
    var image =
        new BufferedImage(
            s.width(),
            s.height(),
            grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
    int plane = s.height() * s.width();
    for (int i = 0; i < picture.pixels().length; i++) {
      int at = i % plane;
      image
          .getRaster()
          .setSample(at % s.width(), at / s.width(), i / plane, picture.pixels()[i] & 0xff);
    }
    var out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalArgumentException(format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** A progressive JPEG. */
  static byte[] progressive(Picture picture) throws IOException {
    var image = ImageIO.read(new java.io.ByteArrayInputStream(file(picture, "png")));
    var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    var out = new ByteArrayOutputStream();
    try (var stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      var param = writer.getDefaultWriteParam();
      param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      writer.write(null, new IIOImage(image, null, null), param);
    }
    writer.dispose();
    return out.toByteArray();
  }

  /** A PNG whose header says something else, with the right checksum. */
  public static byte[] claiming(byte[] png, int width, int height) {
    byte[] changed = png.clone();
    ByteBuffer.wrap(changed).putInt(16, width).putInt(20, height);
    var crc = new CRC32();
    crc.update(changed, 12, 17);
    ByteBuffer.wrap(changed).putInt(29, (int) crc.getValue());
    return changed;
  }
}
