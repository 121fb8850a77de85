package org.bitquake.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bitquake.submit.Launcher.Result;
import org.junit.jupiter.api.Test;

/** Executors and drivers that vanish cost no row and double none. */
class KillIT {
  @Test
  void afterTwoKillsTheTableIsTheUndisturbedOne() {
    String script = Launcher.repository().resolve("submit/kill-test").toString();

    Result result = Launcher.brief().run(List.of(script, "2"));

    assertThat(result.exit()).as(result.stdout() + result.stderr()).isZero();
    assertThat(result.stdout())
        .containsPattern("undisturbed \\d+ s, [1-9]\\d* rows")
        .contains("kill-test: 2 kills")
        .contains("rows lost 0, doubled 0, wrong 0");
  }

  @Test
  void whatIsNoNumberIsRefused() {
    String script = Launcher.repository().resolve("submit/kill-test").toString();

    Result result = Launcher.ofRepository().run(List.of(script, "many"));

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.stderr())
        .isEqualTo("kill-test: 'many' is not a number of kills: give one from 1 to 99999.\n");
  }
}
