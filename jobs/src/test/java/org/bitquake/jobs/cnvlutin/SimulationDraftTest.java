package org.bitquake.jobs.cnvlutin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.cnvlutin.Accelerator;
import org.bitquake.jobs.config.CnvlutinConfig;
import org.bitquake.jobs.config.ConfigKind;
import org.bitquake.jobs.config.InputOptions;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.draft.Draft;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file that {@code bitquake init cnvlutin} writes. */
class SimulationDraftTest {
  @Test
  void loadsAsItIs(@TempDir Path folder) throws Exception {
    var hadoop = new Configuration();
    var networks = List.of("../conf/networks/lenet5-standard.qnn.npz");
    String text =
        Draft.text(ConfigKind.CNVLUTIN, networks, Optional.empty(), Optional.empty(), hadoop);
    Path file = Files.writeString(folder.resolve("cnvlutin.yaml"), text);
    var document = Yaml.load(file.toString(), hadoop, CnvlutinConfig.class);
    var simulation = SimulationLoader.load(document, InputOptions.NONE, hadoop);
    assertThat(simulation.accelerator()).isEqualTo(Accelerator.ISCA_2016);
    assertThat(simulation.images()).isEqualTo(10_000);
  }
}
