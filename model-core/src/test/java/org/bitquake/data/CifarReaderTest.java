package org.bitquake.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bitquake.data.SmallFiles.cifar;
import static org.bitquake.data.SmallFiles.file;
import static org.bitquake.data.SmallFiles.gzip;
import static org.bitquake.data.SmallFiles.pattern;

import java.util.Arrays;
import java.util.List;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.junit.jupiter.api.Test;

class CifarReaderTest {
  private static final byte[] PIXELS = pattern(5 * 3072, 11);
  private static final byte[] LABELS = {3, 0, 9, 1, 1};

  @Test
  void readsAllFilesInTheirOrder() {
    byte[] first = cifar(Arrays.copyOf(LABELS, 2), PIXELS);
    byte[] second =
        gzip(
            cifar(
                Arrays.copyOfRange(LABELS, 2, 5), Arrays.copyOfRange(PIXELS, 2 * 3072, 5 * 3072)));
    Dataset read =
        CifarReader.read("c", List.of(file(first), file(second)), CifarReader.Form.CIFAR_10);
    assertThat(read.shape()).isEqualTo(new Shape(3, 32, 32));
    assertThat(read.labels()).isEqualTo(LABELS);
    assertThat(read.pixels()).isEqualTo(PIXELS);
  }

  @Test
  void refusesHalfRecordsNothingAndLabelsOutsideTheClasses() {
    byte[] batch = cifar(LABELS, PIXELS);
    for (int length : new int[] {0, 1, 3072, batch.length - 1}) {
      byte[] cut = Arrays.copyOf(batch, length);
      refuses(cut, Text.of("has %d bytes, not a number of records of 3073 bytes", length));
      refuses(gzip(cut), Text.of("has %d bytes, not a number of records", length));
    }
    byte[] label = batch.clone();
    label[3073] = 10;
    refuses(label, "has label 10 at image 1, outside 0…9");
  }

  private static void refuses(byte[] bytes, String fact) {
    assertThatThrownBy(() -> CifarReader.read("c", List.of(file(bytes)), CifarReader.Form.CIFAR_10))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("some-file ")
        .hasMessageContaining(fact);
  }

  @Test
  void readsACompressedFileNoFurtherThanTheLimit() {
    byte[] three = gzip(cifar(Arrays.copyOf(LABELS, 3), PIXELS));
    assertThat(
            CifarReader.read("c", List.of(file(three)), CifarReader.Form.CIFAR_10, 3 * 3073).size())
        .isEqualTo(3);
    assertThatThrownBy(
            () -> CifarReader.read("c", List.of(file(three)), CifarReader.Form.CIFAR_10, 2 * 3073))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has too many bytes, not a number of records")
        .hasMessageContaining("up to 6146 bytes");
  }
}
