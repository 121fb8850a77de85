package org.bitquake.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressPrinterTest {
  private final StringWriter text = new StringWriter();
  private long now;

  private ProgressPrinter printer(boolean terminal) {
    return new ProgressPrinter(new PrintWriter(text), terminal, () -> now);
  }

  private static Progress.Step step(long done) {
    return new Progress.Step("x.gz", done, 100_000_000, 2e6);
  }

  @Test
  void saysBytesShareRateAndTimeLeft() {
    assertThat(ProgressPrinter.line(step(46_000_000)))
        .isEqualTo("x.gz  46.0 of 100.0 MB  46 %  2.0 MB/s  27 s left");
    assertThat(ProgressPrinter.line(step(100_000_000)))
        .isEqualTo("x.gz  100.0 of 100.0 MB  100 %  2.0 MB/s");
    assertThat(ProgressPrinter.line(new Progress.Step("x.gz", 0, 10_000_000, 0)))
        .isEqualTo("x.gz  0.0 of 10.0 MB  0 %");
  }

  /** 100 s at 1 % a second: 10 s and 10 % are the same; the first and the last line besides. */
  @Test
  void elsewhereThanOnATerminalItPrintsFewLines() {
    var printer = printer(false);
    for (int second = 0; second <= 100; second++) {
      now = second * 1_000_000_000L;
      printer.on(step(second * 1_000_000L));
    }
    assertThat(text.toString().lines()).hasSize(10).allMatch(l -> l.startsWith("x.gz  "));
  }

  @Test
  void aShortDownloadIsOneLine() {
    var printer = printer(false);
    for (int percent = 0; percent <= 100; percent++) {
      printer.on(step(percent * 1_000_000L));
    }
    assertThat(text.toString().lines()).hasSize(1);
  }

  @Test
  void onATerminalOneLineIsWrittenOverAndEndedOnce() {
    var printer = printer(true);
    for (int percent = 0; percent <= 100; percent++) {
      now += 100_000_000L;
      printer.on(step(percent * 1_000_000L));
    }
    String printed = text.toString();
    assertThat(printed.split("\r", -1)).hasSize(1 + 50);
    assertThat(printed.lines().filter(l -> !l.isEmpty()).count()).isEqualTo(50);
    assertThat(printed).endsWith(System.lineSeparator());
  }
}
