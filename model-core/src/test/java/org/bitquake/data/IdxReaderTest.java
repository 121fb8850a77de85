package org.bitquake.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bitquake.data.SmallFiles.IMAGES;
import static org.bitquake.data.SmallFiles.LABELS;
import static org.bitquake.data.SmallFiles.file;
import static org.bitquake.data.SmallFiles.gzip;
import static org.bitquake.data.SmallFiles.idx;
import static org.bitquake.data.SmallFiles.pattern;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.bitquake.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IdxReaderTest {
  private static final Shape SHAPE = new Shape(1, 4, 3);
  private static final byte[] PIXELS = pattern(5 * 12, 7);
  private static final byte[] IMAGE_FILE = idx(PIXELS, IMAGES, 5, 4, 3);
  private static final byte[] LABEL_FILE = idx(new byte[] {0, 9, 3}, LABELS, 3);

  @Test
  void readsImagesAndLabelsRawAndCompressedWhateverTheName() {
    assertThat(IdxReader.images(file(IMAGE_FILE), SHAPE)).isEqualTo(PIXELS);
    assertThat(IdxReader.images(file(gzip(IMAGE_FILE)), SHAPE)).isEqualTo(PIXELS);
    assertThat(IdxReader.labels(file(LABEL_FILE), 10)).containsExactly(0, 9, 3);
    assertThat(IdxReader.labels(file(gzip(LABEL_FILE)), 10)).containsExactly(0, 9, 3);
  }

  static Stream<Arguments> damagedImages() {
    byte[] longer = Arrays.copyOf(IMAGE_FILE, IMAGE_FILE.length + 1);
    byte[] shorter = Arrays.copyOf(IMAGE_FILE, IMAGE_FILE.length - 1);
    byte[] gz = gzip(IMAGE_FILE);
    byte[] wrongSum = gz.clone();
    wrongSum[gz.length - 8] ^= 1;
    byte[] wrongCode = gz.clone();
    wrongCode[10] = (byte) 0xff;
    return Stream.of(
        Arguments.of("label magic", LABEL_FILE, "begins with 0x00000801, not 0x00000803"),
        Arguments.of("label magic, gz", gzip(LABEL_FILE), "begins with 0x00000801"),
        Arguments.of(
            "a text", "hello, world".getBytes(StandardCharsets.US_ASCII), "begins with 0x68656C6C"),
        Arguments.of("nothing", new byte[0], "ends too early"),
        Arguments.of("half a header", Arrays.copyOf(IMAGE_FILE, 10), "ends too early"),
        Arguments.of("half a header, gz", gzip(Arrays.copyOf(IMAGE_FILE, 10)), "ends too early"),
        Arguments.of("one byte short", shorter, "75 bytes long, but its header says 5 items"),
        Arguments.of("one byte short, gz", gzip(shorter), "ends after 75 of the 76 bytes"),
        Arguments.of("one byte more", longer, "77 bytes long, but its header says 5 items"),
        Arguments.of("one byte more, gz", gzip(longer), "bytes behind the 5 items"),
        Arguments.of("cut gz", Arrays.copyOf(gz, gz.length / 2), "ends too early"),
        Arguments.of("cut gz trailer", Arrays.copyOf(gz, gz.length - 1), "some-file"),
        Arguments.of("garbage behind gz", Arrays.copyOf(gz, gz.length + 3), "Garbage"),
        Arguments.of("wrong CRC", wrongSum, "CRC"),
        Arguments.of("not deflate", wrongCode, "cannot be read"),
        Arguments.of("other shape", idx(PIXELS, IMAGES, 5, 3, 4), "images of 3×4, not 4×3"),
        Arguments.of("no images", idx(new byte[0], IMAGES, 0, 4, 3), "claims 0 items"),
        Arguments.of("2^32 − 1 images", idx(PIXELS, IMAGES, -1, 4, 3), "claims 4294967295 items"),
        Arguments.of("big, gz", gzip(idx(PIXELS, IMAGES, 1 << 28, 4, 3)), "256 MiB are accepted"),
        Arguments.of("negative height", idx(PIXELS, IMAGES, 5, -1, 3), "images of 4294967295×3"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damagedImages")
  void refusesImages(String what, byte[] bytes, String fact) {
    assertThatThrownBy(() -> IdxReader.images(file(bytes), SHAPE))
        .as(what)
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("some-file ")
        .hasMessageContaining(fact)
        .hasMessageContaining("bitquake data fetch")
        .hasMessageNotContaining("\n");
  }

  @Test
  void refusesLabelsOutsideTheClassesAndImagesAsLabels() {
    assertThatThrownBy(() -> IdxReader.labels(file(idx(new byte[] {1, 10}, LABELS, 2)), 10))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("label 10 at image 1, outside 0…9");
    assertThatThrownBy(() -> IdxReader.labels(file(idx(new byte[] {-1}, LABELS, 1)), 10))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("label 255 at image 0");
    assertThatThrownBy(() -> IdxReader.labels(file(IMAGE_FILE), 10))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no IDX file of labels");
  }

  /** A header that promises the largest file accepted, 256 MiB, before 1 MiB of labels. */
  @Test
  void setsNoMemoryAsideOnTheHeadersWord() {
    byte[] lie = gzip(idx(new byte[1 << 20], LABELS, (int) DataFile.MAX_BYTES));
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThatThrownBy(() -> IdxReader.labels(file(lie), 10))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("ends after 1048584 of the 268435464 bytes");
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(16L << 20);
  }

  /** Every cut and every changed byte of a small .gz: an InputException or the same pixels. */
  @Test
  void anyDamageIsFoundOrHarmless() {
    byte[] gz = gzip(IMAGE_FILE);
    for (int i = 0; i < gz.length; i++) {
      int at = i;
      assertThatThrownBy(() -> IdxReader.images(file(Arrays.copyOf(gz, at)), SHAPE))
          .isInstanceOf(InputException.class);
      for (int flip : new int[] {0x01, 0x80, 0xff}) {
        byte[] changed = gz.clone();
        changed[i] ^= (byte) flip;
        try {
          assertThat(IdxReader.images(file(changed), SHAPE)).isEqualTo(PIXELS);
        } catch (InputException e) {
          assertThat(e.getMessage()).startsWith("some-file ").doesNotContain("\n");
        }
      }
    }
  }

  @Test
  void readsConcatenatedGzipMembersAsOneFile() {
    var both = new ByteArrayOutputStream();
    both.writeBytes(gzip(Arrays.copyOf(IMAGE_FILE, 20)));
    both.writeBytes(gzip(Arrays.copyOfRange(IMAGE_FILE, 20, IMAGE_FILE.length)));
    byte[] bytes = both.toByteArray();
    var file = new DataFile("two", bytes.length, () -> new ByteArrayInputStream(bytes));
    assertThat(IdxReader.images(file, SHAPE)).isEqualTo(PIXELS);
  }
}
