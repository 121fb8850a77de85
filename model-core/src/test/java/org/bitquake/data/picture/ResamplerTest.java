package org.bitquake.data.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.bitquake.data.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResamplerTest {
  private static Picture random(Shape shape, long seed) {
    byte[] pixels = new byte[shape.size()];
    new Random(seed).nextBytes(pixels);
    return new Picture(shape, pixels);
  }

  private static Picture resize(Picture picture, int height, int width) {
    var size = new Size(height, OptionalInt.of(width));
    return new Fitting(Optional.empty(), Optional.of(size), Optional.empty()).apply(picture);
  }

  /** The definition, in decimal numbers of 40 digits, without tables: one row of pixels. */
  private static BigDecimal naive(int[] row, int now, int x) {
    var context = new MathContext(40);
    BigDecimal scale = BigDecimal.valueOf(row.length).divide(BigDecimal.valueOf(now), context);
    BigDecimal f = scale.max(BigDecimal.ONE);
    BigDecimal half = new BigDecimal("0.5");
    BigDecimal centre = BigDecimal.valueOf(x).add(half).multiply(scale, context);
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal weights = BigDecimal.ZERO;
    for (int i = 0; i < row.length; i++) {
      BigDecimal distance =
          BigDecimal.valueOf(i).subtract(centre).add(half).abs().divide(f, context);
      BigDecimal weight = BigDecimal.ONE.subtract(distance).max(BigDecimal.ZERO);
      weights = weights.add(weight);
      sum = sum.add(weight.multiply(BigDecimal.valueOf(row[i])));
    }
    return sum.divide(weights, context);
  }

  /** Rounded to the nearest; weights are multiples of 2⁻²², so halves may go either way. */
  @ParameterizedTest
  @CsvSource({"32,96", "96,32", "224,96", "100,99", "7,3", "3,7", "1,5", "5,1", "640,96", "31,31"})
  void isTheDefinitionInOneDirection(int old, int now) {
    Picture picture = random(new Shape(1, 1, old), old * 1000L + now);
    int[] row = new int[old];
    for (int i = 0; i < old; i++) {
      row[i] = picture.pixels()[i] & 0xff;
    }
    byte[] resized = resize(picture, 1, now).pixels();
    for (int x = 0; x < now; x++) {
      assertThat((double) (resized[x] & 0xff))
          .isCloseTo(naive(row, now, x).doubleValue(), within(0.5001));
    }
  }

  @Test
  void rowsAreResizedAsColumnsAre() {
    Picture wide = random(new Shape(3, 1, 50), 5);
    Picture tall = new Picture(new Shape(3, 50, 1), wide.pixels());
    for (int side : new int[] {1, 17, 49, 51, 130}) {
      assertThat(resize(tall, side, 1).pixels()).isEqualTo(resize(wide, 1, side).pixels());
    }
  }

  @Test
  void channelsDoNotTouchEachOther() {
    Picture picture = random(new Shape(3, 20, 30), 6);
    byte[] all = resize(picture, 13, 40).pixels();
    for (int c = 0; c < 3; c++) {
      byte[] plane = Arrays.copyOfRange(picture.pixels(), c * 600, (c + 1) * 600);
      assertThat(resize(new Picture(new Shape(1, 20, 30), plane), 13, 40).pixels())
          .isEqualTo(Arrays.copyOfRange(all, c * 520, (c + 1) * 520));
    }
  }

  @Test
  void aPlainPictureStaysPlainAndTheSameSizeTheSame() {
    for (int value : new int[] {0, 1, 127, 128, 254, 255}) {
      byte[] pixels = new byte[37 * 23];
      Arrays.fill(pixels, (byte) value);
      byte[] resized = resize(new Picture(new Shape(1, 37, 23), pixels), 11, 64).pixels();
      assertThat(resized).containsOnly((byte) value);
    }
    Picture picture = random(new Shape(3, 9, 8), 7);
    assertThat(resize(picture, 9, 8).pixels()).isEqualTo(picture.pixels());
  }

  @Test
  void oneNumberIsTheShorterSideAndTheMiddleIsKept() {
    var fitting =
        new Fitting(Optional.empty(), Optional.of(Size.of(96)), Optional.of(Size.of("90x80")));
    assertThat(fitting.apply(random(new Shape(3, 375, 500), 8)).shape())
        .isEqualTo(new Shape(3, 90, 80));
    var resizeOnly = new Fitting(Optional.empty(), Optional.of(Size.of(96)), Optional.empty());
    assertThat(resizeOnly.apply(random(new Shape(3, 375, 500), 8)).shape())
        .isEqualTo(new Shape(3, 96, 128));
    assertThat(resizeOnly.apply(random(new Shape(1, 501, 375), 8)).shape())
        .isEqualTo(new Shape(1, 128, 96));
    Picture five = new Picture(new Shape(1, 1, 5), new byte[] {0, 1, 2, 3, 4});
    assertThat(five.middle(1, 3).pixels()).containsExactly(1, 2, 3);
    assertThat(five.middle(1, 2).pixels()).containsExactly(2, 3); // rint(1.5) is 2
    assertThat(five.middle(1, 4).pixels()).containsExactly(0, 1, 2, 3); // rint(0.5) is 0
  }
}
