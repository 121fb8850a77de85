package org.bitquake.jobs.singlefault;

import java.nio.file.Path;
import java.util.Optional;
import org.bitquake.engine.Engines;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.jobs.config.RunOptions;
import org.bitquake.jobs.injection.CampaignOutcome;
import org.bitquake.jobs.injection.EngineSource;

/** Campaigns of single faults in a small world. */
public final class SmallFaults {
  private SmallFaults() {}

  /** Runs one on so many partitions and keeps its page; returns its directory. */
  public static Path run(SmallWorld world, String config, Path output, int partitions) {
    run(world, config, output, partitions, Engines::prepare);
    return output;
  }

  static CampaignOutcome run(
      SmallWorld world, String config, Path output, int partitions, EngineSource engines) {
    var options =
        new RunOptions(
            Optional.of(output.toString()), false, Optional.empty(), Optional.of(partitions), true);
    return SingleFaultRun.run(TestSpark.session(), world.config(config), options, engines);
  }
}
