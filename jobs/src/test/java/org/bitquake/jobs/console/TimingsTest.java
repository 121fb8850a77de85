package org.bitquake.jobs.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimingsTest {
  @Test
  void phasesAreListedAsTheyBeganWithTheirPartsBelow() {
    Timings.begin();
    String found =
        Timings.phase(
            "page",
            () -> Timings.part("accuracy.sql", () -> "found").toUpperCase(java.util.Locale.ROOT));
    Timings.run("figures", () -> {});
    assertThat(found).isEqualTo("FOUND");
    assertThat(printed().lines().map(line -> line.split("  +[0-9–]", -1)[0]))
        .containsSubsequence(List.of("page", "  accuracy.sql", "figures", "all", "processor time"));
  }

  @Test
  void aPhaseThatFailsIsListedAndItsFailurePassedOn() {
    Timings.begin();
    assertThatThrownBy(
            () ->
                Timings.run(
                    "disk",
                    () -> {
                      throw new IOException("full");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("full");
    assertThat(printed()).contains("disk");
  }

  @Test
  void nothingIsKeptUnlessAskedFor() {
    Timings.begin();
    printed();
    Timings.run("unasked", () -> {});
    assertThat(printed()).doesNotContain("unasked");
  }

  private static String printed() {
    var text = new StringWriter();
    Timings.end(new PrintWriter(text, true));
    return text.toString();
  }
}
