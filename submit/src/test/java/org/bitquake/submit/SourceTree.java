package org.bitquake.submit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;

/**
 * A source tree with the real launcher and stand-ins for everything that it starts: Java, Maven and
 * spark-submit each write down how they were called.
 */
final class SourceTree {
  /**
   * What Maven says of a build that downloads 90 MB in two files and has come to a second module.
   */
  static final String MAVEN_LOG =
      """
      [INFO] Scanning for projects...
      [INFO] Downloading from central: https://example.com/a/1/a-1.pom
      [INFO] Downloaded from central: https://example.com/a/1/a-1.pom (2.5 kB at 9.1 kB/s)
      [INFO] Building bitquake 0.1.0                                            [1/5]
      [INFO] Downloading from central: https://example.com/spark/3/spark-3.jar
      [INFO] Downloaded from central: https://example.com/spark/3/spark-3.jar (90 MB at 9.1 MB/s)
      [INFO] Building bitquake jobs 0.1.0                                       [3/5]
      [INFO] Building jar: jobs.jar""";

  /** What the launcher may find on PATH besides Java and Maven. */
  private static final List<String> TOOLS =
      List.of(
          "bash",
          "cp",
          "dirname",
          "env",
          "find",
          "flock",
          "lockf",
          "mkdir",
          "readlink",
          "sed",
          "sleep",
          "tail",
          "touch");

  final Path root;
  final Path script;
  final Path tools;

  /** Lays the tree out in {@code root}, not yet built, with Java 17 and Maven 3.8.7. */
  SourceTree(Path root) throws IOException {
    this.root = root;
    this.script = Files.createDirectories(root.resolve("submit")).resolve("bitquake");
    this.tools = Files.createDirectories(root.resolve("tools"));
    Files.copy(
        Launcher.repository().resolve("submit/bitquake"),
        script,
        StandardCopyOption.COPY_ATTRIBUTES);
    Files.createDirectories(root.resolve("jobs/src/main/java"));
    write(root.resolve("pom.xml"), "<project/>");
    write(root.resolve("jobs/src/main/java/Main.java"), "class Main {}");
    for (String tool : TOOLS) {
      for (String folder : List.of("/usr/bin", "/bin")) {
        Path real = Path.of(folder, tool);
        if (Files.isExecutable(real) && !Files.exists(tools.resolve(tool))) {
          executable(tools.resolve(tool), "exec " + real + " \"$@\"");
        }
      }
    }
    java("openjdk version \"17.0.15\" 2025-04-15");
    maven("3.8.7", 0);
    recorder(root.resolve("stand-in"));
  }

  /** A launcher that sees only this tree's tools, and builds where it must. */
  Launcher launcher() {
    return launcher(script);
  }

  /** The same through another path to the script. */
  Launcher launcher(Path path) {
    return new Launcher(path)
        .in(root)
        .set("PATH", tools.toString())
        .set("JAVA_HOME", null)
        .set("BITQUAKE_NO_BUILD", null);
  }

  /** Puts a Java on PATH whose {@code -version} says {@code banner}. */
  void java(String banner) throws IOException {
    executable(tools.resolve("java"), "echo '" + banner + "' >&2");
  }

  /**
   * Puts a Maven on PATH that writes down each build, takes its time and ends with {@code exit}.
   */
  void maven(String version, int exit) throws IOException {
    executable(
        tools.resolve("mvn"),
        String.format(
            Locale.ROOT,
            """
        case "$*" in *-version*) echo 'Apache Maven %s (Debian)'; exit 0 ;; esac
        echo "$*" >>'%s/builds'
        echo '%s'
        sleep 0.3
        if [ %d != 0 ]; then echo 'Main.java:[1,7] not a statement'; exit %4$d; fi
        mkdir -p jobs/target submit/target/spark-home/bin
        echo jar >jobs/target/bitquake.jar
        cp -p stand-in submit/target/spark-home/bin/spark-submit
        """,
            version,
            root,
            MAVEN_LOG,
            exit));
  }

  /** The number of builds so far. */
  int builds() throws IOException {
    Path file = root.resolve("builds");
    return Files.exists(file) ? Files.readAllLines(file).size() : 0;
  }

  /** A Spark distribution whose spark-submit writes down its call and ends with {@code $EXIT}. */
  Path sparkHome() throws IOException {
    Path home = root.resolve("my spark");
    recorder(home.resolve("bin/spark-submit"));
    return home;
  }

  /** What the last recorder was called with: folder, two variables, one argument a line. */
  List<String> call() throws IOException {
    return Files.readAllLines(root.resolve("call"));
  }

  private Path recorder(Path file) throws IOException {
    return executable(
        file,
        String.format(
            Locale.ROOT,
            """
        { pwd; echo "${SPARK_LOCAL_IP-}"; echo "${OMP_NUM_THREADS-}"; printf '%%s\\n' "$@"; } >'%s/call'
        exit "${EXIT-0}"
        """,
            root));
  }

  static Path executable(Path file, String body) throws IOException {
    Files.createDirectories(file.getParent());
    write(file, "#!/bin/bash\n" + body + "\n");
    if (!file.toFile().setExecutable(true)) {
      throw new IOException("cannot make " + file + " executable");
    }
    return file;
  }

  static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
  }
}
