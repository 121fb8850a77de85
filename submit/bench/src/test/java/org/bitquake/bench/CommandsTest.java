package org.bitquake.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.bitquake.bench.Commands.Timing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole commands are timed, with a stand-in for the launcher. */
class CommandsTest {
  private static final int ROUNDS = 2;

  @TempDir Path home;

  @BeforeEach
  void needsBash() {
    assumeThat(Path.of("/bin/bash")).as("bash times the commands").exists();
  }

  @Test
  void eachIsRunInEveryRoundAndTimed() throws IOException {
    launcher("echo \"$1\" >>\"$(dirname \"$0\")/calls\"; echo said >&2; sleep 0.05");

    var timings = Commands.run(home, ROUNDS, Optional.empty());

    assertThat(timings).extracting(Timing::command).startsWith("campaign conf/lenet5.yaml");
    for (var timing : timings) {
      assertThat(timing.seconds()).hasSize(ROUNDS).allMatch(s -> s >= 0.05);
      assertThat(timing.cpuSeconds()).hasSize(ROUNDS).allMatch(s -> s >= 0);
    }
    assertThat(Files.readAllLines(home.resolve("submit/calls")))
        .hasSize(ROUNDS * timings.size())
        .startsWith("campaign", "report", "report", "sql", "inspect");
  }

  @Test
  void aCommandThatFailsIsNoMeasurement() throws IOException {
    launcher("exit 3");

    assertThatThrownBy(() -> Commands.run(home, ROUNDS, Optional.empty()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("exit code 3");
  }

  private void launcher(String text) throws IOException {
    Path script = Files.createDirectories(home.resolve("submit")).resolve("bitquake");
    Files.writeString(script, "#!/bin/bash\n" + text + "\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
  }
}
