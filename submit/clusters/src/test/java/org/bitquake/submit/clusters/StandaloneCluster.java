package org.bitquake.submit.clusters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.bitquake.submit.Launcher;
import org.bitquake.submit.Waiting;

/** A Spark standalone cluster: a master and workers of one core, each a process of its own. */
final class StandaloneCluster implements AutoCloseable {
  private static final Path SPARK_CLASS =
      Launcher.repository().resolve("submit/target/spark-home/bin/spark-class");
  private static final Pattern ADDRESS = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final String REGISTERED = "Successfully registered with master";

  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final String master;

  /**
   * Starts it with Spark {@code properties} of its daemons; logs and work lie in {@code folder}.
   */
  StandaloneCluster(Path folder, Path properties, int workers) throws IOException {
    this.folder = Files.createDirectories(folder);
    try {
      start("master", properties, "master.Master", "--port", "0");
      Waiting.until(() -> ADDRESS.matcher(log("master")).find(), () -> log("master"));
      var address = ADDRESS.matcher(log("master"));
      this.master = address.find() ? address.group(1) : "";
      for (int i = 1; i <= workers; i++) {
        startWorker("worker" + i, properties);
      }
      for (int i = 1; i <= workers; i++) {
        String name = "worker" + i;
        Waiting.until(() -> log(name).contains(REGISTERED), () -> log(name));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** The address for {@code --master}. */
  String master() {
    return master;
  }

  /** Whether the executor of a worker, counted from 1, is at work on a task. */
  boolean works(int worker) {
    Path work = folder.resolve("worker" + worker);
    try (var files = Files.walk(work)) {
      return files
          .filter(file -> file.endsWith("stderr"))
          .anyMatch(file -> read(file).contains("Running task"));
    } catch (IOException e) {
      return false; // Nothing there yet.
    }
  }

  /** {@code kill -9} of a worker's executors. */
  void killExecutorsOf(int worker) {
    processes.get(worker).descendants().forEach(ProcessHandle::destroyForcibly);
  }

  /** {@code kill -9} of a worker. */
  void killWorker(int worker) {
    processes.get(worker).destroyForcibly();
  }

  /** Whether the master turns away a worker with these properties. */
  boolean refuses(Path properties) throws IOException {
    startWorker("stranger", properties);
    Waiting.until(
        () -> log("stranger").contains("Failed to connect to master") || hasStranger(),
        () -> log("stranger"));
    return !hasStranger();
  }

  private boolean hasStranger() {
    return log("stranger").contains(REGISTERED);
  }

  /** Ends all its processes. */
  @Override
  public void close() {
    for (var process : processes) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private void startWorker(String name, Path properties) throws IOException {
    String work = folder.resolve(name).toString();
    String[] arguments = {"--cores", "1", "--memory", "2g", "--work-dir", work, master};
    start(name, properties, "worker.Worker", arguments);
  }

  private void start(String name, Path properties, String daemon, String... arguments)
      throws IOException {
    var command =
        new ArrayList<>(List.of(SPARK_CLASS.toString(), "org.apache.spark.deploy." + daemon));
    command.addAll(List.of("--host", "127.0.0.1", "--webui-port", "0"));
    command.addAll(List.of("--properties-file", properties.toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.redirectOutput(folder.resolve(name + ".log").toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    processes.add(builder.start());
  }

  private String log(String name) {
    return read(folder.resolve(name + ".log"));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
