package org.bitquake.jobs.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final long MILLI = 1_000_000;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final AtomicLong now = new AtomicLong();

  private Progress progress(long total, boolean terminal) {
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    return new Progress("trials", total, new Progress.Screen(out, terminal, now::get));
  }

  private String written() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aLogGetsALineAtEachTenthOfTheWay() {
    try (var progress = progress(1000, false)) {
      for (int done = 1; done <= 1000; done++) {
        now.addAndGet(20 * MILLI); // a tenth every two seconds
        progress.update(done);
      }
      progress.note("11.5 CPU-s");
    }
    var lines = written().lines().toList();
    assertThat(lines).hasSize(11);
    assertThat(lines.get(4)).isEqualTo("trials:  50 %  500/1,000  50.0/s  0:10 elapsed, 0:10 left");
    assertThat(lines.get(10)).isEqualTo("trials: 1,000 in 0:20 (50.0/s), 11.5 CPU-s");
  }

  @Test
  void aLogHearsFromASlowStepEveryTenSeconds() {
    try (var progress = progress(1_000_000, false)) {
      for (int second = 1; second <= 60; second++) {
        now.addAndGet(1000 * MILLI);
        progress.update(second);
      }
    }
    assertThat(written().lines()).hasSize(7);
    assertThat(written()).contains("60 of 1,000,000 in 1:00");
  }

  @Test
  void aLogIsNotFloodedByAFastStep() {
    try (var progress = progress(100, false)) {
      for (int done = 1; done <= 100; done++) {
        now.addAndGet(MILLI);
        progress.update(done);
      }
    }
    assertThat(written().lines()).hasSize(1);
  }

  @Test
  void aTerminalIsRedrawnAtMostTenTimesASecond() {
    var progress = progress(10_000, true);
    for (int done = 1; done <= 10_000; done++) {
      now.addAndGet(MILLI / 5);
      progress.update(done);
    }
    // Two seconds: the first drawing, then at most 20.
    assertThat(written().chars().filter(c -> c == '\r').count()).isBetween(15L, 21L);
    assertThat(written()).doesNotContain("\n").contains("[############------------]");
    progress.close();
    assertThat(written()).endsWith("\n").contains("trials: 10,000 in 0:02 (5,000/s)");
  }

  @Test
  void whatIsSlowIsCountedByTheMinute() {
    try (var progress = progress(4, false)) {
      now.addAndGet(40_000 * MILLI);
      progress.update(2);
      now.addAndGet(40_000 * MILLI);
      progress.update(4);
    }
    assertThat(written().lines().toList())
        .containsExactly(
            "trials:  50 %  2/4  3.0/min  0:40 elapsed, 0:40 left",
            "trials: 100 %  4/4  3.0/min  1:20 elapsed, 0:00 left", "trials: 4 in 1:20 (3.0/min)");
  }

  @Test
  void aShorterLineHidesTheLongerOneBelow() {
    var progress = progress(10, true);
    progress.close();
    int last = written().lastIndexOf('\r');
    String bar = written().substring(1, last);
    String summary = written().substring(last + 1).replace("\n", "");
    assertThat(summary.stripTrailing().length()).isLessThan(bar.length());
    assertThat(summary.length()).isEqualTo(bar.length());
  }

  @Test
  void survivesMoreThanItWasTold() {
    try (var progress = progress(10, false)) {
      now.addAndGet(2000 * MILLI);
      progress.update(20);
      progress.update(5);
    }
    assertThat(written()).contains("100 %  20/10").contains("0:00 left");
  }

  @Test
  void nothingToDoIsDone() {
    progress(0, true).close();
    assertThat(written()).contains("100 %");
  }

  @Test
  void longWaitsAreInHours() {
    assertThat(Progress.clock(3599.4)).isEqualTo("59:59");
    assertThat(Progress.clock(7322)).isEqualTo("2:02:02");
  }

  @Test
  void refusesANegativeTotal() {
    assertThatThrownBy(() -> progress(-1, false)).isInstanceOf(IllegalArgumentException.class);
  }
}
