package org.bitquake.jobs.singlefault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.jobs.config.InputOptions;
import org.bitquake.jobs.config.SingleFaultConfig;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.console.FakeScreen;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultPilotTest {
  private static final long SECOND = 1000;

  private final FakeScreen screen = new FakeScreen(false);

  /**
   * A batch of 1,000 faults on 10 images of each of two networks, fault by fault in two minutes.
   */
  @Test
  void slowNetworksAreHeardOfWithinTheirOnlyBatch() {
    try (var pace = new PilotPace(List.of(1000, 1000), n -> screen.progress("pilot faults", n))) {
      for (int network = 0; network < 2; network++) {
        for (int fault = 1; fault <= 1000; fault++) {
          screen.pass(120);
          pace.advance(10, 10, fault * 0.12 / 5);
        }
        pace.nextNetwork();
      }
    }
    assertThat(screen.seen())
        .hasSize(31)
        .contains("pilot faults:  10 %  200/2,000  8.3/s  0:24 elapsed, 3:36 left")
        .contains("pilot faults:  70 %  1,400/2,000  8.3/s  2:48 elapsed, 1:12 left")
        .endsWith("pilot faults: 2,000 in 4:00 (8.3/s)");
  }

  /** A second for a batch and five for each network: five batches, and the sixth begins. */
  @Test
  void fastNetworksAreAsFarAsTheirTimeIs() {
    try (var pace = new PilotPace(List.of(100, 100), n -> screen.progress("pilot faults", n))) {
      for (int network = 0; network < 2; network++) {
        for (int second = 1; second <= 5; second++) {
          screen.pass(SECOND);
          pace.advance(100, 1, second / 5.0);
        }
        pace.nextNetwork();
      }
    }
    assertThat(screen.seen())
        .startsWith("pilot faults:  10 %  100/1,000  100/s  0:01 elapsed, 0:09 left")
        .contains("pilot faults:  90 %  900/1,000  100/s  0:09 elapsed, 0:01 left")
        .endsWith("pilot faults: 1,000 in 0:10 (100/s)");
  }

  @Test
  void aPilotCountsEveryFaultThatItRuns(@TempDir Path folder) {
    String file =
        SmallWorld.create(folder)
            .config(
                SmallWorld.CONFIG
                    .replaceAll("(?m)^  kinds.*\n", "  kind: single-stuck-at-1\n")
                    .replaceAll("(?m)^  rates.*\n", "  population: exhaustive\n")
                    .replaceAll("(?m)^trials.*\n", ""));
    var hadoop = new Configuration();
    var config = Yaml.load(file, hadoop, SingleFaultConfig.class);
    var campaign = SingleFaultLoader.load(config, InputOptions.NONE, hadoop);
    var costs = FaultPilot.secondsPerFault(campaign, 1e-9, n -> screen.progress("pilot faults", n));
    assertThat(costs).hasSize(3).allMatch(seconds -> seconds > 0);
    // no time is left for more than one batch each, of 1,024 at most
    assertThat(screen.seen()).containsExactly("pilot faults: 3,072 in 0:00 (0.0/s)");
  }
}
