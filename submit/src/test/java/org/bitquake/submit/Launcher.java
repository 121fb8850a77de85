package org.bitquake.submit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Runs a launcher script as a user would, in a process of its own. Unless told otherwise it sees
 * this JVM's Java, none of the caller's Spark or bitquake settings, a language with digits of its
 * own, and never builds.
 */
public final class Launcher {
  private static final long LIMIT_MINUTES = 10;
  private static final long POLL_MILLIS = 20;
  private static final String LANGUAGE =
      "-Duser.language=ar -Duser.country=EG"; // digits of its own

  private final Path script;
  private Path directory = Path.of("").toAbsolutePath();
  private final Map<String, String> environment = new HashMap<>();
  private BooleanSupplier condition = () -> false;
  private Consumer<Process> action = process -> {};

  /** Runs {@code script}. */
  public Launcher(Path script) {
    this.script = script.toAbsolutePath();
    set("JAVA_HOME", System.getProperty("java.home"));
    set("BITQUAKE_NO_BUILD", "1");
    set("SPARK_SUBMIT_OPTS", LANGUAGE);
    for (String name : List.of("BITQUAKE_JAR", "SPARK_HOME", "SPARK_CONF_DIR", "SPARK_LOCAL_IP")) {
      set(name, null);
    }
    for (String name : List.of("OMP_NUM_THREADS", "MALLOC_ARENA_MAX")) {
      set(name, null);
    }
    for (String name : List.of("HADOOP_CONF_DIR", "YARN_CONF_DIR")) {
      set(name, null);
    }
  }

  /** What a run left behind. */
  public record Result(int exit, String stdout, String stderr) {}

  /**
   * The repository's own {@code submit/bitquake}, with a Java that says for itself which language
   * it speaks: settings for Spark would take the launcher's short way away from the commands that
   * it has one for.
   */
  public static Launcher ofRepository() {
    return new Launcher(repository().resolve("submit/bitquake"))
        .set("JAVA_HOME", Arabic.HOME.toString())
        .set("SPARK_SUBMIT_OPTS", null);
  }

  /**
   * {@link #ofRepository()} with Java's first compiler alone, which is enough for Spark's code run
   * once or twice and saves a third of a small campaign; engines of Java's vectors need the second,
   * so networks run on oneDNN. Where there is none, both compilers and the fastest engine.
   */
  public static Launcher brief() {
    boolean oneDnn = System.getProperty("os.arch").equals("amd64");
    return oneDnn ? ofRepository().set("JAVA_HOME", Arabic.BRIEF.toString()) : ofRepository();
  }

  /** This JVM's Java in a language with digits of its own. */
  private static final class Arabic {
    /**
     * The second compiler waits for loops that are worth it, such as those of the engines: these
     * programs are over before Spark's code is.
     */
    static final Path HOME =
        create(
            "-XX:Tier4InvocationThreshold=25000 -XX:Tier4MinInvocationThreshold=5000"
                + " -XX:Tier4CompileThreshold=50000 -XX:Tier4BackEdgeThreshold=120000");

    static final Path BRIEF = create("-XX:TieredStopAtLevel=1 -Dbitquake.engine=onednn");

    private static Path create(String options) {
      try {
        Path home = Files.createTempDirectory("arabic");
        Path bin = Files.createDirectory(home.resolve("bin"));
        Path java =
            Files.writeString(
                bin.resolve("java"),
                String.format(
                    Locale.ROOT,
                    "#!/bin/sh%nexec '%s/bin/java' %s %s \"$@\"%n",
                    System.getProperty("java.home"),
                    LANGUAGE,
                    options));
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        List.of(home, bin, java).forEach(file -> file.toFile().deleteOnExit()); // the last first
        return home;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The root of the source tree under test. */
  public static Path repository() {
    Path root = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    while (!Files.exists(root.resolve("submit/bitquake"))) {
      root = root.getParent();
    }
    return root;
  }

  /** The user's working directory; by default this JVM's. */
  public Launcher in(Path workingDirectory) {
    this.directory = workingDirectory;
    return this;
  }

  /** Sets an environment variable, or removes it where {@code value} is null. */
  public Launcher set(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Sends the next runs SIGTERM as soon as {@code condition} holds. */
  public Launcher killWhen(BooleanSupplier condition) {
    return when(condition, Process::destroy);
  }

  /** Does something once in each of the next runs, as soon as {@code condition} holds. */
  public Launcher when(BooleanSupplier condition, Consumer<Process> action) {
    this.condition = condition;
    this.action = action;
    return this;
  }

  /** Runs {@code submit/bitquake arguments...} to its end. */
  public Result run(String... arguments) {
    var command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    return run(command);
  }

  /** Runs any command in the same surroundings. */
  public Result run(List<String> command) {
    try {
      Path out = Files.createTempFile("launcher", ".out");
      Path err = Files.createTempFile("launcher", ".err");
      try {
        return new Result(exitOf(command, out, err), Files.readString(out), Files.readString(err));
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int exitOf(List<String> command, Path out, Path err) throws IOException {
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    environment.forEach(
        (name, value) -> {
          if (value == null) {
            builder.environment().remove(name);
          } else {
            builder.environment().put(name, value);
          }
        });
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      actInTime(process);
      if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
        throw new IllegalStateException(command + " did not end; it said " + Files.readString(err));
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private void actInTime(Process process) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(LIMIT_MINUTES);
    while (process.isAlive() && System.nanoTime() < end) {
      if (condition.getAsBoolean()) {
        action.accept(process);
        return;
      }
      process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
    }
  }
}
