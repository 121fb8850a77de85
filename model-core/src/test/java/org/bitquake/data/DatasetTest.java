package org.bitquake.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.bitquake.InputException;
import org.junit.jupiter.api.Test;

class DatasetTest {
  private static Dataset of(Shape shape, String pixels, int... labels) {
    byte[] bytes = new byte[labels.length];
    for (int i = 0; i < labels.length; i++) {
      bytes[i] = (byte) labels[i];
    }
    return new Dataset("d", shape, 200, pixels.getBytes(StandardCharsets.US_ASCII), bytes);
  }

  /** Checked with {@code printf '\0\0\0\2\0\0\0\1\0\0\0\1\0\0\0\2abcd\1\2' | sha256sum}. */
  @Test
  void hashesSizesPixelsAndLabels() {
    assertThat(of(new Shape(1, 1, 2), "abcd", 1, 2).sha256())
        .isEqualTo("f3fdb2d524017e50d55920512bf885b19d5c76238bb81392ffc5cf5bb25541db");
  }

  @Test
  void theHashTellsShapesPixelsAndLabelsApart() {
    assertThat(
            Stream.of(
                    of(new Shape(1, 1, 2), "abcd", 1, 2),
                    of(new Shape(1, 2, 1), "abcd", 1, 2),
                    of(new Shape(1, 1, 2), "abce", 1, 2),
                    of(new Shape(1, 1, 2), "abcd", 2, 1))
                .map(Dataset::sha256))
        .doesNotHaveDuplicates();
  }

  @Test
  void labelsAreUnsigned() {
    assertThat(of(new Shape(1, 1, 1), "a", 199).label(0)).isEqualTo(199);
    assertThatThrownBy(() -> of(new Shape(1, 1, 1), "a", 200)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> of(new Shape(1, 1, 1), "ab", 1)).isInstanceOf(InputException.class);
  }
}
