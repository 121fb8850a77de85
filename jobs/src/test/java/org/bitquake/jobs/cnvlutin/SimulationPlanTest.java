package org.bitquake.jobs.cnvlutin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.jobs.config.CnvlutinConfig;
import org.bitquake.jobs.config.InputOptions;
import org.bitquake.jobs.config.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a simulation is cut into units. */
class SimulationPlanTest {
  @Test
  void unitsCoverEveryImageOfEveryConditionOnce(@TempDir Path folder) {
    var random = new Random(1);
    var whole = SimulationPlan.of(load(SmallWorld.create(folder), CnvlutinRunTest.CONFIG));
    for (int i = 0; i < 20; i++) {
      int images = 1 + random.nextInt(40);
      var plan =
          new SimulationPlan(
              1,
              whole.names(),
              whole.layers(),
              whole.bits(),
              whole.accelerator(),
              false,
              whole.models(),
              whole.rates(),
              1 + random.nextInt(3),
              whole.encoding(),
              whole.shape(),
              images,
              1 + random.nextInt(15));
      List<String> seen = new ArrayList<>();
      for (long u = 0; u < plan.units(); u++) {
        var unit = plan.unit(u);
        for (int image = unit.first(); image < unit.first() + unit.count(); image++) {
          seen.add(unit.network() + " " + unit.faults() + " " + image);
        }
      }
      assertThat(seen).doesNotHaveDuplicates().hasSize(2 * plan.conditions() * images);
    }
  }

  /** A simulation, checked but not run. */
  static Simulation load(SmallWorld world, String config) {
    var document = Yaml.load(world.config(config), new Configuration(), CnvlutinConfig.class);
    return SimulationLoader.load(document, InputOptions.NONE, new Configuration());
  }
}
