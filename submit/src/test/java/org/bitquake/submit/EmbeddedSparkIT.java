package org.bitquake.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.bitquake.submit.Launcher.Result;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher with the embedded Spark and a small job in the place of bitquake's. */
class EmbeddedSparkIT {
  private static final Path SPARK_HOME = Launcher.repository().resolve("submit/target/spark-home");
  private static final String MAIN = "org/bitquake/jobs/cli/Main";

  @TempDir static Path folder;
  private static Path jar;

  @BeforeAll
  static void packAJob() throws IOException {
    Path source = folder.resolve(MAIN + ".java");
    Files.createDirectories(source.getParent());
    Files.writeString(
        source,
        """
        package org.bitquake.jobs.cli;
        public class Main {
          public static void main(String[] args) throws Exception {
            if (args.length == 0 || args[args.length - 1].equals("--help")) {
              System.out.println("help, started by " + System.getProperty("sun.java.command"));
              return;
            }
            if (args[0].equals("exit")) {
              System.exit(Integer.parseInt(args[1]));
            }
            try (var spark = org.apache.spark.sql.SparkSession.builder().getOrCreate()) {
              System.out.println("sum " + spark.range(1000).selectExpr("sum(id)").first().getLong(0));
              System.out.println("master " + spark.sparkContext().master());
              System.out.println("memory " + Runtime.getRuntime().maxMemory());
              System.out.println("flag " + System.getProperty("job.flag"));
              System.out.println("folder " + System.getProperty("user.dir"));
            }
          }
        }
        """);
    String path;
    try (Stream<Path> jars = Files.list(SPARK_HOME.resolve("jars"))) {
      path = jars.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }
    var said = new ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, said, said, "-proc:none", "-cp", path, source.toString());
    assertThat(status).as(said.toString(StandardCharsets.UTF_8)).isZero();
    jar = folder.resolve("a job.jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry(MAIN + ".class"));
      out.write(Files.readAllBytes(folder.resolve(MAIN + ".class")));
    }
  }

  @Test
  void runsAJobWithTheOptionsGivenToSpark() throws IOException {
    Path here = Files.createDirectory(folder.resolve("work here")).toRealPath();

    Result result =
        launcher()
            .in(here)
            .run(
                "run",
                "--",
                "--master=local[2]",
                "--driver-memory=600m",
                "--driver-java-options=-Djob.flag='a b'");

    assertThat(result.exit()).as(result.stderr()).isZero();
    assertThat(result.stdout())
        .contains("sum 499500", "master local[2]", "flag a b", "folder " + here);
    long memory = Long.parseLong(result.stdout().replaceAll("(?s).*memory (\\d+).*", "$1"));
    assertThat(memory).isBetween(500L << 20, 600L << 20);
    try (Stream<Path> left = Files.list(here)) {
      assertThat(left).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--help", "run --help"})
  void helpComesWithoutStartingSpark(String line) {
    Result result = launcher().run(line.isEmpty() ? new String[0] : line.split(" ", -1));

    assertThat(result.exit()).as(result.stderr()).isZero();
    assertThat(result.stderr()).isEmpty();
    assertThat(result.stdout()).startsWith("help, started by org.bitquake.jobs.cli.Main");
  }

  @Test
  void theJobsExitCodeIsTheLaunchers() {
    assertThat(launcher().run("exit", "3").exit()).isEqualTo(3);
  }

  @Test
  void aMistakeInTheSparkOptionsIsSaidAndFails() {
    Result result = launcher().run("run", "--", "--no-such-option");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.stderr()).contains("--no-such-option");
  }

  @Test
  void holdsOneSparkAndOneScala() throws IOException {
    for (String one :
        List.of("spark-core_", "spark-sql_", "scala-library-", "hadoop-client-api-")) {
      try (Stream<Path> jars = Files.list(SPARK_HOME.resolve("jars"))) {
        assertThat(jars.filter(j -> j.getFileName().toString().startsWith(one)))
            .as("%s*.jar; after a change of version run 'mvn clean' first", one)
            .hasSize(1);
      }
    }
  }

  private static Launcher launcher() {
    return Launcher.ofRepository().set("BITQUAKE_JAR", jar.toString());
  }
}
