package org.bitquake.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.bitquake.submit.Launcher.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job jar holds what it should: everything that Spark does not bring, and nothing else. */
class JobJarIT {
  private static final Path JOBS = Launcher.repository().resolve("jobs");
  private static final Path SPARK_JARS =
      Launcher.repository().resolve("submit/target/spark-home/jars");

  /** Libraries without coordinates in their jar, by a class that shows they are there. */
  private static final Map<String, String> UNNAMED =
      Map.of(
          "net.java.dev.jna:jna", "com/sun/jna/Native.class",
          "net.java.dev.jna:jna-platform", "com/sun/jna/platform/FileUtils.class",
          "info.picocli:picocli", "org/bitquake/shaded/picocli/CommandLine.class");

  /** Needed by DL4J's CollectScoresListener only. */
  private static final List<String> LEFT_OUT = List.of("it.unimi.dsi:fastutil");

  @Test
  void containsExactlyWhatIsCheckedIn() throws IOException {
    var lines = new ArrayList<>(JobJar.libraries());
    lines.addAll(JobJar.packages());
    Path checkedIn = JOBS.resolve("src/shade/contents.txt");
    Path found = Launcher.repository().resolve("submit/target/contents.txt");
    Files.write(found, lines);

    assertThat(lines)
        .as(
            "the job jar's contents changed: check the difference (licence, size, what a cluster"
                + " brings), add to the lists in jobs/pom.xml what is wanted, then"
                + " cp submit/target/contents.txt jobs/src/shade/contents.txt")
        .isEqualTo(Files.readAllLines(checkedIn));
  }

  @Test
  void whatItLacksSparkBringsInTheSameVersion() throws IOException {
    List<String> names = JobJar.names();
    var libraries = JobJar.libraries();
    var missing = new ArrayList<String>();
    for (String artifact : runtimeArtifacts()) {
      String[] parts = artifact.split(":", -1);
      String id = parts[0] + ":" + parts[1];
      String version = parts[parts.length - 2];
      boolean inside =
          libraries.contains(id + ":" + version)
              || (UNNAMED.containsKey(id) && names.contains(UNNAMED.get(id)));
      boolean provided = Files.exists(SPARK_JARS.resolve(parts[1] + "-" + version + ".jar"));
      if (!inside && !provided && !LEFT_OUT.contains(id) && !id.startsWith("org.bitquake:")) {
        missing.add(artifact);
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void carriesTheNativesOfOnePlatform() throws IOException {
    var libraries =
        JobJar.names().stream().filter(n -> n.matches(".+\\.(so|dylib|dll)(\\.\\d+)*")).toList();
    var folders =
        libraries.stream()
            .filter(n -> n.startsWith("org/bytedeco/") || n.startsWith("org/nd4j/"))
            .map(n -> n.replaceAll(".*/((linux|macosx)-(x86_64|arm64))(-[^/]*)?/.*", "$1"))
            .distinct();
    assertThat(folders).hasSize(1);
    assertThat(libraries).anyMatch(n -> n.contains("libnd4jcpu")).doesNotHaveDuplicates();
  }

  @Test
  void namesItsMainClassAndVersionAndIsUnsigned() throws IOException {
    try (var jar = new JarFile(JobJar.FILE.toFile())) {
      var attributes = jar.getManifest().getMainAttributes();
      assertThat(attributes.getValue("Main-Class")).isEqualTo("org.bitquake.jobs.cli.Main");
      assertThat(attributes.getValue("Implementation-Version")).isNotBlank();
    }
    assertThat(JobJar.names())
        .contains("META-INF/LICENSE", "META-INF/NOTICE")
        .noneMatch(n -> n.matches("META-INF/.*\\.(SF|DSA|RSA)"));
  }

  @Test
  void nd4jAndOneDnnStartFromItBesideSpark(@TempDir Path folder) throws IOException {
    Path probe =
        Files.writeString(
            folder.resolve("Probe.java"),
            """
            import org.nd4j.linalg.factory.Nd4j;
            class Probe {
              public static void main(String[] args) {
                System.out.println("product " + Nd4j.ones(2, 3).mmul(Nd4j.ones(3, 2)).getFloat(1, 1));
                var oneDnn = new org.bitquake.engine.onednn.OneDnnProvider();
                System.out.println("oneDNN " + oneDnn.unavailable().orElse("loads"));
              }
            }
            """);
    Path java = Path.of(System.getProperty("java.home"), "bin/java");
    String path = JobJar.FILE + ":" + SPARK_JARS + "/*";

    Result result =
        Launcher.ofRepository().run(List.of(java.toString(), "-cp", path, probe.toString()));

    assertThat(result.stdout())
        .as(result.stderr())
        .contains("product 3.0")
        .containsPattern("oneDNN (loads|has fast integer kernels for x86-64 only)");
  }

  /** {@code group:artifact:type[:classifier]:version:scope} of each jar bitquake runs on. */
  private static List<String> runtimeArtifacts() throws IOException {
    try (Stream<String> lines = Files.lines(JOBS.resolve("target/runtime-artifacts.txt"))) {
      return lines
          .map(String::strip)
          .filter(line -> line.contains(":jar:"))
          .map(line -> line.replaceAll(" --.*", ""))
          .toList();
    }
  }
}
