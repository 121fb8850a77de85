package org.bitquake.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bitquake.InputException;
import org.bitquake.bench.Measurement.Quantity;
import org.bitquake.bench.Measurement.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlierTest {
  @TempDir Path folder;

  @Test
  void whatTookHalfAsLongIsTwiceAsFast() throws IOException {
    Path json = folder.resolve("bench.json");
    var before = results(series("reference", 0.002), series("gone", 1));
    new ObjectMapper().writeValue(json.toFile(), before);

    String table = Earlier.read(json).beside(results(series("reference", 0.001), series("new", 1)));

    assertThat(table)
        .containsPattern("LeNet-5 +reference +250 +predict +2,000.0 +1,000.0 +× 2.00")
        .doesNotContain("gone", "new", "which ran on");
  }

  @Test
  void anotherMachineIsNamed() {
    var now = results(series("reference", 1));
    var earlier = new Earlier("another", Map.of(Earlier.Key.of(now.series().get(0)), 1.0));

    assertThat(earlier.beside(now)).contains("earlier run, which ran on another\n");
  }

  @Test
  void whatIsNoSuchFileIsSaidInOneLine() throws IOException {
    Path file = folder.resolve("x.json");
    for (String text : List.of("{", "{}", "[1]", "{\"series\": []}")) {
      Files.writeString(file, text);
      assertThatThrownBy(() -> Earlier.read(file))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("--against " + file + ": ");
    }
  }

  private static Series series(String engine, double seconds) {
    var sample = new Sample(1, seconds, seconds);
    return new Series(Quantity.PREDICT, Workload.LENET5, engine, 250, List.of(sample));
  }

  private static Results results(Series... series) {
    return new Results(
        Machine.here(),
        Map.of(),
        Map.of(),
        Map.of(),
        List.of(series),
        List.of(),
        List.of(),
        Map.of(),
        List.of());
  }
}
