package org.bitquake.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrawnFiguresTest {
  @Test
  void figuresAreDrawnOncePerPage(@TempDir Path results) throws IOException {
    var hadoop = new Configuration();
    String directory = results.toString();
    var svg = new org.apache.hadoop.fs.Path(directory, "figures/accuracy.svg");
    assertThat(DrawnFigures.of(hadoop, directory, "abc")).isEmpty();
    Files.createDirectories(results.resolve("figures"));
    Files.writeString(results.resolve("figures/accuracy.svg"), "<svg/>");

    DrawnFigures.remember(hadoop, directory, "abc", List.of(svg));
    assertThat(DrawnFigures.of(hadoop, directory, "abc").orElseThrow()).containsExactly(svg);
    assertThat(DrawnFigures.of(hadoop, directory, "def")).as("another page").isEmpty();

    Files.delete(results.resolve("figures/accuracy.svg"));
    assertThat(DrawnFigures.of(hadoop, directory, "abc")).as("a file went").isEmpty();
  }
}
