package org.bitquake.submit;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of Spark properties say what Spark understands, and protect. */
class TemplatesIT {
  @ParameterizedTest
  @ValueSource(strings = {"conf/spark-defaults.conf", "submit/cluster/standalone/spark.conf"})
  void sparkKnowsEveryKey(String file) throws Exception {
    new Template(file).requireKnownKeys(List.of(), List.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"standalone", "yarn", "kubernetes"})
  void templatesProtectAndHoldNoSecret(String cluster) throws Exception {
    new Template("submit/cluster/" + cluster + "/spark.conf").requireSoundness();
  }

  @Test
  void managersKeysAreLeftToTheirOwnTests() throws Exception {
    for (String cluster : List.of("yarn", "kubernetes")) {
      new Template("submit/cluster/" + cluster + "/spark.conf")
          .requireKnownKeys(List.of(), List.of("spark.yarn.", "spark.kubernetes."));
    }
  }
}
