package org.bitquake.data.picture;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.bitquake.Text;
import org.bitquake.data.Shape;

/**
 * Decodes PNG, JPEG and BMP with the JDK's own ImageIO, to the bytes that the file stores: no
 * colour profile, no gamma and no orientation (EXIF) is applied, palettes are looked up. Not
 * thread-safe: each thread has its own.
 *
 * <p>Before memory is set aside, the header's width and height are held against bounds, and what
 * else decoders believe against the file. Nothing is guessed: transparency, 16-bit channels and
 * files that end too early are errors.
 */
public final class PictureDecoder implements AutoCloseable {
  /** The most bytes of a file. */
  public static final int MAX_BYTES = 64 << 20;

  /** The most pixels of a picture: 32 Mi. */
  public static final long MAX_PIXELS = 1L << 25;

  /** All that libjpeg warns of is damage to the pixels, but for this. */
  private static final String HARMLESS = ".*extraneous bytes before marker.*";

  private final Map<PictureKind, ImageReader> readers = new EnumMap<>(PictureKind.class);
  private final List<String> warnings = new ArrayList<>();

  /**
   * Decodes a file.
   *
   * @return grey with one channel where the file stores one, else red, green, blue
   * @throws IllegalArgumentException that says what is wrong with the file, if it is no picture
   *     that can be read whole
   */
  public Picture decode(byte[] file) {
    var kind =
        PictureKind.of(file)
            .orElseThrow(
                () -> new IllegalArgumentException("is no PNG, JPEG or BMP; convert it to PNG"));
    var checked = kind.check(file);
    var size = checked.size();
    if (size.width() < 1 || size.height() < 1 || size.width() > MAX_PIXELS / size.height()) {
      throw new IllegalArgumentException(
          Text.of(
              "claims to be %d×%d; 1 to %d pixels are accepted",
              size.height(), size.width(), MAX_PIXELS));
    }
    BufferedImage image = read(kind, checked.file());
    if (image.getWidth() != size.width() || image.getHeight() != size.height()) {
      throw new IllegalArgumentException("has two different sizes in it");
    }
    return picture(image);
  }

  private BufferedImage read(PictureKind kind, byte[] file) {
    ImageReader reader = readers.computeIfAbsent(kind, this::reader);
    warnings.clear();
    try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      reader.setInput(in, true, true);
      BufferedImage image = reader.read(0);
      for (String warning : warnings) {
        if (!warning.matches(HARMLESS)) {
          throw new IllegalArgumentException("is damaged: " + warning);
        }
      }
      return image;
    } catch (IOException e) {
      throw damaged(kind, e);
    } catch (IllegalArgumentException e) {
      throw e.getMessage() != null && e.getMessage().startsWith("is damaged")
          ? e
          : damaged(kind, e);
    } catch (RuntimeException e) {
      // ImageIO's readers throw whatever comes when a file is not what they expect.
      throw damaged(kind, e);
    } finally {
      if (readers.containsKey(kind)) {
        reader.setInput(null);
      }
    }
  }

  private IllegalArgumentException damaged(PictureKind kind, Exception e) {
    readers.remove(kind).dispose();
    String reason = e.getMessage() == null ? "" : e.getMessage().lines().findFirst().orElse("");
    return new IllegalArgumentException(
        "is damaged" + (reason.isBlank() || e instanceof RuntimeException ? "" : ": " + reason), e);
  }

  private ImageReader reader(PictureKind kind) {
    ImageReader reader = ImageIO.getImageReadersByFormatName(kind.reader()).next();
    reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
    return reader;
  }

  private static Picture picture(BufferedImage image) {
    ColorModel colours = image.getColorModel();
    Raster raster = image.getRaster();
    if (colours instanceof IndexColorModel palette) {
      return lookedUp(palette, raster);
    }
    int bands = raster.getNumBands();
    for (int band = 0; band < bands; band++) {
      if (raster.getSampleModel().getSampleSize(band) > 8) {
        throw new IllegalArgumentException("has over 8 bits a channel; 8 are read");
      }
    }
    boolean alpha = colours.hasAlpha();
    int channels = alpha ? bands - 1 : bands;
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException(Text.of("has %d channels; 1 or 3 are read", channels));
    }
    int plane = image.getWidth() * image.getHeight();
    var shape = new Shape(channels, image.getHeight(), image.getWidth());
    byte[] pixels = new byte[shape.size()];
    int[] samples = new int[plane];
    for (int band = 0; band < bands; band++) {
      raster.getSamples(0, 0, image.getWidth(), image.getHeight(), band, samples);
      int bits = raster.getSampleModel().getSampleSize(band);
      int most = (1 << bits) - 1;
      for (int i = 0; i < plane; i++) {
        if (band < channels) {
          pixels[band * plane + i] =
              (byte) (bits == 8 ? samples[i] : (samples[i] * 255 + most / 2) / most);
        } else if (samples[i] != most) {
          throw transparent();
        }
      }
    }
    return new Picture(shape, pixels);
  }

  /** A palette's colours; in one channel if all that it has are grey. */
  private static Picture lookedUp(IndexColorModel palette, Raster raster) {
    int[] colours = new int[palette.getMapSize()];
    palette.getRGBs(colours);
    boolean grey = true;
    for (int c : colours) {
      grey &= ((c >> 16) & 0xff) == (c & 0xff) && ((c >> 8) & 0xff) == (c & 0xff);
    }
    int width = raster.getWidth();
    int height = raster.getHeight();
    int plane = width * height;
    int[] samples = new int[plane];
    raster.getSamples(0, 0, width, height, 0, samples);
    byte[] pixels = new byte[grey ? plane : 3 * plane];
    for (int i = 0; i < plane; i++) {
      if (samples[i] >= colours.length) {
        throw new IllegalArgumentException("is damaged: a pixel is outside its palette");
      }
      int colour = colours[samples[i]];
      if (colour >>> 24 != 0xff) {
        throw transparent();
      }
      if (grey) {
        pixels[i] = (byte) colour;
      } else {
        pixels[i] = (byte) (colour >> 16);
        pixels[plane + i] = (byte) (colour >> 8);
        pixels[2 * plane + i] = (byte) colour;
      }
    }
    return new Picture(new Shape(grey ? 1 : 3, height, width), pixels);
  }

  private static IllegalArgumentException transparent() {
    return new IllegalArgumentException("has transparent pixels; put it on a background");
  }

  @Override
  public void close() {
    readers.values().forEach(ImageReader::dispose);
    readers.clear();
  }
}
