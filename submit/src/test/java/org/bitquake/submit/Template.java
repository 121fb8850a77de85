package org.bitquake.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.internal.config.ConfigEntry;

/** A file of Spark properties in the repository, and what is asked of each. */
public final class Template {
  private static final Path CONF = Launcher.repository().resolve("conf/spark-defaults.conf");

  /** Spark registers a setting when the class with it is initialised. */
  private static final List<String> CORE =
      List.of(
          "org.apache.spark.internal.config.package$",
          "org.apache.spark.internal.config.Deploy$",
          "org.apache.spark.internal.config.History$",
          "org.apache.spark.internal.config.Network$",
          "org.apache.spark.internal.config.UI$",
          "org.apache.spark.sql.internal.SQLConf$");

  /** Prefixes of settings with names of the user's, and the one that only the launcher knows. */
  private static final List<String> OPEN =
      List.of("spark.hadoop.", "spark.executorEnv.", "spark.master");

  private static final String SECRET = "(?i).*(secret|password|token|secret[.]key|access[.]key)";

  private final Path file;

  /** The file at a path in the repository. */
  public Template(String path) {
    this.file = Launcher.repository().resolve(path);
  }

  /** Every key, those in comments as well, must be one that Spark or {@code more} of it knows. */
  public void requireKnownKeys(List<String> more, List<String> prefixes) throws Exception {
    for (String name : CORE) {
      Class.forName(name);
    }
    for (String name : more) {
      Class.forName(name);
    }
    for (String key : pairs(file, true).keySet()) {
      boolean open = OPEN.stream().anyMatch(key::startsWith);
      boolean named = prefixes.stream().anyMatch(key::startsWith);
      assertThat(open || named || ConfigEntry.findEntry(key) != null)
          .as("%s: Spark knows no %s", file, key)
          .isTrue();
    }
  }

  /** It must hold no secret, ask for protection, and set all that is set on one machine. */
  public void requireSoundness() throws IOException {
    Map<String, String> pairs = pairs(file, false);
    assertThat(pairs.keySet()).noneMatch(key -> key.matches(SECRET));
    assertThat(pairs)
        .containsEntry("spark.authenticate", "true")
        .containsEntry("spark.network.crypto.enabled", "true")
        .containsEntry("spark.io.encryption.enabled", "true")
        .containsEntry("spark.acls.enable", "true")
        .containsEntry("spark.eventLog.enabled", "true")
        .containsKey("spark.executor.memoryOverhead");
    for (var common : pairs(CONF, false).entrySet()) {
      if (!common.getKey().equals("spark.master")) {
        assertThat(pairs.get(common.getKey())).as(common.getKey()).contains(common.getValue());
      }
    }
  }

  private static Map<String, String> pairs(Path file, boolean comments) throws IOException {
    var pairs = new TreeMap<String, String>();
    for (String line : Files.readAllLines(file)) {
      String said = comments ? line.replaceFirst("^#(?=spark\\.)", "") : line;
      if (!said.isBlank() && !said.startsWith("#")) {
        String[] words = said.split("\\s+", 2);
        assertThat(words).as("%s: %s", file, line).hasSize(2);
        assertThat(pairs.put(words[0], words[1])).as("%s: %s twice", file, words[0]).isNull();
      }
    }
    assertThat(pairs).as(file.toString()).isNotEmpty();
    return pairs;
  }
}
