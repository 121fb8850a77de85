package org.bitquake.data.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bitquake.data.picture.PictureFiles.claiming;
import static org.bitquake.data.picture.PictureFiles.file;
import static org.bitquake.data.picture.PictureFiles.progressive;
import static org.bitquake.data.picture.PictureFiles.random;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.bitquake.data.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureDecoderTest {
  /** Mutations of each file; 10,000 in all with -Dbitquake.mutations=1430. */
  private static final int MUTATIONS = Integer.getInteger("bitquake.mutations", 60);

  private static final Picture COLOUR = random(new Shape(3, 21, 30), 1);
  private static final Picture GREY = random(new Shape(1, 21, 30), 2);
  private final PictureDecoder decoder = new PictureDecoder();

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp"})
  void givesTheBytesThatWereStored(String format) {
    for (Picture picture : List.of(COLOUR, GREY)) {
      Picture read = decoder.decode(file(picture, format));
      assertThat(read.shape()).isEqualTo(picture.shape());
      assertThat(read.pixels()).isEqualTo(picture.pixels());
    }
  }

  /** Grey 100 of a grey picture is 100, not what a linear grey looks like in sRGB. */
  @Test
  void aGreyPictureHasOneChannelAlsoAsJpeg() {
    byte[] plain = new byte[64];
    Arrays.fill(plain, (byte) 100);
    Picture read = decoder.decode(file(new Picture(new Shape(1, 8, 8), plain), "jpg"));
    assertThat(read.shape()).isEqualTo(new Shape(1, 8, 8));
    assertThat(read.pixels()).containsOnly((byte) 100);
  }

  private void refuses(byte[] file, String fact) {
    assertThatThrownBy(() -> decoder.decode(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(fact);
  }

  @Test
  void refusesWhatIsNoPicture() {
    refuses(new byte[0], "is no PNG, JPEG or BMP");
    refuses("GIF89a, and so on".getBytes(StandardCharsets.US_ASCII), "is no PNG, JPEG or BMP");
  }

  @Test
  void refusesWhatEndsTooEarly() throws IOException {
    Picture large = random(new Shape(3, 60, 60), 4);
    for (byte[] file :
        List.of(file(large, "png"), file(large, "jpg"), file(large, "bmp"), progressive(large))) {
      for (int length = 8; length < file.length - 2; length += file.length / 23) {
        refuses(Arrays.copyOf(file, length), "");
      }
      assertThat(decoder.decode(file).shape()).isEqualTo(large.shape());
    }
  }

  @Test
  void refusesSizesBeyondTheBoundsBeforeItSetsMemoryAside() {
    byte[] png = file(COLOUR, "png");
    refuses(claiming(png, 1 << 30, 1 << 30), "claims to be 1073741824×1073741824");
    refuses(claiming(png, 100_000, 336), "claims to be 336×100000");
    refuses(claiming(png, 0, 5), "claims to be 5×0");
    refuses(claiming(png, -1, 1), "claims to be");
    byte[] jpg = file(COLOUR, "jpg");
    int frame =
        IntStream.range(2, jpg.length).filter(i -> isFrame(jpg, i)).findFirst().orElseThrow();
    Arrays.fill(jpg, frame + 5, frame + 9, (byte) 0xff);
    refuses(jpg, "claims to be 65535×65535");
    byte[] bmp = file(COLOUR, "bmp");
    Arrays.fill(bmp, 18, 26, (byte) 0x7f);
    refuses(bmp, "is cut short or damaged");
  }

  private static boolean isFrame(byte[] jpg, int at) {
    return jpg[at] == (byte) 0xff && jpg[at + 1] == (byte) 0xc0;
  }

  /** A PNG of 30 MB of pixels in 30 kB is decoded or refused; never more than its size says. */
  @Test
  void refusesAPngWhosePixelsInflateToLessThanItSays() {
    refuses(claiming(file(COLOUR, "png"), 4000, 4000), "is damaged");
  }

  @Test
  void refusesDamageThatImageIoDoesNotSee() {
    byte[] png = file(COLOUR, "png");
    png[png.length - 30] ^= 1;
    refuses(png, "does not match its checksum");
  }

  @Test
  void refusesTransparencyAndSixteenBits() throws IOException {
    var clear = new BufferedImage(4, 4, BufferedImage.TYPE_INT_ARGB);
    refuses(png(clear), "has transparent pixels");
    for (int i = 0; i < 16; i++) {
      clear.setRGB(i % 4, i / 4, 0xff102030);
    }
    assertThat(decoder.decode(png(clear)).pixels()).contains(0x10, 0x20, 0x30);
    refuses(png(new BufferedImage(4, 4, BufferedImage.TYPE_USHORT_GRAY)), "has 16 bits a channel");
  }

  private static byte[] png(BufferedImage image) throws IOException {
    var out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  /** Whatever is in a file, the answer is a picture or one line of why not. */
  @Test
  void noMutationDoesAnythingElse() throws IOException {
    var random = new Random(42);
    int decoded = 0;
    int refused = 0;
    for (byte[] file :
        List.of(
            file(COLOUR, "png"),
            file(GREY, "png"),
            file(COLOUR, "jpg"),
            file(GREY, "jpg"),
            progressive(COLOUR),
            file(COLOUR, "bmp"),
            file(GREY, "bmp"))) {
      for (int i = 0; i < MUTATIONS; i++) {
        byte[] mutant = mutant(file, random);
        try {
          decoder.decode(mutant);
          decoded++;
        } catch (IllegalArgumentException e) {
          assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
          refused++;
        }
      }
    }
    assertThat(decoded).isPositive();
    assertThat(refused).isGreaterThan(decoded / 2);
  }

  private static byte[] mutant(byte[] file, Random random) {
    byte[] mutant = file.clone();
    // Headers are where it matters: half of the changes go there.
    int most = random.nextBoolean() ? Math.min(60, file.length) : file.length;
    for (int n = random.nextInt(4); n >= 0; n--) {
      int at = random.nextInt(most);
      switch (random.nextInt(3)) {
        case 0 -> mutant[at] = (byte) random.nextInt();
        case 1 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
        default -> mutant[at] = (byte) (random.nextBoolean() ? 0xff : 0);
      }
    }
    boolean png = mutant[1] == 'P';
    if (png && random.nextInt(4) > 0) {
      repair(mutant);
    }
    return random.nextInt(8) == 0 ? Arrays.copyOf(mutant, random.nextInt(mutant.length)) : mutant;
  }

  /** Makes the checksums of a PNG right again, so that more is looked at than they. */
  private static void repair(byte[] png) {
    var in = java.nio.ByteBuffer.wrap(png);
    for (int at = 8; at <= png.length - 12; ) {
      int length = in.getInt(at);
      if (length < 0 || length > png.length - 12 - at) {
        return;
      }
      var crc = new java.util.zip.CRC32();
      crc.update(png, at + 4, length + 4);
      in.putInt(at + 8 + length, (int) crc.getValue());
      at += 12 + length;
    }
  }
}
