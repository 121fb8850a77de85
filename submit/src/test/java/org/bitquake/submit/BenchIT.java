package org.bitquake.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.bitquake.submit.Launcher.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bitquake bench} as a user runs it, but for its length. */
class BenchIT {
  private static final Path BENCH = Launcher.repository().resolve("submit/bench/target");

  @TempDir Path folder;

  @Test
  void measuresTheProcessorsLimitInProcessesOfItsOwn() throws IOException {
    Path json = folder.resolve("bench.json");

    Result result = run("bench", "--quick", "--only", "limits", "--json", json.toString());

    assertThat(result.exit()).as(result.stderr()).isZero();
    assertThat(result.stdout()).contains("int16", "int32", "GMAC/s");
    var limit = Pattern.compile("int16 +(\\d+\\.?\\d*)").matcher(result.stdout());
    assertThat(limit.find()).as(result.stdout()).isTrue();
    double compiled = 2; // GMAC/s; interpreted, the Vector API reaches less than 1
    assertThat(Double.parseDouble(limit.group(1))).isGreaterThan(compiled);
    assertThat(Files.readString(json)).contains("\"int16\" : [", "\"java\" : ");
  }

  @Test
  void wrongInputIsOneLineBeforeAnythingIsMeasured() {
    Result result = run("bench", "--json", folder.resolve("none/x.json").toString());

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.stderr())
        .contains("bitquake: --json ", "none/x.json: not a file in an existing directory")
        .doesNotContain("bench: ");
  }

  @Test
  void jmhStaysOutOfTheJobJar() throws IOException {
    assertThat(JobJar.names()).noneMatch(name -> name.contains("jmh"));
    assertThat(BENCH.resolve("lib")).isDirectoryContaining("glob:**jmh-core-*.jar");
    try (var jar = new JarFile(BENCH.resolve("bench.jar").toFile())) {
      assertThat(jar.stream()).noneMatch(e -> e.getName().startsWith("org/openjdk/"));
    }
  }

  private Result run(String... arguments) {
    return Launcher.ofRepository().in(folder).run(arguments);
  }
}
