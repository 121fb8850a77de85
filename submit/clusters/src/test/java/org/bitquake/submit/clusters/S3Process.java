package org.bitquake.submit.clusters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.bitquake.submit.Launcher;
import org.bitquake.submit.Waiting;

/** An S3 with one bucket, {@code bitquake}, in a process of its own. */
final class S3Process implements AutoCloseable {
  private static final Path JAR =
      Launcher.repository().resolve("submit/clusters/target/s3mock/s3mock.jar");
  private static final Pattern PORT = Pattern.compile("Jetty started on ports .* (\\d+) \\(http/");

  private final Path log;
  private final Process process;

  /** Starts it; what it stores and says lies in {@code folder}. */
  S3Process(Path folder) throws IOException {
    Files.createDirectories(folder);
    log = folder.resolve("s3.log");
    String prefix = "--com.adobe.testing.s3mock.";
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-jar",
            JAR.toString(),
            "--server.port=0",
            prefix + "httpPort=0",
            prefix + "domain.initialBuckets=bitquake",
            prefix + "domain.root=" + folder.resolve("objects"));
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    process = builder.redirectOutput(log.toFile()).start();
    try {
      Waiting.until(
          () -> !process.isAlive() || PORT.matcher(said()).find(), () -> "S3 said " + said());
    } catch (IllegalStateException e) {
      close();
      throw e;
    }
  }

  /** Its address. */
  String endpoint() {
    var port = PORT.matcher(said());
    if (!port.find()) {
      throw new IllegalStateException("S3 did not start: " + said());
    }
    return "http://127.0.0.1:" + port.group(1);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private String said() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return "";
    }
  }
}
