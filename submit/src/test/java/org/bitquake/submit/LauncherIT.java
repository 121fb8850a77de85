package org.bitquake.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.bitquake.submit.Launcher.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher's own decisions, with stand-ins for Java, Maven and Spark. */
class LauncherIT {
  /** Runs a command on a terminal. */
  private static final Path SCRIPT = Path.of("/usr/bin/script");

  @TempDir Path folder;
  private SourceTree tree;

  @BeforeEach
  void layOut() throws IOException {
    tree = new SourceTree(Files.createDirectory(folder.resolve("a tree")).toRealPath());
  }

  @Test
  void dryRunPrintsTheCommandAndNeedsNeitherJavaNorABuild() throws IOException {
    Files.delete(tree.tools.resolve("java"));

    Result result = tree.launcher().run("campaign", "--dry-run", "x.yaml");

    assertThat(result.exit()).isZero();
    assertThat(result.stderr()).isEmpty();
    assertThat(result.stdout().lines())
        .singleElement()
        .asString()
        .contains("OMP_NUM_THREADS=1", "MALLOC_ARENA_MAX=1", "SPARK_LOCAL_IP=127.0.0.1")
        .contains("--class org.bitquake.jobs.cli.Main")
        .endsWith("jobs/target/bitquake.jar campaign x.yaml");
    assertThat(tree.builds()).isZero();
  }

  @Test
  void theDryRunLineDoesInAShellWhatTheLauncherDoes() throws IOException {
    Launcher launcher = tree.launcher().set("SPARK_HOME", tree.sparkHome().toString());
    String[] words = {"sql", "select 'a b' \"$HOME\" *", "--", "--conf", "spark.x=1 2"};

    assertThat(launcher.run(words).exit()).isZero();
    List<String> direct = tree.call();
    Result dryRun = launcher.run("--dry-run", words[0], words[1], words[2], words[3], words[4]);
    Files.delete(tree.root.resolve("call"));

    assertThat(launcher.run(List.of("bash", "-c", dryRun.stdout())).exit()).isZero();
    assertThat(tree.call()).isEqualTo(direct).contains("select 'a b' \"$HOME\" *", "spark.x=1 2");
  }

  @Test
  void whatFollowsTheDashesGoesToSparkBeforeTheJarAndTheRestBehindIt() throws IOException {
    tree.launcher().run("train", "--seed", "7", "--", "--master", "local[2]", "--dry-run");

    String jar = tree.root.resolve("jobs/target/bitquake.jar").toString();
    assertThat(tree.call())
        .containsSubsequence("--master", "local[2]", "--dry-run", jar, "train", "--seed", "7")
        .endsWith(jar, "train", "--seed", "7");
  }

  @Test
  void onlyTheFirstDashesAreTheLaunchers() throws IOException {
    tree.launcher().run("train", "--", "--name", "--");

    assertThat(tree.call()).containsSubsequence("--name", "--").endsWith("train");
  }

  @Test
  void worksThroughSymlinksAndKeepsTheUsersDirectory() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("else where")).toRealPath();
    Path absolute = Files.createSymbolicLink(elsewhere.resolve("abs"), tree.script);
    Path relative = Files.createSymbolicLink(elsewhere.resolve("rel"), Path.of("abs"));

    assertThat(tree.launcher(relative).in(elsewhere).run("sql").exit()).isZero();

    assertThat(tree.call().get(0)).isEqualTo(elsewhere.toString());
    assertThat(tree.call()).contains(tree.root.resolve("jobs/target/bitquake.jar").toString());
    assertThat(absolute).isSymbolicLink();
  }

  @Test
  void theUsersSparkIsUsedAndItsAddressLeftAlone() throws IOException {
    Launcher launcher = tree.launcher().set("SPARK_HOME", tree.sparkHome().toString());

    assertThat(launcher.run("sql").exit()).isZero();
    assertThat(tree.call().get(1)).isEmpty();
  }

  @Test
  void aWrongSparkHomeIsNamed() {
    Result result = tree.launcher().set("SPARK_HOME", "/no/spark").run("sql");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.stderr())
        .isEqualTo(
            "bitquake: SPARK_HOME is /no/spark, which has no bin/spark-submit: correct it, or unset"
                + " it to use the embedded Spark.\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark://host:7077", "k8s://https://host"})
  void theLoopbackAddressIsNotForcedOnAClusterRun(String master) throws IOException {
    tree.launcher().run("sql", "--", "--master", master);

    assertThat(tree.call().get(1)).isEmpty();
  }

  @Test
  void theUsersEnvironmentWins() throws IOException {
    tree.launcher().set("OMP_NUM_THREADS", "4").set("SPARK_LOCAL_IP", "10.0.0.1").run("sql");

    assertThat(tree.call()).startsWith(tree.root.toString(), "10.0.0.1", "4");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 143})
  void theCommandsExitCodeIsTheLaunchers(int exit) {
    assertThat(tree.launcher().set("EXIT", Integer.toString(exit)).run("sql").exit())
        .isEqualTo(exit);
  }

  @Test
  void aMissingJavaIsNamed() throws IOException {
    Files.delete(tree.tools.resolve("java"));
    refuses("bitquake: no Java at 'java': install a JDK 17");
  }

  @Test
  void aWrongJavaHomeIsNamed() {
    Result result = tree.launcher().set("JAVA_HOME", "/no/java").run("sql");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.stderr()).startsWith("bitquake: no Java at '/no/java/bin/java'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.8.0_392", "11.0.21", "21.0.1", "170", "25-ea"})
  void anyOtherJavaThan17IsRefused(String version) throws IOException {
    tree.java("openjdk version \"" + version + "\"");
    refuses("bitquake: Java " + version + " (");
  }

  @Test
  void aMissingMavenIsNamed() throws IOException {
    Files.delete(tree.tools.resolve("mvn"));
    refuses("bitquake: bitquake must be built first, and there is no Maven");
  }

  @ParameterizedTest
  @CsvSource({"3.6.2,false", "3.6.3,true", "3.10.0,true", "4.0.0-rc-4,true", "2.2.1,false"})
  void anOldMavenIsRefused(String version, boolean fits) throws IOException {
    tree.maven(version, 0);
    if (fits) {
      assertThat(tree.launcher().run("sql").exit()).isZero();
    } else {
      refuses("bitquake: Maven " + version + " is too old");
    }
  }

  @Test
  void buildsOnceAndAgainOnlyWhenASourceIsNewer() throws IOException {
    assertThat(tree.launcher().run("sql").stderr()).contains("bitquake: building");
    assertThat(tree.launcher().run("sql").stderr()).isEmpty();
    assertThat(tree.builds()).isEqualTo(1);

    FileTime later = FileTime.fromMillis(System.currentTimeMillis() + 60_000);
    Files.setLastModifiedTime(tree.root.resolve("jobs/src/main/java/Main.java"), later);
    assertThat(tree.launcher().run("sql").exit()).isZero();
    assertThat(tree.builds()).isEqualTo(2);
  }

  @Test
  void aBuildSaysHowFarItIsAndLogsEverything() throws IOException {
    Result result = tree.launcher().run("sql");

    assertThat(result.stderr().lines().skip(1))
        .containsExactly(
            "bitquake: building",
            "bitquake: building module 1 of 5 (bitquake)",
            "bitquake: building module 3 of 5 (jobs), 2 files (90 MB) downloaded");
    assertThat(tree.root.resolve("submit/target/build.log"))
        .content()
        .isEqualTo(SourceTree.MAVEN_LOG + "\n");
  }

  @Test
  void onATerminalABuildIsOneLineThatChanges() {
    assumeTrue(Files.isExecutable(SCRIPT), "there is no " + SCRIPT);
    String line = tree.script.toString().replace(" ", "\\ ") + " sql";

    Result result = tree.launcher().run(List.of(SCRIPT.toString(), "-qec", line, "/dev/null"));

    String[] states = result.stdout().split("\n", -1)[1].split("\r");
    assertThat(states).allMatch(state -> state.isEmpty() || state.length() == 79);
    assertThat(states)
        .extracting(String::strip)
        .contains("bitquake: building, a-1.pom")
        .contains("bitquake: building module 1 of 5 (bitquake), spark-3.jar")
        .endsWith("bitquake: building module 3 of 5 (jobs), 2 files (90 MB) downloaded");
  }

  @Test
  void launchesAtTheSameTimeShareOneBuild() throws IOException {
    var first = CompletableFuture.supplyAsync(() -> tree.launcher().run("sql"));
    var second = CompletableFuture.supplyAsync(() -> tree.launcher().run("sql"));

    assertThat(first.join().exit()).isZero();
    assertThat(second.join().exit()).isZero();
    assertThat(tree.builds()).isEqualTo(1);
  }

  @Test
  void aFailedBuildShowsItsLogAndRunsNothing() throws IOException {
    tree.maven("3.8.7", 1);

    Result result = tree.launcher().run("sql");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.stderr()).contains("not a statement", "submit/target/build.log");
    assertThat(tree.root.resolve("call")).doesNotExist();
  }

  @Test
  void noBuildMeansNoBuild() throws IOException {
    Result result = tree.launcher().set("BITQUAKE_NO_BUILD", "1").run("sql");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.stderr()).contains("jobs/target/bitquake.jar is missing");
    assertThat(tree.builds()).isZero();
  }

  @Test
  void anInstalledJarBesideTheScriptNeedsNoMaven() throws IOException {
    Path home = Files.createDirectories(folder.resolve("opt/bit quake")).toRealPath();
    Path script = Files.copy(tree.script, home.resolve("bitquake"));
    assertThat(script.toFile().setExecutable(true)).isTrue();
    Path jar = Files.writeString(home.resolve("bitquake.jar"), "jar");
    Files.delete(tree.tools.resolve("mvn"));

    var launcher = tree.launcher(script).set("SPARK_HOME", tree.sparkHome().toString());

    assertThat(launcher.run("sql").exit()).isZero();
    assertThat(tree.call()).endsWith(jar.toString(), "sql");
  }

  @Test
  void theBenchmarksRunOnTheLastProcessorWithTheirOwnJars() throws IOException {
    SourceTree.executable(tree.tools.resolve("taskset"), "echo \"pid $2's affinity: 0,2-5\"");

    Result result = tree.launcher().run("bench", "--quick", "--dry-run");

    String target = tree.root.resolve("submit/bench/target").toString().replace(" ", "\\ ");
    assertThat(result.exit()).as(result.stderr()).isZero();
    assertThat(result.stdout())
        .contains("taskset -c 5 java --add-modules=jdk.incubator.vector")
        .contains("-Dbitquake.bench.processors=0\\,2-5", "-Dbitquake.home=")
        .contains("-cp " + target + "/bench.jar:", target + "/lib/\\*")
        .endsWith("org.bitquake.jobs.cli.Main bench --quick\n");
  }

  @Test
  void theDoctorHasVectorsAndKnowsWhereTheNetworksAre() throws IOException {
    Result result = tree.launcher().run("doctor", "--dry-run");

    assertThat(result.stdout())
        .contains("--add-modules=jdk.incubator.vector")
        .contains("-Dbitquake.home=" + tree.root.toString().replace(" ", "\\ "))
        .endsWith("jobs/target/bitquake.jar doctor\n");
  }

  @Test
  void completionDoesNotWaitForSpark() {
    Result result = tree.launcher().run("completion", "bash", "--dry-run");

    assertThat(result.stdout())
        .contains(" java -cp ")
        .doesNotContain("spark-submit")
        .endsWith("org.bitquake.jobs.cli.Main completion bash\n");
  }

  @Test
  void theBenchmarksDoWithoutTaskset() {
    Result result = tree.launcher().run("bench", "--dry-run");

    assertThat(result.stdout()).contains(" java --add-modules").doesNotContain("taskset");
  }

  @Test
  void theBenchmarksNeedASourceTree() throws IOException {
    Path jar = Files.writeString(tree.root.resolve("bitquake.jar"), "jar");

    Result result = tree.launcher().set("BITQUAKE_JAR", jar.toString()).run("bench");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.stderr()).startsWith("bitquake: the benchmarks run in a source tree");
  }

  @Test
  void aNewerBenchmarkIsBuiltToo() throws IOException {
    assertThat(tree.launcher().run("sql").exit()).isZero();
    Path source = tree.root.resolve("submit/bench/src/main/java/Bench.java");
    Files.createDirectories(source.getParent());
    SourceTree.write(source, "class Bench {}");
    Files.setLastModifiedTime(source, FileTime.fromMillis(System.currentTimeMillis() + 60_000));

    assertThat(tree.launcher().run("sql").exit()).isZero();
    assertThat(tree.builds()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--master yarn | --master yarn needs HADOOP_CONF_DIR or YARN_CONF_DIR",
        "--conf spark.master=yarn | --master yarn needs HADOOP_CONF_DIR or YARN_CONF_DIR",
        "--master=sparc://host:7077 | --master sparc://host:7077 is no master that Spark knows",
        "--driver-memory nonsense | a driver memory of 'nonsense' is no size",
        "--driver-memory=12 | a driver memory of '12' is no size",
        "--conf spark.driver.memory=4gb | a driver memory of '4gb' is no size",
        "--executor-memory nonsense | an executor memory of 'nonsense' is no size",
        "--properties-file /no/file | the file of --properties-file, /no/file, is not there",
        "--properties-file /tmp | the file of --properties-file, /tmp, is not there"
      })
  void whatSparkCannotStartWithIsOneLine(String options, String message) {
    refuses("bitquake: " + message, options.split(" "));
  }

  @Test
  void theMasterOfThePropertiesFileIsLookedAtToo() throws IOException {
    Path properties = Files.writeString(tree.root.resolve("my.conf"), "spark.master\tyarn\n");

    refuses("bitquake: --master yarn needs", "--properties-file", properties.toString());
    assertThat(
            tree.launcher()
                .run("sql", "--", "--properties-file", "my.conf", "--master", "local")
                .exit())
        .isZero();
  }

  @Test
  void javasTemporaryFilesNeedAPlace() {
    String options = "-Dx=y -Djava.io.tmpdir=/no/folder -Dy=z";
    Result result = tree.launcher().set("SPARK_SUBMIT_OPTS", options).run("sql");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.stderr())
        .startsWith("bitquake: Java's temporary files cannot be written to /no/folder: ")
        .hasLineCount(1);
  }

  @Test
  void yarnNeedsASparkThatHasIt() throws IOException {
    Launcher launcher = tree.launcher().set("HADOOP_CONF_DIR", "/etc/hadoop/conf");
    Result embedded = launcher.run("sql", "--", "--master", "yarn");
    assertThat(embedded.exit()).isEqualTo(2);
    assertThat(embedded.stderr()).startsWith("bitquake: the embedded Spark has no YARN");

    launcher.set("SPARK_HOME", tree.sparkHome().toString());
    assertThat(launcher.run("sql", "--", "--master", "yarn").exit()).isZero();
  }

  private void refuses(String message, String... sparkOptions) {
    var words = Stream.concat(Stream.of("sql", "--"), Stream.of(sparkOptions));
    Result result = tree.launcher().run(words.toArray(String[]::new));
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.stderr()).startsWith(message).hasLineCount(1);
    assertThat(tree.root.resolve("call")).doesNotExist();
  }
}
