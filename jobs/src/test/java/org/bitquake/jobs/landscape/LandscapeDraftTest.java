package org.bitquake.jobs.landscape;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.jobs.config.ConfigKind;
import org.bitquake.jobs.config.InputOptions;
import org.bitquake.jobs.config.LandscapeConfig;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.draft.Draft;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file that {@code bitquake init landscape} writes. */
class LandscapeDraftTest {
  @Test
  void loadsAsItIs(@TempDir Path folder) throws Exception {
    var hadoop = new Configuration();
    var networks = List.of("../conf/networks/lenet5-standard.qnn.npz");
    String text =
        Draft.text(ConfigKind.LANDSCAPE, networks, Optional.empty(), Optional.empty(), hadoop);
    Path file = Files.writeString(folder.resolve("landscape.yaml"), text);
    var document = Yaml.load(file.toString(), hadoop, LandscapeConfig.class);
    var landscape = Landscape.load(document, InputOptions.NONE, hadoop);
    assertThat(landscape.images().size()).isEqualTo(1000);
    assertThat(landscape.identity().hash()).isNotBlank();
  }
}
