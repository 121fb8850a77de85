package org.bitquake.jobs.singlefault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bitquake.data.Dataset;
import org.bitquake.data.Shape;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultEvent;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.Stratification;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.store.WavePlan;
import org.bitquake.memory.Storage;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.ResNet18;
import org.bitquake.stats.SampleSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs of a network cost so much more than traces that a task must have enough faults. */
class SingleFaultWavesTest {
  private static final int ENOUGH = 128; // from which a task traces the golden run
  private static final int CORES = 64;

  private static SingleFaultCampaign campaign(int width, double margin, FaultEvent event) {
    QuantizedNetwork network = ResNet18.random(width, 1);
    var images = new byte[10 * 3 * 32 * 32];
    var dataset = new Dataset("drawn", new Shape(3, 32, 32), 10, images, new byte[10]);
    return new SingleFaultCampaign(
        "waves",
        1,
        List.of(new CampaignNetwork("n", "n", new byte[0], network, FaultScope.ALL)),
        dataset,
        10,
        FaultKind.BIT_FLIP,
        event,
        Storage.DEFAULT,
        List.of(),
        Encoding.TWOS_COMPLEMENT,
        Stratification.NETWORK,
        Optional.of(new SampleSize(margin, 0.95)),
        0.95);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.03, 0.02, 0.01, 0.005})
  void everyTaskOfAWideNetworkHasEnoughFaultsForTraces(double margin) {
    var campaign = campaign(48, margin, FaultEvent.CELL);
    WavePlan waves = campaign.waves();
    for (int wave = 0; wave < waves.waves(); wave++) {
      long faults = waves.end(wave) - waves.first(wave);
      int tasks = campaign.tasks(CORES, faults);
      assertThat(tasks).isBetween(WavePlan.FEW_TASKS, CORES);
      assertThat(faults / tasks).as("faults of a task").isGreaterThanOrEqualTo(ENOUGH);
    }
  }

  @Test
  void aLargeSampleIsStillCutForManyCores() {
    var campaign = campaign(16, 0.002, FaultEvent.CELL);
    WavePlan waves = campaign.waves();
    long tasks = 0;
    for (int wave = 0; wave < waves.waves(); wave++) {
      tasks += campaign.tasks(CORES, waves.end(wave) - waves.first(wave));
    }
    assertThat(tasks).isGreaterThan(2 * CORES);
  }

  @Test
  void eventsOfManyCellsAreNotTracedAndCutByTheirWork() {
    var campaign = campaign(8, 0.05, FaultEvent.ROW);
    long[] faults = new long[campaign.waves().waves()];
    Arrays.setAll(faults, w -> campaign.waves().end(w) - campaign.waves().first(w));
    assertThat(Arrays.stream(faults).sum()).isEqualTo(campaign.faults());
    assertThat(campaign.tasks(CORES, faults[0])).isEqualTo(CORES);
  }
}
