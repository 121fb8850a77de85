package org.bitquake.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bitquake.submit.Launcher.Result;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The repository's shell scripts pass shellcheck. */
class ShellIT {
  private static final List<String> SCRIPTS =
      List.of(
          "submit/bitquake",
          "submit/kill-test",
          "submit/src/main/spark-home/bin/spark-class",
          "submit/src/main/spark-home/bin/spark-submit",
          ".ci/run");

  @Test
  void shellcheckHasNothingToSay() {
    Assumptions.assumeTrue(hasShellcheck(), "shellcheck is not installed");
    var command = new ArrayList<>(List.of("shellcheck"));
    command.addAll(SCRIPTS);

    Result result = Launcher.ofRepository().in(Launcher.repository()).run(command);

    assertThat(result.stdout()).isEmpty();
    assertThat(result.exit()).isZero();
  }

  private static boolean hasShellcheck() {
    try {
      return new ProcessBuilder("shellcheck", "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
