package org.bitquake.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs another program to its end. */
final class Command {
  private Command() {}

  /** Its exit code and what it said. */
  record Result(int exit, List<String> out, List<String> err) {
    /** The last line of its complaint. */
    String complaint() {
      return err.isEmpty() ? "exit code " + exit : err.get(err.size() - 1);
    }
  }

  static Result run(List<String> command) throws IOException {
    Path out = Files.createTempFile("bench", ".out");
    Path err = Files.createTempFile("bench", ".err");
    try {
      var builder = new ProcessBuilder(command);
      builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
      Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      try {
        process.getOutputStream().close();
        return new Result(process.waitFor(), lines(out), lines(err));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      } finally {
        process.destroyForcibly();
      }
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** The lines that it prints; it must not fail. */
  static List<String> lines(List<String> command) throws IOException {
    Result result = run(command);
    if (result.exit() != 0) {
      throw new IllegalStateException(command + " failed: " + String.join("\n", result.err()));
    }
    return result.out();
  }

  private static List<String> lines(Path file) throws IOException {
    return List.of(Files.readString(file, StandardCharsets.UTF_8).split("\\R"));
  }
}
